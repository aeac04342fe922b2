"""A rule and a recipe's options in words, by the labels of their forms."""

from exports.curation.forms import SOURCES, RuleForm
from exports.curation.rule import JUDGE, Rule
from exports.option_fields import NOT_A_LINE, Line, form_line
from traces.models import Generator, Judge


def describe_rule(rule: Rule) -> list[Line]:
    """Return the choices that are not the default, and always the label priority."""
    lines = [Line("Label priority", ", then ".join(_sources(rule)))]
    for name, value in rule.as_json().items():
        if name in NOT_A_LINE:
            continue
        shown = _generators(rule) if name == "generators" else value
        lines.append(form_line(name, RuleForm.base_fields[name], shown))
    return lines


def _sources(rule: Rule) -> list[str]:
    names = dict(SOURCES)
    judges = Judge.objects.in_bulk(rule.judges)
    for source in rule.labels:
        if source.startswith(JUDGE):
            number = int(source.removeprefix(JUDGE))
            names[source] = str(judges.get(number, f"judge {number} (deleted)"))
    return [names[source] for source in rule.labels]


def _generators(rule: Rule) -> list[str]:
    found = Generator.objects.in_bulk(rule.generators)
    return [str(found.get(pk, f"generator {pk} (deleted)")) for pk in rule.generators]
