"""Form fields made from typed options."""

from typing import Annotated, Literal

import msgspec
from django import forms
from msgspec import Meta

from exports.option_fields import describe_options, fields_of, form_line, values_of
from exports.recipes import RECIPES


class Options(msgspec.Struct):
    shape: Annotated[Literal["text", "two-words", ""], Meta(description="Format")] = "text"
    most: Annotated[int, Meta(ge=0, le=9, description="Maximum")] = 0
    share: Annotated[float, Meta(ge=0, le=1)] = 0.5
    numbered: bool = False
    hint: str = "try again"


def test_each_option_has_the_field_of_its_type():
    fields = dict(fields_of(Options))
    assert list(fields) == ["shape", "most", "share", "numbered", "hint"]
    shape, most = fields["shape"], fields["most"]
    assert isinstance(shape, forms.ChoiceField)
    assert ("two-words", "two words") in shape.choices
    assert ("", "recipe's default") in shape.choices
    assert isinstance(most, forms.IntegerField)
    assert (most.label, most.min_value, most.max_value) == ("Maximum", 0, 9)
    assert isinstance(fields["share"], forms.FloatField)
    assert isinstance(fields["numbered"], forms.BooleanField)
    assert fields["hint"].initial == "try again"
    assert not any(field.required for field in fields.values())


def test_empty_values_keep_the_default_but_texts_may_be_empty():
    cleaned = {"o_shape": "", "o_most": None, "o_share": 0.25, "o_numbered": True, "o_hint": ""}
    assert values_of(Options, cleaned, "o_") == {"share": 0.25, "numbered": True, "hint": ""}


def test_options_are_described_by_their_labels():
    lines = {line.name: line.value for line in describe_options(RECIPES["sft"], {"most": 3})}
    assert lines["Maximum solutions per problem, 0 for all"] == "3"
    assert lines["Each solution of a problem only once"] == "yes"


def test_a_list_in_words_shows_empty_entries():
    field = forms.CharField(label="Subsets")
    assert form_line("subsets", field, ["math", ""]).value == "math, (none)"
    assert form_line("subsets", field, "").value == "nothing"
