"""The SQL that turns staged rows into problems, traces and verdicts, over whole sets.

First each row's fate is decided: `new`, `known`, or one of the conflicts. Then new rows are
inserted, known rows are completed, and conflicts are stored as rejections with a reason.

`%(dataset)s`, `%(judge)s`, `%(import)s` are ids. Row numbers count through one import.

`dataset_id + 0` keeps the planner from the indexes that begin with the dataset. Statistics from
before a load say that the dataset is nearly empty, so reading all of it for each row looks cheap.
"""

from traces.models import Verdict

# An import's plans must not depend on the server's tuning, and compiling them is never worth it. A
# hundredth of the usual sample is enough to tell one row from a million.
SETTINGS = (
    "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10"
)

# Without the texts: the planner does not need their statistics, and they cost the most.
ANALYZE_STAGED = (
    "ANALYZE staged (row, reason, subset, problem_hash, generator, generator_revision, external_id,"
    " content_hash, labelled)"
)

DROP = "DROP TABLE IF EXISTS pg_temp.repeated, pg_temp.fate"

# Rows that share an id with another row of the same file. Almost always there are none.
REPEATED = """
CREATE TEMPORARY TABLE repeated AS
SELECT row, first_value(row) OVER same_id AS first_row,
       first_value(line) OVER same_id AS first_line,
       NULL::bigint AS label_row, false AS other_label,
       content_hash <> first_value(content_hash) OVER same_id
           OR subset <> first_value(subset) OVER same_id AS other_content
FROM staged
WHERE reason IS NULL AND external_id IN (
    SELECT external_id FROM staged WHERE reason IS NULL GROUP BY external_id HAVING count(*) > 1)
WINDOW same_id AS (PARTITION BY external_id ORDER BY row)
"""

# Of rows that repeat a trace the first label is used; a row with another label is rejected.
LABELS_OF_REPEATED = """
UPDATE repeated SET label_row = labelling.row
FROM (SELECT first_row, min(row) AS row FROM repeated JOIN staged USING (row)
      WHERE labelled AND NOT other_content GROUP BY first_row) AS labelling
WHERE repeated.first_row = labelling.first_row;

UPDATE repeated SET other_label = true
FROM staged AS own, staged AS labelling
WHERE own.row = repeated.row AND labelling.row = repeated.label_row AND own.labelled
  AND (own.earliest_error, own.scores, own.step_labels, own.error_type, own.explanation,
       own.correction, own.failure)
      IS DISTINCT FROM
      (labelling.earliest_error, labelling.scores, labelling.step_labels, labelling.error_type,
       labelling.explanation, labelling.correction, labelling.failure)
"""

FATE = """
CREATE TEMPORARY TABLE fate AS
SELECT row, fate, label_row, content_hash,
       CASE fate WHEN 'new' THEN nextval('traces_trace_id_seq') ELSE trace_id END AS trace_id
FROM (
    SELECT staged.row, staged.content_hash, trace.id AS trace_id,
           -- The row with the label of this trace; null for a row that adds nothing.
           CASE WHEN coalesce(repeated.first_row = staged.row, true)
                THEN coalesce(repeated.label_row, staged.row) END AS label_row,
           CASE WHEN repeated.other_content THEN 'repeated'
                WHEN repeated.other_label THEN 'labelled otherwise'
                WHEN trace.content_hash = staged.content_hash AND problem.subset = staged.subset
                    THEN 'known'
                WHEN trace.id IS NOT NULL THEN 'conflict'
                WHEN repeated.first_row < staged.row THEN 'known'
                ELSE 'new' END AS fate
    FROM staged
    LEFT JOIN repeated USING (row)
    LEFT JOIN traces_trace AS trace
        ON trace.dataset_id + 0 = %(dataset)s AND trace.external_id = staged.external_id
    LEFT JOIN traces_problem AS problem ON problem.id = trace.problem_id
    WHERE staged.reason IS NULL
    ORDER BY staged.row
) AS decided
"""

# A row that repeats a new one belongs to the trace of the first one.
TRACES_OF_REPEATED = """
UPDATE fate SET trace_id = first.trace_id
FROM repeated, fate AS first
WHERE repeated.row = fate.row AND first.row = repeated.first_row AND fate.fate = 'known'
"""

COUNT_FATES = """
SELECT count(*) FILTER (WHERE fate = 'new'), count(*) FILTER (WHERE fate = 'known'),
       count(*) FILTER (WHERE fate NOT IN ('new', 'known'))
FROM fate
"""

COUNT_DUPLICATES = """
SELECT (SELECT count(*) FROM fate WHERE fate = 'new') - count(*)
FROM (SELECT DISTINCT content_hash FROM fate WHERE fate = 'new') AS content
WHERE NOT EXISTS (
    SELECT FROM traces_trace AS trace
    WHERE trace.content_hash = content.content_hash AND trace.dataset_id + 0 = %(dataset)s)
"""

# In order, so that imports into two datasets can't wait for each other.
GENERATORS = """
INSERT INTO traces_generator (name, revision)
SELECT DISTINCT generator, generator_revision FROM staged JOIN fate USING (row) WHERE fate = 'new'
ORDER BY 1, 2
ON CONFLICT DO NOTHING
"""

# Only some rows of a problem have its text, perhaps only a rejected one.
PROBLEMS = """
INSERT INTO traces_problem
    (dataset_id, subset, text, reference_answer, reference_solution, content_hash)
SELECT %(dataset)s, subset, problem, reference_answer, reference_solution, problem_hash
FROM (
    SELECT DISTINCT ON (problem_hash, subset) row, subset, problem, reference_answer,
           reference_solution, problem_hash
    FROM staged
    WHERE problem IS NOT NULL AND (problem_hash, subset) IN (
        SELECT problem_hash, subset FROM staged JOIN fate USING (row) WHERE fate = 'new')
    ORDER BY problem_hash, subset, reference_answer IS NULL, reference_solution IS NULL, row
) AS first
ORDER BY row
ON CONFLICT DO NOTHING
"""

COMPLETE_PROBLEMS = """
UPDATE traces_problem AS problem
SET reference_answer = coalesce(problem.reference_answer, staged_answers.reference_answer),
    reference_solution = coalesce(problem.reference_solution, staged_answers.reference_solution)
FROM (
    SELECT problem_hash, subset,
           (array_agg(reference_answer ORDER BY row)
               FILTER (WHERE reference_answer IS NOT NULL))[1] AS reference_answer,
           (array_agg(reference_solution ORDER BY row)
               FILTER (WHERE reference_solution IS NOT NULL))[1] AS reference_solution
    FROM staged LEFT JOIN fate USING (row)
    WHERE problem IS NOT NULL AND fate IN ('new', 'known')
      AND (reference_answer IS NOT NULL OR reference_solution IS NOT NULL)
    GROUP BY problem_hash, subset
) AS staged_answers
WHERE problem.content_hash = staged_answers.problem_hash AND problem.dataset_id + 0 = %(dataset)s
  AND problem.subset = staged_answers.subset
  AND (problem.reference_answer IS NULL AND staged_answers.reference_answer IS NOT NULL
       OR problem.reference_solution IS NULL AND staged_answers.reference_solution IS NOT NULL)
"""

# Lookups row by row instead of joins: a new table has no statistics to plan a join by, and a wrong
# guess here sorts the texts or writes them to disk.
TRACES = """
INSERT INTO traces_trace
    (id, dataset_id, problem_id, generator_id, external_id, steps, step_count, final_answer,
     final_answer_correct, content_hash, metadata, is_current_segmentation, created_at)
SELECT fate.trace_id, %(dataset)s,
       (SELECT id FROM traces_problem AS problem
        WHERE problem.content_hash = staged.problem_hash AND problem.dataset_id + 0 = %(dataset)s
          AND problem.subset = staged.subset),
       (SELECT id FROM traces_generator AS generator
        WHERE generator.name = staged.generator
          AND generator.revision = staged.generator_revision),
       staged.external_id, staged.steps, staged.step_count, staged.final_answer,
       staged.final_answer_correct, staged.content_hash, staged.metadata, true, now()
FROM staged
JOIN fate ON fate.row = staged.row AND fate.fate = 'new'
"""

COMPLETE_TRACES = """
UPDATE traces_trace AS trace
SET final_answer = coalesce(trace.final_answer, staged.final_answer),
    final_answer_correct = coalesce(trace.final_answer_correct, staged.final_answer_correct)
FROM fate JOIN staged USING (row)
WHERE fate.fate = 'known' AND trace.id = fate.trace_id
  AND (trace.final_answer IS NULL AND staged.final_answer IS NOT NULL
       OR trace.final_answer_correct IS NULL AND staged.final_answer_correct IS NOT NULL)
"""

# A changed label: the old verdict stays, and is no longer the current one.
RETIRE_VERDICTS = """
UPDATE traces_verdict AS verdict SET is_current = false
FROM fate JOIN staged ON staged.row = fate.label_row AND staged.labelled
WHERE fate.fate = 'known' AND verdict.judge_id = %(judge)s AND verdict.trace_id = fate.trace_id
  AND verdict.is_current
  AND (verdict.earliest_error, verdict.scores, verdict.step_labels, verdict.error_type,
       verdict.explanation, verdict.correction, verdict.failure)
      IS DISTINCT FROM
      (staged.earliest_error, staged.scores, staged.step_labels, staged.error_type,
       staged.explanation, staged.correction, staged.failure)
"""

_VERDICT_COLUMNS = """
    (trace_id, step_count, judge_id, revision, is_current, earliest_error, scores, step_labels,
     error_type, severity, explanation, correction, failure, origin, origin_id, created_at)
"""
_VERDICT_VALUES = f"""
       true, staged.earliest_error, staged.scores, staged.step_labels, staged.error_type,
       '', staged.explanation, staged.correction, staged.failure, '{Verdict.Origin.IMPORT.value}',
       %(import)s, now()
"""

VERDICTS_OF_NEW = f"""
INSERT INTO traces_verdict {_VERDICT_COLUMNS}
SELECT fate.trace_id, staged.step_count, %(judge)s, 1, {_VERDICT_VALUES}
FROM staged JOIN fate ON fate.label_row = staged.row AND fate.fate = 'new'
WHERE staged.labelled
"""  # noqa: S608 - built from constants of this module

VERDICTS_OF_KNOWN = f"""
INSERT INTO traces_verdict {_VERDICT_COLUMNS}
SELECT fate.trace_id, staged.step_count, %(judge)s,
       1 + coalesce((SELECT max(revision) FROM traces_verdict AS older
                     WHERE older.trace_id = fate.trace_id AND older.judge_id = %(judge)s), 0),
       {_VERDICT_VALUES}
FROM staged JOIN fate ON fate.label_row = staged.row AND fate.fate = 'known'
WHERE staged.labelled AND NOT EXISTS (
    SELECT FROM traces_verdict AS current
    WHERE current.trace_id = fate.trace_id AND current.judge_id = %(judge)s AND current.is_current)
"""  # noqa: S608 - built from constants of this module

# The rejected rows: rows that are not traces, then rows in conflict with another.
REJECTIONS = """
SELECT row, line, field, reason, excerpt FROM staged WHERE reason IS NOT NULL
UNION ALL
SELECT staged.row, staged.line,
       CASE fate.fate WHEN 'labelled otherwise' THEN 'label' ELSE 'id' END,
       CASE fate.fate
           WHEN 'repeated' THEN format(
               'The row on line %%s has this id too, and other content; give each an id of its'
               ' own.', repeated.first_line)
           WHEN 'labelled otherwise' THEN format(
               'The row on line %%s is the same trace with another label; keep one of the two,'
               ' or give each an id of its own.', repeated.first_line)
           ELSE format(
               'The dataset has a trace with this id and %%s. Verdicts hang on that trace, so it'
               ' stays as it is; give this row another id, or import it into another dataset.',
               CASE WHEN problem.content_hash <> staged.problem_hash THEN 'another problem'
                    WHEN generator.name <> staged.generator
                      OR generator.revision <> staged.generator_revision THEN 'another generator'
                    WHEN trace.content_hash <> staged.content_hash THEN 'other steps'
                    ELSE 'another subset' END) END,
       staged.external_id
FROM fate
JOIN staged USING (row)
LEFT JOIN repeated USING (row)
LEFT JOIN traces_trace AS trace ON trace.id = fate.trace_id
LEFT JOIN traces_problem AS problem ON problem.id = trace.problem_id
LEFT JOIN traces_generator AS generator ON generator.id = trace.generator_id
WHERE fate.fate NOT IN ('new', 'known')
"""

WRITE_REJECTIONS = f"""
INSERT INTO traces_importrejection (imported_id, line, field, reason, excerpt)
SELECT %(import)s, line, field, reason, excerpt FROM ({REJECTIONS}) AS rejected ORDER BY row
"""  # noqa: S608 - built from constants of this module
