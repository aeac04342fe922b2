"""Rows for the dashboard benchmark: a labelled dataset and judges, created with SQL."""

from typing import Any

# Ten traces per problem with three to twelve steps, by eight generators, in four subsets.
PROBLEMS = """
INSERT INTO traces_problem (dataset_id, subset, text, content_hash)
SELECT %(dataset)s, (ARRAY['gsm8k', 'math', 'olympiadbench', 'omnimath'])[1 + n %% 4],
       'What is ' || n || ' and one?', md5('problem ' || n)::uuid
FROM generate_series(1, greatest(%(count)s / 10, 1)) AS n
"""
TRACES = """
INSERT INTO traces_trace
    (dataset_id, problem_id, generator_id, external_id, steps, step_count, content_hash, metadata,
     created_at, is_current_segmentation, final_answer_correct)
SELECT %(dataset)s, problem.id,
       (%(generators)s::bigint[])[1 + (hashint8(problem.id * 10 + k) & 7)],
       problem.id || '-' || k, array_fill('So it is.'::text, ARRAY[length]), length,
       gen_random_uuid(), '{}', now(), true, hashint8(problem.id * 31 + k) %% 3 <> 0
FROM traces_problem AS problem, generate_series(1, 10) AS k,
     LATERAL (SELECT 3 + (hashint8(problem.id * 7 + k) & 7) + k %% 3 AS length) AS drawn
WHERE problem.dataset_id = %(dataset)s
"""
# The dataset labels have an error in three of five traces, more often in early steps.
LABELS = """
INSERT INTO traces_verdict
    (trace_id, step_count, judge_id, revision, is_current, earliest_error, error_type, severity,
     explanation, correction, failure, origin, created_at)
SELECT id, step_count, %(judge)s, 1, true,
       CASE WHEN random() < 0.4 THEN -1 ELSE floor(step_count * random() ^ 1.5)::int END,
       (ARRAY['', 'arithmetic', 'logic'])[1 + floor(3 * random())::int], '', '', '', '', 'import',
       now()
FROM traces_trace WHERE dataset_id = %(dataset)s
"""
# A judge that finds the exact step with the given probability, and scores every step.
JUDGED = """
INSERT INTO traces_verdict
    (trace_id, step_count, judge_id, revision, is_current, earliest_error, scores, error_type,
     severity, explanation, correction, failure, origin, created_at)
SELECT trace_id, step_count, %(judge)s, 1, true, said,
       CASE WHEN %(scores)s THEN (
           SELECT array_agg(CASE WHEN place = said THEN 0.4 * random()
                                 ELSE 0.5 + 0.5 * random() END ORDER BY place)
           FROM generate_series(0, step_count - 1) AS place) END,
       '', '', '', '', CASE WHEN said IS NULL THEN 'no usable answer' ELSE '' END, 'run', now()
FROM (
    SELECT trace_id, step_count,
        CASE WHEN luck < %(skill)s THEN earliest_error
             WHEN luck > 0.995 AND NOT %(scores)s THEN NULL
             WHEN luck < 0.9 THEN -1 ELSE floor(step_count * random())::int END AS said
    FROM (SELECT *, random() AS luck FROM traces_verdict WHERE judge_id = %(reference)s) AS labelled
) AS judged
"""
CHANGED = """
UPDATE traces_verdict SET earliest_error = CASE WHEN earliest_error = -1 THEN 0 ELSE -1 END
WHERE id IN (
    SELECT id FROM traces_verdict WHERE judge_id = %(judge)s AND earliest_error IS NOT NULL
      AND is_current AND trace_id %% %(every)s = %(offset)s LIMIT %(count)s)
"""
JUDGES = (("a good PRM", 0.75, True), ("a fair PRM", 0.6, True), ("a poor PRM", 0.4, True),
          ("a good critic", 0.7, False), ("a poor critic", 0.45, False))  # fmt: skip


def make_dataset(traces: int) -> tuple[Any, list[Any]]:
    """Create and return the dataset and its five judges."""
    from django.db import connection

    from traces.models import Dataset, Generator, Judge

    dataset = Dataset.objects.create(name="large")
    reference = Judge.objects.create(kind="reference", name="large", dataset=dataset)
    generators = [Generator.objects.create(name=f"model-{n}") for n in range(8)]
    rows = {
        "dataset": dataset.pk,
        "count": traces,
        "generators": [generator.pk for generator in generators],
    }
    judges = []
    with connection.cursor() as cursor:
        cursor.execute(PROBLEMS, rows)
        cursor.execute(TRACES, rows)
        cursor.execute(LABELS, rows | {"judge": reference.pk})
        for name, skill, scores in JUDGES:
            judge = Judge.objects.create(kind="model", name=name)
            judges.append(judge)
            values = {"judge": judge.pk, "reference": reference.pk}
            cursor.execute(JUDGED, values | {"skill": skill, "scores": scores})
        cursor.execute("VACUUM ANALYZE traces_problem, traces_trace, traces_verdict")
    return dataset, judges


def change_verdicts(judge: Any, count: int, offset: int) -> int:
    """Change `count` verdicts of a judge, spread over the dataset, and return their number."""
    from django.db import connection

    with connection.cursor() as cursor:
        values = {"judge": judge.pk, "count": count, "every": 97, "offset": offset % 97}
        cursor.execute(CHANGED, values)
        return int(cursor.rowcount)
