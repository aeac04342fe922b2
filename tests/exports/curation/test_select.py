"""Whose verdict counts on a trace."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from exports.curation.rule import Rule, parse_rule
from exports.curation.select import choose
from exports.errors import RuleError
from tests.exports.curation.choices import chosen
from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict
from tests.plans import explained, most_rows
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db
TRACES = 300


def make_people(count: int) -> list[Judge]:
    users = [make_user() for _ in range(count)]
    return [Judge.objects.create(kind="human", name=user.username, user=user) for user in users]


def test_the_consensus_goes_before_people_and_they_before_the_reference():
    dataset = make_dataset()
    names = ("all", "people", "reference")
    traces = {name: make_trace(dataset, external_id=name) for name in names}
    consensus = Judge.objects.create(kind="consensus", name="queue")
    (person,) = make_people(1)
    for trace in traces.values():
        label(trace, 0)
    for name in ("all", "people"):
        make_verdict(traces[name], person, 1)
    make_verdict(traces["all"], consensus, 2)
    assert chosen(dataset) == {"all": 2, "people": 1, "reference": 0}
    assert chosen(dataset, labels=("reference", "consensus")) == dict.fromkeys(names, 0)
    assert chosen(dataset, labels=("human",)) == {"all": 1, "people": 1}


def test_people_count_where_they_agree_as_much_as_the_rule_asks():
    dataset = make_dataset()
    said = {"agree": [1, 1, 1], "most": [1, 1, 0], "split": [1, 0], "unsure": [1, None]}
    people = make_people(3)
    for name, findings in said.items():
        trace = make_trace(dataset, external_id=name)
        label(trace, 2)
        for person, finding in zip(people, findings, strict=False):
            make_verdict(trace, person, finding)
    only = ("human",)
    assert chosen(dataset, labels=only) == {"agree": 1}
    assert chosen(dataset, labels=only, people="majority") == {"agree": 1, "most": 1}
    assert chosen(dataset, labels=only, people="majority", least_people=3) == {"agree": 1}
    # Where people differ, the next source in the order counts.
    assert chosen(dataset) == {"agree": 1, "most": 2, "split": 2, "unsure": 2}


def test_agreement_is_looked_up_and_not_searched_for_every_verdict():
    """The planner may choose nested loops on a dataset that was just filled.

    The other tables' statistics are fresh here, so that only agreement could be searched.
    """
    dataset = make_dataset()
    (person,) = make_people(1)
    for _ in range(TRACES):
        make_verdict(make_trace(dataset), person, 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE traces_dataset, traces_trace, traces_judge, traces_verdict")
    plans = []

    def explain(execute, sql, parameters, many, context):
        if "TABLE chosen" in sql and "EXPLAIN" not in sql:
            plans.append(explained(sql, parameters))
            return None
        return execute(sql, parameters, many, context)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        with connection.execute_wrapper(explain):
            choose(dataset, Rule(labels=("human",)), for_training=True)
        transaction.set_rollback(True)
    (plan,) = plans
    assert TRACES <= most_rows(plan) <= 2 * TRACES


def test_a_named_model_counts_above_a_confidence():
    dataset = make_dataset()
    critic = make_scorer().judge
    sure, unsure, silent = (make_trace(dataset, external_id=n) for n in ("sure", "unsure", "no"))
    for trace, share in ((sure, 0.9), (unsure, 0.4), (silent, None)):
        verdict = make_verdict(trace, critic, 1)
        Verdict.objects.filter(pk=verdict.pk).update(confidence=share)
    named = (f"judge:{critic.pk}",)
    assert set(chosen(dataset, labels=named)) == {"sure", "unsure", "no"}
    assert chosen(dataset, labels=named, least_confidence=0.5) == {"sure": 1}


def test_a_prms_confidence_is_made_of_its_scores():
    dataset = make_dataset()
    prm = make_scorer(threshold=0.5).judge
    scores = {
        "wrong": (1, [0.9, 0.1, 0.2]),
        "right": (-1, [0.9, 0.95, 0.99]),
        "low": (-1, [0.6] * 3),
    }
    for name, (error, values) in scores.items():
        make_verdict(make_trace(dataset, external_id=name), prm, error, scores=values)
    found = chosen(dataset, labels=(f"judge:{prm.pk}",), least_confidence=0.85)
    assert found == {"wrong": 1, "right": -1}


def test_a_named_person_counts_alone():
    dataset = make_dataset()
    trace = make_trace(dataset, external_id="t")
    first, second = make_people(2)
    make_verdict(trace, first, 0)
    make_verdict(trace, second, 1)
    assert chosen(dataset, labels=(f"judge:{second.pk}",)) == {"t": 1}
    assert chosen(dataset, labels=("human", f"judge:{second.pk}")) == {"t": 1}


def test_withdrawn_earlier_and_unusable_verdicts_never_count():
    dataset = make_dataset()
    (person,) = make_people(1)
    for name, changes in (
        ("withdrawn", {"is_current": False, "withdrawn_at": timezone.now()}),
        ("earlier", {"is_current": False}),
    ):
        verdict = make_verdict(make_trace(dataset, external_id=name), person, 0)
        Verdict.objects.filter(pk=verdict.pk).update(**changes)
    make_verdict(make_trace(dataset), person, None)
    assert chosen(dataset) == {}


def test_agreement_is_the_share_of_judges_who_name_the_step():
    dataset = make_dataset()
    scorers = [make_scorer().judge for _ in range(3)]
    for name, findings in (("most", [1, 1, 0]), ("few", [0, 0, 1])):
        trace = make_trace(dataset, external_id=name)
        label(trace, 1)
        for judge, finding in zip(scorers, findings, strict=True):
            make_verdict(trace, judge, finding)
    assert chosen(dataset, least_agreement=0.75) == {"most": 1}
    assert chosen(dataset, least_agreement=0.5) == {"most": 1, "few": 1}


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ({"labels": []}, "Choose a label source"),
        ({"labels": ["nobody"]}, "'nobody'"),
        ({"labels": ["human", "human"]}, "named twice"),
        ({"validation": 0.6, "test": 0.4}, "nothing for training"),
        ({"least_rate": 0.8, "most_rate": 0.2}, "above the maximum"),
        ({"least_rate": 1.5}, "least rate is 1.5"),
        ({"per_problem": 0}, "per problem is 0"),
        ({"validation": "much"}, "validation: Expected `float`"),
        ({"unheard": 1}, "unknown field `unheard`"),
        ({"people": "few"}, "people: Invalid enum value 'few'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(stored: dict, sentence: str):
    with pytest.raises(RuleError, match=sentence):
        parse_rule(stored)


@pytest.mark.django_db(transaction=True)
def test_of_people_who_agree_the_one_who_wrote_a_correction_speaks():
    trace = make_trace(make_dataset())
    for person, correction in zip(make_people(3), ("", "So it is 5.", ""), strict=True):
        make_verdict(trace, person, 1, correction=correction)
    (row,) = rows_of(make_export(trace.dataset, "step-dpo"))
    assert row["chosen"] == "So it is 5."
