# ruff: noqa: S608 - the pieces are constants of this file
"""Definitions of the summaries, each a SELECT over facts.

`{facts}` is a table or subquery with the columns of `metrics_tracesnapshot`: the stored facts, the
present ones, or those of a few problems, always with all traces of a problem.
"""

from dataclasses import dataclass

from metrics.stats.difficulty import BAND_SQL

FACT_COLUMNS = (
    "trace_id, dataset_id, problem_id, subset, generator_id, step_count, answer,"
    " judges, labels, types, kinds"
)

# A subset or type of the length of a page would not fit an index.
_FACT = """
    SELECT trace.id AS trace_id, trace.dataset_id, trace.problem_id,
        left(problem.subset, 500) AS subset, trace.generator_id, trace.step_count,
        coalesce(trace.final_answer_correct::int, -1)::smallint AS answer,
        coalesce(found.judges, '{}') AS judges, coalesce(found.labels, '{}') AS labels,
        coalesce(found.types, '{}') AS types, coalesce(found.kinds, 0)::smallint AS kinds
    FROM traces_trace trace
    JOIN traces_problem problem ON problem.id = trace.problem_id
"""
_FOUND = """
        array_agg(judge_id ORDER BY judge_id) AS judges,
        array_agg(coalesce(earliest_error, -2)::smallint ORDER BY judge_id) AS labels,
        array_agg(CASE WHEN earliest_error >= 0 THEN left(error_type, 200) ELSE '' END
            ORDER BY judge_id) AS types,
        bit_or(CASE judge.kind WHEN 'reference' THEN 1 WHEN 'human' THEN 2
                               WHEN 'consensus' THEN 4 ELSE 8 END)
            FILTER (WHERE earliest_error IS NOT NULL) AS kinds
    FROM traces_verdict JOIN traces_judge judge ON judge.id = judge_id
"""

# What holds now, of every trace, and of the traces of the problems in `touched`.
LIVE_FACTS = f"""
    {_FACT}
    LEFT JOIN (SELECT trace_id, {_FOUND} WHERE is_current GROUP BY trace_id) found
        ON found.trace_id = trace.id
    WHERE trace.is_current_segmentation
"""
LIVE_FACTS_OF_TOUCHED = f"""
    {_FACT}
    LEFT JOIN LATERAL (SELECT {_FOUND}
        WHERE is_current AND trace_id = trace.id) found ON true
    WHERE trace.is_current_segmentation AND trace.problem_id IN (SELECT problem_id FROM touched)
"""

_PAIRS = """
    {facts} fact,
    unnest(fact.judges, fact.labels) WITH ORDINALITY AS a (judge, label, place),
    unnest(fact.judges, fact.labels) WITH ORDINALITY AS b (judge, label, place)
    WHERE a.place < b.place
"""

_LABEL_PAIRS = f"""
    SELECT dataset_id, a.judge, b.judge, subset, generator_id, a.label, b.label, count(*)
    FROM {_PAIRS}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

# Each pair of judges once with the counts of both directions, then both directions apart.
_PROBLEM_KINDS = f"""
    SELECT dataset_id, way.reference, way.judge, subset,
        way.erroneous, found, way.correct, accepted, count(*)
    FROM (
        SELECT dataset_id, subset, problem_id, a.judge AS first, b.judge AS second,
            count(*) FILTER (WHERE a.label >= 0) AS first_erroneous,
            count(*) FILTER (WHERE a.label = -1) AS first_correct,
            count(*) FILTER (WHERE b.label >= 0) AS second_erroneous,
            count(*) FILTER (WHERE b.label = -1) AS second_correct,
            count(*) FILTER (WHERE a.label >= 0 AND a.label = b.label) AS found,
            count(*) FILTER (WHERE a.label = -1 AND b.label = -1) AS accepted
        FROM {_PAIRS}
        GROUP BY 1, 2, 3, 4, 5
    ) problem,
    LATERAL (VALUES (first, second, first_erroneous, first_correct),
                    (second, first, second_erroneous, second_correct))
        AS way (reference, judge, erroneous, correct)
    WHERE way.erroneous + way.correct > 0
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""

_PROFILES = """
    SELECT dataset_id, said.judge, generator_id, subset, step_count, said.label, answer, count(*)
    FROM {facts} fact, unnest(fact.judges, fact.labels) AS said (judge, label)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

_ERROR_TYPES = """
    SELECT dataset_id, said.judge, generator_id, subset, said.type, count(*)
    FROM {facts} fact, unnest(fact.judges, fact.labels, fact.types) AS said (judge, label, type)
    WHERE said.label >= 0
    GROUP BY 1, 2, 3, 4, 5
"""

_DIFFICULTIES = f"""
    SELECT dataset_id, said.judge, generator_id, subset,
        {BAND_SQL} AS band, least(said.label, 0) AS finding, count(*)
    FROM (
        SELECT *, count(*) FILTER (WHERE answer >= 0) OVER same_problem AS known_answers,
            count(*) FILTER (WHERE answer = 1) OVER same_problem AS right_answers
        FROM {{facts}} every WINDOW same_problem AS (PARTITION BY problem_id)
    ) fact, unnest(fact.judges, fact.labels) AS said (judge, label)
    GROUP BY 1, 2, 3, 4, 5, 6
"""

_SOURCES = """
    SELECT dataset_id, generator_id, subset, kinds, count(*)
    FROM {facts} fact
    GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A table of totals: its key's columns in the order of `select`, then n.

    `by_problem` if a trace's share depends on the other traces of its problem.
    """

    table: str
    key: tuple[str, ...]
    select: str
    by_problem: bool = False

    @property
    def columns(self) -> str:
        return ", ".join([*self.key, "n"])

    def of(self, facts: str) -> str:
        return self.select.replace("{facts}", facts)


def _summary(table: str, key: str, select: str, *, by_problem: bool = False) -> Summary:
    return Summary(f"metrics_{table}", tuple(key.split()), select, by_problem)


SUMMARIES = (
    _summary(
        "paircount",
        "dataset_id first_id second_id subset generator_id first_label second_label",
        _LABEL_PAIRS,
    ),
    _summary(
        "problemprofile",
        "dataset_id reference_id judge_id subset erroneous erroneous_found correct correct_found",
        _PROBLEM_KINDS,
        by_problem=True,
    ),
    _summary(
        "profile",
        "dataset_id judge_id generator_id subset step_count label answer",
        _PROFILES,
    ),
    _summary("errortype", "dataset_id judge_id generator_id subset error_type", _ERROR_TYPES),
    _summary(
        "difficulty",
        "dataset_id judge_id generator_id subset band finding",
        _DIFFICULTIES,
        by_problem=True,
    ),
    _summary("source", "dataset_id generator_id subset kinds", _SOURCES),
)
