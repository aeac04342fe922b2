"""Filters that remove traces from `chosen`, one step of the rule a function.

Each returns the number of traces removed, 0 where the rule does not ask for it. Which traces stay
is drawn by a hash of the trace's content and the rule's seed, so that the same rule keeps the same
traces on any machine.
"""

from django.db.backends.utils import CursorWrapper

from exports.curation.clusters import make_clusters
from exports.curation.rule import Rule
from exports.curation.where import conditions_of
from traces.models import Dataset

_DRAW = "md5(content_hash::text || ':' || %(seed)s::text), trace_id"


def filter_by_success_rate(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    """Remove problems outside the rule's range of success rates. Runs before the others.

    A problem's rate is over all its traces, or over those of the generators that the rule names,
    kept or not. Until then `chosen` has traces of any kind; the kinds that the rule does not ask
    for are removed here too, and not counted.
    """
    if not rule.bounds_rate:
        return 0
    conditions, values = conditions_of(dataset, rule)
    fits = f"EXISTS (SELECT FROM traces_trace t WHERE t.id = chosen.trace_id AND {conditions})"
    cursor.execute(
        f"""
        WITH beyond AS MATERIALIZED (
            SELECT t.problem_id FROM traces_trace t LEFT JOIN chosen c ON c.trace_id = t.id
            WHERE t.dataset_id = %(dataset)s AND t.is_current_segmentation
                AND (cardinality(%(makers)s::bigint[]) = 0 OR t.generator_id = ANY(%(makers)s))
            GROUP BY t.problem_id
            HAVING NOT avg(COALESCE(t.final_answer_correct, c.earliest_error < 0)::int)
                BETWEEN %(least)s AND %(most)s
        ), others AS (DELETE FROM chosen WHERE NOT {fits})
        DELETE FROM chosen WHERE problem_id IN (SELECT problem_id FROM beyond) AND {fits}
        """,  # noqa: S608
        {
            **values,
            "makers": list(rule.generators),
            "least": rule.least_rate,
            "most": rule.most_rate,
        },
    )
    return cursor.rowcount


def filter_by_verdict(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    gone = 0
    if rule.finding != "any":
        sign = "<" if rule.finding == "wrong" else ">="
        cursor.execute(f"DELETE FROM chosen WHERE earliest_error {sign} 0")  # noqa: S608
        gone += cursor.rowcount
    if rule.error_types:
        # Of wrong traces alone: a right one has no type.
        cursor.execute(
            "DELETE FROM chosen c USING traces_verdict v WHERE v.id = c.verdict_id "
            "AND c.earliest_error >= 0 AND NOT v.error_type = ANY(%s)",
            [list(rule.error_types)],
        )
        gone += cursor.rowcount
    return gone


def filter_by_agreement(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    if rule.least_agreement == 0:
        return 0
    cursor.execute(
        """
        DELETE FROM chosen WHERE trace_id IN (
            SELECT c.trace_id FROM chosen c
            JOIN traces_verdict v ON v.trace_id = c.trace_id AND v.is_current
            JOIN traces_judge j ON j.id = v.judge_id AND j.kind <> 'consensus'
            GROUP BY c.trace_id
            HAVING avg((v.earliest_error IS NOT DISTINCT FROM c.earliest_error)::int) < %s)
        """,
        [rule.least_agreement],
    )
    return cursor.rowcount


def filter_by_benchmark(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    """Remove problems of benchmarks, and problems in a cluster with one.

    Duplicates, near-duplicates and variants share a cluster: the variant of a copy is as well
    known.
    """
    if rule.keep_benchmarks or not Dataset.objects.filter(is_benchmark=True).exists():
        return 0
    make_clusters(cursor, dataset)
    cursor.execute(
        """
        WITH benchmark AS MATERIALIZED (
            SELECT p.id, p.content_hash FROM traces_problem p
            JOIN traces_dataset d ON d.id = p.dataset_id AND d.is_benchmark
        ), barred AS (
            SELECT p.id FROM traces_problem p
            JOIN benchmark b ON b.content_hash = p.content_hash WHERE p.dataset_id = %(dataset)s
            UNION SELECT m.first_id FROM traces_problemmatch m
                JOIN benchmark b ON b.id = m.second_id
            UNION SELECT m.second_id FROM traces_problemmatch m
                JOIN benchmark b ON b.id = m.first_id
            UNION SELECT l.problem_id FROM traces_problemvariant l
                JOIN benchmark b ON b.id = l.original_id
            UNION SELECT l.original_id FROM traces_problemvariant l
                JOIN benchmark b ON b.id = l.problem_id
        ), known AS MATERIALIZED (
            SELECT k.problem_id FROM cluster k WHERE k.key IN (
                SELECT own.key FROM cluster own JOIN barred ON barred.id = own.problem_id)
        )
        DELETE FROM chosen c USING known WHERE c.problem_id = known.problem_id
        """,
        {"dataset": dataset.pk},
    )
    return cursor.rowcount


def filter_duplicate_traces(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    if rule.duplicates == "kept":
        return 0
    cursor.execute(
        """
        DELETE FROM chosen USING (
            SELECT content_hash, min(trace_id) AS first FROM chosen
            GROUP BY content_hash HAVING count(*) > 1
        ) AS repeated
        WHERE repeated.content_hash = chosen.content_hash AND repeated.first < chosen.trace_id
        """
    )
    return cursor.rowcount


def filter_near_duplicate_problems(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    if rule.duplicates != "near":
        return 0
    make_clusters(cursor, dataset)
    cursor.execute(
        """
        DELETE FROM chosen USING cluster, (
            SELECT k.key, min(c.problem_id) AS problem_id
            FROM chosen c JOIN cluster k ON k.problem_id = c.problem_id GROUP BY k.key
        ) AS kept
        WHERE cluster.problem_id = chosen.problem_id AND kept.key = cluster.key
            AND chosen.problem_id > kept.problem_id
        """
    )
    return cursor.rowcount


def set_splits(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    """Set a split for each cluster of problems, by a hash of the cluster and the seed.

    A problem, its copies, near copies and variants are in one split. The first 32 bits of the hash,
    as a share of 2**32, fall below the test share, below test and validation, or above both.
    """
    if not (rule.validation or rule.test):
        return 0
    make_clusters(cursor, dataset)
    cursor.execute(
        """
        UPDATE chosen SET split = CASE WHEN share < %(test)s THEN 'test'
            WHEN share < %(held)s THEN 'validation' ELSE 'train' END
        FROM (
            SELECT problem_id, ('x' || left(md5(key::text || ':' || %(seed)s::text), 8))::bit(32)
                ::bigint / 4294967296.0 AS share FROM cluster) AS drawn
        WHERE drawn.problem_id = chosen.problem_id
        """,
        {"test": rule.test, "held": rule.test + rule.validation, "seed": rule.seed},
    )
    return 0


def cap_per_problem(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    return _keep_drawn(cursor, rule, "problem_id", rule.per_problem)


def cap_per_generator(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    return _keep_drawn(cursor, rule, "generator_id", rule.per_generator)


def filter_by_balance(cursor: CursorWrapper, dataset: Dataset, rule: Rule) -> int:
    """Keep as many wrong traces as right ones, in each split or each problem."""
    if rule.balance == "none":
        return 0
    group = "split" if rule.balance == "split" else "problem_id"
    cursor.execute(
        f"""
        DELETE FROM chosen WHERE trace_id IN (
            SELECT trace_id FROM (
                SELECT trace_id, {group},
                    row_number() OVER (PARTITION BY {group}, earliest_error < 0 ORDER BY {_DRAW})
                    AS place
                FROM chosen) AS drawn
            JOIN (
                SELECT {group}, least(count(*) FILTER (WHERE earliest_error < 0),
                                      count(*) FILTER (WHERE earliest_error >= 0)) AS most
                FROM chosen GROUP BY {group}) AS fewer USING ({group})
            WHERE place > most)
        """,  # noqa: S608
        {"seed": rule.seed},
    )
    return cursor.rowcount


def _keep_drawn(cursor: CursorWrapper, rule: Rule, group: str, most: int | None) -> int:
    if most is None:
        return 0
    cursor.execute(
        f"DELETE FROM chosen WHERE trace_id IN (SELECT trace_id FROM (SELECT trace_id, "  # noqa: S608
        f"row_number() OVER (PARTITION BY {group} ORDER BY {_DRAW}) AS place FROM chosen) "
        f"AS drawn WHERE place > %(most)s)",
        {"seed": rule.seed, "most": most},
    )
    return cursor.rowcount
