import pytest
from markdown_it import MarkdownIt

from traces.typesetting.markdown_rules import install


@pytest.fixture(scope="module")
def markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    install(parser)
    return parser


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- 5 = 3", "<p>- 5 = 3</p>"),
        ("- five", "<ul>\n<li>five</li>\n</ul>"),
        ("> 7", "<p>&gt; 7</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("#### 17", "<p>#### 17</p>"),
        ("# Title", "<h1>Title</h1>"),
        ("2*3*4", "<p>2*3*4</p>"),
        ("2 *times* 3", "<p>2 <em>times</em> 3</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("**bold**", "<p><strong>bold</strong></p>"),
        (r"a\b \* c", r"<p>a\b * c</p>"),
        ("[a](https://x.y)", '<p><a href="https://x.y">a</a></p>'),
        ("[1, 2] (3)", "<p>[1, 2] (3)</p>"),
    ],
)
def test_arithmetic_stays_and_markup_is_read(markdown, text, html):
    assert markdown.render(text).strip() == html


def test_a_table_is_read_unless_a_row_is_wider_than_its_head(markdown):
    assert "<td>2</td>" in markdown.render("|a|b|\n|-|-|\n|1|2|")
    wide = markdown.render("|a|b|\n|-|-|\n|1|2|3|")
    assert "<table>" not in wide and "3" in wide
