"""Selection of a rule's traces into `chosen`, a temporary table of the transaction.

The selection begins with every trace of the dataset on which a verdict counts, with that verdict;
each filter then deletes rows and reports how many. A withdrawn verdict is not current and never
counts. A re-split trace counts by its newest segmentation: earlier ones can be read but are never
selected.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

from exports.curation import rule_filters
from exports.curation.rule import JUDGE, Rule
from exports.curation.where import conditions_of
from traces.models import Dataset, Judge

Narrowing = Callable[[CursorWrapper, Dataset, Rule], int]

# Sorting a million small rows stays in memory with this much, and spills to disk with the usual.
_SETTINGS = "SET LOCAL work_mem = '96MB'"

# What people say of a trace where they agree as much as the rule asks. A table of its own with an
# index: on a dataset that was just filled the planner knows no numbers yet, and must not look
# through everybody's agreement once a verdict.
_AGREE = """
CREATE TEMP TABLE agreed ON COMMIT DROP AS
SELECT trace_id, earliest_error
FROM (
    SELECT v.trace_id, v.earliest_error, count(*) AS votes,
           sum(count(*)) OVER (PARTITION BY v.trace_id) AS people
    FROM traces_verdict v
    JOIN traces_trace t ON t.id = v.trace_id AND t.dataset_id = %(dataset)s
    WHERE v.is_current AND v.judge_id = ANY(%(people)s)
    GROUP BY v.trace_id, v.earliest_error
) AS votes
WHERE earliest_error IS NOT NULL AND votes >= %(least_people)s
  AND (votes = people OR (%(majority)s AND votes * 2 > people));
CREATE UNIQUE INDEX ON agreed (trace_id);
ANALYZE agreed
"""

# One verdict a trace: usable, current, by a source that the rule names, the first by the rule's
# order. Of people who agree, one who wrote how the step should have read says more than one who did
# not.
_CHOOSE = """
CREATE TEMP TABLE chosen ON COMMIT DROP AS
WITH source AS (
    SELECT * FROM unnest(%(judges)s::bigint[], %(ranks)s::int[], %(people)s::bool[],
                         %(least)s::float[])
        AS source(judge_id, rank, is_crowd, least_confidence)
)
SELECT DISTINCT ON (v.trace_id)
       v.trace_id, t.problem_id, t.generator_id, t.content_hash, t.final_answer_correct,
       v.id AS verdict_id, v.judge_id, v.earliest_error, 'train' AS split
FROM traces_verdict v
JOIN source ON source.judge_id = v.judge_id
JOIN traces_trace t ON t.id = v.trace_id
LEFT JOIN agreed ON agreed.trace_id = v.trace_id AND agreed.earliest_error = v.earliest_error
WHERE v.is_current AND v.earliest_error IS NOT NULL
  AND (NOT source.is_crowd OR agreed.trace_id IS NOT NULL)
  AND (source.least_confidence = 0 OR {confidence} >= source.least_confidence)
  AND {conditions}
ORDER BY v.trace_id, source.rank,
         CASE WHEN source.is_crowd THEN v.correction = '' END,
         CASE WHEN source.is_crowd THEN v.explanation = '' END,
         v.id
"""

# A critic's is the share of its samples. A PRM's is what it makes of the step it names, or where it
# names none of the step it likes least.
_CONFIDENCE = """COALESCE(v.confidence, CASE WHEN v.earliest_error >= 0
    THEN 1 - v.scores[v.earliest_error + 1]
    ELSE (SELECT min(score) FROM unnest(v.scores) AS score) END)"""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A filter step: its reason, and the number of traces it removed."""

    reason: str
    traces: int


FILTERS: list[tuple[str, Narrowing]] = [
    ("success rate out of range", rule_filters.filter_by_success_rate),
    ("other verdicts", rule_filters.filter_by_verdict),
    ("too little agreement", rule_filters.filter_by_agreement),
    ("benchmark problems", rule_filters.filter_by_benchmark),
    ("duplicate traces", rule_filters.filter_duplicate_traces),
    ("near-duplicate problems", rule_filters.filter_near_duplicate_problems),
    ("", rule_filters.set_splits),
    ("over the maximum per problem", rule_filters.cap_per_problem),
    ("over the maximum per generator", rule_filters.cap_per_generator),
    ("removed for balance", rule_filters.filter_by_balance),
]


def choose(
    dataset: Dataset, rule: Rule, *, for_training: bool, keeps_copies: bool = False
) -> list[Exclusion]:
    """Create the table `chosen` within a transaction, with which it ends.

    Costs a few passes over the dataset's verdicts. `for_training` excludes benchmark problems
    unless the rule includes them; `keeps_copies` keeps equal traces in any case. Raises RuleError
    where the rule's filter no longer fits the dataset.
    """
    if not for_training:
        rule = msgspec.structs.replace(rule, keep_benchmarks=True)
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        _start(cursor, dataset, rule)
        left_out = [
            Exclusion(reason, narrow(cursor, dataset, rule))
            for reason, narrow in FILTERS
            if not (keeps_copies and narrow is rule_filters.filter_duplicate_traces)
        ]
        return [step for step in left_out if step.traces]


def _start(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> None:
    # A problem's success rate is of all its traces: the others go with the first narrowing then.
    conditions, values = conditions_of(dataset, Rule() if rule.bounds_rate else rule)
    sources = _sources(rule)
    cursor.execute(
        _AGREE,
        {
            "dataset": dataset.pk,
            "people": [judge for judge, _, is_crowd, _ in sources if is_crowd],
            "least_people": rule.least_people,
            "majority": rule.people == "majority",
        },
    )
    cursor.execute(
        _CHOOSE.format(confidence=_CONFIDENCE, conditions=conditions),
        {
            **values,
            "judges": [judge for judge, _, _, _ in sources],
            "ranks": [rank for _, rank, _, _ in sources],
            "people": [is_crowd for _, _, is_crowd, _ in sources],
            "least": [least for _, _, _, least in sources],
        },
    )
    cursor.execute("DROP TABLE agreed")
    cursor.execute("ANALYZE chosen")


def _sources(rule: Rule) -> list[tuple[int, int, bool, float]]:
    """Return the judges that the labels name: id, rank, whether people must agree, confidence.

    One judge may be named twice.
    """
    found = []
    for rank, source in enumerate(rule.labels):
        named = source.startswith(JUDGE)
        chosen = {"pk": int(source.removeprefix(JUDGE))} if named else {"kind": source}
        for judge in Judge.objects.filter(**chosen).only("pk", "kind"):
            least = rule.least_confidence if judge.kind == Judge.Kind.MODEL else 0.0
            found.append((judge.pk, rank, not named and source == "human", least))
    return found
