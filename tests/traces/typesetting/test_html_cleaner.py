import pytest

from traces.typesetting.html_cleaner import REL, clean


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<script>x</script>", "x"),
        ('<p onclick="x" style="y" id="z" title="t">a</p>', "<p>a</p>"),
        ('<p class="heading site-header">a</p>', '<p class="heading">a</p>'),
        ('<a href="javascript:x">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="/queues/">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="https://x.y">a</a>', f'<a href="https://x.y" rel="{REL}">a</a>'),
        ('<img src="https://x.y/z.png">', ""),
        ('<ol start="3"><li value="4">a</li></ol>', '<ol start="3"><li value="4">a</li></ol>'),
        ("<math><mi>x</mi><maction>y</maction></math>", "<math><mi>x</mi>y</math>"),
    ],
)
def test_only_listed_tags_attributes_and_classes_stay(html, cleaned):
    assert clean(html) == cleaned
