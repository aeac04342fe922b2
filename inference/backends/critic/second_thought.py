r"""Self-rethinking, after "Can LLMs Learn from Previous Mistakes?" (arXiv 2403.20046, Algorithm 1).

A critic reviews, is shown mistakes that reviewers make, and says whether its review makes one of
them. As long as it says yes, and at most `rethink` times, it reviews again.
"""

import re
from collections.abc import Sequence
from typing import Any

from inference.backends.chat.client import Session
from inference.backends.chat.options import ChatOptions
from inference.backends.chat.replies import Choice
from inference.backends.chat.text_sampling import Message, output_of, sample_texts
from inference.backends.interface import Output

MISTAKES = """\
Calculation: the review accepts a result without computing it, or computes it wrongly itself. \
Example: the attempt says 17 * 24 = 398, and the review calls the product correct; it is 408.
Reading: the review holds the attempt against something that the problem does not ask. Example: \
the problem asks how many apples are left, the attempt counts those left, and the review wants \
those eaten.
Inference: the review lets a conclusion pass that does not follow. Example: from x^2 = 9 the \
attempt concludes x = 3, and the review does not ask about -3.
Style taken for error: the review calls a paragraph wrong for being long, unusual or unfinished, \
though all that it says is true. Example: a first paragraph that only restates the problem.
A later place: the review names the paragraph in which a wrong number shows, while an earlier one \
made it. Example: paragraph 1 divides by the wrong number, paragraph 3 gives the result, and the \
review names 3."""

CHECK = """\
Here are mistakes that reviewers make:

{mistakes}

Does your review make one of them? Compare it with each, then end with \\boxed{{Yes}} or \
\\boxed{{No}}."""

AGAIN = (
    "Then review the attempt once more, without that mistake, and end as you were asked at first."
)

YES_OR_NO = re.compile(r"\\boxed\{\s*(?:\\text\{)?\s*(yes|no)\b", re.IGNORECASE)


async def rethink_review(
    session: Session,
    options: ChatOptions,
    messages: Sequence[Message],
    *,
    times: int,
    mistakes: str,
    sample: int,
    more: dict[str, Any],
) -> tuple[Choice, list[Output], int]:
    """Return the last review, all outputs on the way to it, and the tokens used.

    `more` joins the requests for a review.
    """
    said: list[Message] = list(messages)
    outputs: list[Output] = []
    tokens = 0
    for number in range(times + 1):
        reply = await sample_texts(session, options, said, seed=options.seed + sample, more=more)
        review, tokens = reply.choices[0], tokens + reply.tokens
        outputs.append(output_of(review, sample=sample, part=f"review {number + 1}"))
        if number == times:
            break
        said += [
            _message("assistant", review.text),
            _message("user", CHECK.format(mistakes=mistakes)),
        ]
        reply = await sample_texts(session, options, said, seed=options.seed + sample)
        check, tokens = reply.choices[0], tokens + reply.tokens
        says = admits_mistake(check.text)
        label = "yes" if says else "no"
        outputs.append(output_of(check, sample=sample, part=f"check {number + 1}", label=label))
        if not says:
            break
        said += [_message("assistant", check.text), _message("user", AGAIN)]
    return review, outputs, tokens


def admits_mistake(text: str) -> bool:
    """Return whether the last box says yes; a check without an answer counts as no."""
    found = YES_OR_NO.findall(text)
    return bool(found) and found[-1].lower() == "yes"


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
