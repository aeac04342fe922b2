from django.template import Context, Template

from traces import typesetting


def rendered(source: str, **values: object) -> str:
    return Template("{% load typesetting %}" + source).render(Context(values))


def test_filters_set_texts_as_the_functions_do():
    assert rendered("{{ t|typeset }}", t="<b> $x$") == typesetting.typeset("<b> $x$")
    assert rendered("{{ t|typeset_inline }}", t="x^2") == typesetting.typeset_inline("x^2")


def test_an_excerpt_is_escaped_and_shortened():
    assert rendered("{{ t|excerpt:9 }}", t="<b> $x$ and more") == "&lt;b&gt; x…"
    assert rendered("{{ t|excerpt }}", t="word " * 100).endswith("…")


def test_no_value_is_an_empty_text():
    assert rendered("{{ n|excerpt }}", n=None) == ""
    assert rendered("{{ n|typeset_inline }}", n=None) == typesetting.typeset_inline("")
