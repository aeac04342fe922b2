"""A rule and a recipe's options as people read them: by the labels of their forms."""

from dataclasses import dataclass
from typing import Any

from django import forms

from exports.option_fields import fields_of
from exports.recipes.base import Recipe
from exports.rule_forms import SOURCES, RuleForm
from exports.rules import JUDGE, Rule
from traces.models import Generator, Judge

# Said elsewhere: first of all, and under the filter's name.
_NOT_A_LINE = {"labels", "filter"}


@dataclass(frozen=True, slots=True)
class Line:
    """One choice in words."""

    name: str
    value: str


def rule_in_words(rule: Rule) -> list[Line]:
    """The choices other than the usual ones, and always whose labels count."""
    lines = [Line("Labels from", ", else ".join(_sources(rule)))]
    for name, value in rule.as_json().items():
        if name in _NOT_A_LINE:
            continue
        shown = _generators(rule) if name == "generators" else value
        lines.append(_line(name, RuleForm.base_fields[name], shown))
    return lines


def options_in_words(recipe: Recipe, options: dict[str, Any]) -> list[Line]:
    """Every option of the recipe."""
    fields = fields_of(recipe.options)
    return [_line(name, field, options.get(name, field.initial)) for name, field in fields]


def _line(name: str, field: forms.Field, value: Any) -> Line:
    label = str(field.label or name.replace("_", " ").capitalize())
    if isinstance(value, bool):
        return Line(label, "yes" if value else "no")
    if isinstance(value, list | tuple):
        return Line(label, ", ".join(entry or "(none)" for entry in map(str, value)))
    if isinstance(field, forms.ChoiceField):
        return Line(label, str(dict(field.choices).get(value, value)))  # type: ignore[arg-type]
    return Line(label, str(value) or "nothing")


def _sources(rule: Rule) -> list[str]:
    names = dict(SOURCES)
    judges = Judge.objects.in_bulk(rule.judges)
    for source in rule.labels:
        if source.startswith(JUDGE):
            number = int(source.removeprefix(JUDGE))
            names[source] = str(judges.get(number, f"judge {number}, who is gone"))
    return [names[source] for source in rule.labels]


def _generators(rule: Rule) -> list[str]:
    found = Generator.objects.in_bulk(rule.generators)
    return [str(found.get(pk, f"generator {pk}, which is gone")) for pk in rule.generators]
