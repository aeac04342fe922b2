"""Versions of rules: a version never changes; an edit makes the next one."""

from django.db import transaction

from accounts.models import User
from exports.curation.rule import Rule, parse_rule
from exports.errors import RuleError
from exports.models import CurationRule
from traces.models import Dataset


def save_rule(dataset: Dataset, name: str, rule: Rule, *, created_by: User | None) -> CurationRule:
    """Save the rule as a new version; return the newest one if it is the same."""
    name = name.strip()
    if not 0 < len(name) <= 100 or "@" in name or not name.isprintable():
        raise RuleError("A rule name has 1 to 100 printable characters and no @.")
    with transaction.atomic():
        # The dataset's row is the lock: two people saving at once get two versions.
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        newest = CurationRule.objects.filter(dataset=dataset, name=name).order_by("version").last()
        if newest is not None and parse_rule(newest.rule) == rule:
            return newest
        return CurationRule.objects.create(
            dataset=dataset,
            name=name,
            version=newest.version + 1 if newest else 1,
            rule=rule.as_json(),
            created_by=created_by,
        )


def find_rule(dataset: Dataset, text: str) -> CurationRule:
    """Return a rule by NAME (newest version) or NAME@VERSION. Raises RuleError if missing."""
    name, _, version = text.partition("@")
    rules = CurationRule.objects.filter(dataset=dataset, name=name).order_by("version")
    if version:
        rules = rules.filter(version=int(version[:9]) if version.isdecimal() else -1)
    found = rules.last()
    if found is None:
        names = CurationRule.objects.filter(dataset=dataset).values_list("name", flat=True)
        there = ", ".join(sorted(set(names))) or "none"
        raise RuleError(f"{dataset.name} has no rule {text!r}. Rules: {there}.")
    return found


def newest_rules(dataset: Dataset) -> list[CurationRule]:
    """Return the newest version of each of the dataset's rules, by name."""
    return list(
        CurationRule.objects.filter(dataset=dataset)
        .order_by("name", "-version")
        .distinct("name")
        .select_related("created_by")
    )
