"""Writing down what models wrote, in the transaction of the verdicts that were read from it."""

from collections.abc import Mapping, Sequence

from django.db import connection

from inference.backends.base import Output
from traces.fields import escape

FORGET = "DELETE FROM inference_rawoutput WHERE verdict_id = ANY(%s)"
INSERT = """
INSERT INTO inference_rawoutput (
    verdict_id, number, run_id, sample, step, part, text, label, finish_reason, tokens_in,
    tokens_out
)
SELECT verdict_id, number, %s, sample, step, part, text, label, finish_reason, tokens_in, tokens_out
FROM unnest(
    %s::bigint[], %s::smallint[], %s::smallint[], %s::smallint[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::integer[], %s::integer[]
) AS written (
    verdict_id, number, sample, step, part, text, label, finish_reason, tokens_in, tokens_out
)
"""


def record_outputs(outputs: Mapping[int, Sequence[Output]], *, run_id: int) -> None:
    """`outputs` by verdict id, replacing those that the verdicts had. Two statements."""
    rows = [
        (
            verdict_id, number, output.sample, output.step, output.part.replace("\0", ""),
            escape(output.text), escape(output.label), output.finish_reason.replace("\0", ""),
            output.tokens_in, output.tokens_out,
        )
        for verdict_id, written in outputs.items()
        for number, output in enumerate(written)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [list(outputs)])
        if rows:
            cursor.execute(INSERT, [run_id, *map(list, zip(*rows, strict=True))])
