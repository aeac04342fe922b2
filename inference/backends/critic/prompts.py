"""The prompt of a critic: a template with two places to fill in, as `str.format` reads it."""

from string import Formatter

from inference.backends.critic.step_tags import tag_steps
from inference.backends.interface import BackendError, TraceText

FIELDS = {"problem", "tagged_response"}

# The text that all traces share comes first, then the problem: a server computes a common
# beginning once.
DEFAULT = """\
You will read a mathematical problem and one attempt at solving it. The attempt is cut into \
paragraphs; each stands between tags that carry its number, and the numbers begin at 0.

Read the attempt in order, one paragraph at a time. For each, check what it claims and computes \
against the problem and against the paragraphs before it. A paragraph is wrong if it contains a \
mathematical mistake, an invalid inference, a misreading of the problem, or leaves out a case or a \
condition that it needs. A detour that is put right within the same paragraph is not wrong. Do not \
solve the problem your own way and compare only the results: a right result can follow from a \
wrong step.

Stop at the first paragraph that is wrong and give its number. If every paragraph holds, give -1. \
End with that number alone in \\boxed{{}}.

Problem:

{problem}

Attempt:

{tagged_response}"""


def check_template(template: str) -> None:
    """Raise BackendError for a template that can't be filled in."""
    try:
        places = [place for place in Formatter().parse(template) if place[1] is not None]
    except ValueError as error:
        raise BackendError(
            f"The prompt can't be read as a format string: {error}. Write a brace that is meant as "
            "itself twice, as in \\boxed{{}}."
        ) from error
    fields = {name for _, name, _, _ in places}
    if unknown := {name or "" for name in fields} - FIELDS:
        raise BackendError(
            f"The prompt has a place for {min(unknown)!r}; only {{problem}} and "
            "{tagged_response} are filled in. Write a brace that is meant as itself twice, as in "
            "\\boxed{{}}."
        )
    if missing := FIELDS - fields:
        raise BackendError(f"The prompt has no place for {{{min(missing)}}}.")
    if any(shaped or conversion for _, _, shaped, conversion in places):
        raise BackendError("The prompt's places are {problem} and {tagged_response}, as they are.")


def fill_template(template: str, trace: TraceText) -> str:
    return template.format(problem=trace.problem, tagged_response=tag_steps(trace.steps))
