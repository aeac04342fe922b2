r"""The number out of what a critic wrote.

Two readings, kept apart so that figures stay comparable. The paper's is that of ProcessBench's own
script: the last `\boxed{...}` up to its first closing brace, as `int` reads it. It yields nothing
on `\boxed{\text{-1}}` or `\boxed{Paragraph 3}`; the tolerant reading takes those too.
"""

import re
from collections.abc import Callable

from inference.backends.boxes import last_box

BOX = "\\boxed{"
OPENING = re.compile(r"\\boxed\s*\{")
# A sign of any typesetting, or the hyphen of "paragraph-3", which is none.
NUMBER = re.compile(r"(?<![\w.])([-−–]?)\s*(\d{1,4})(?![\w]|\.\d)")
NONE_WRONG = re.compile(r"\b(?:none|no error|not found|all correct)\b", re.IGNORECASE)

Extract = Callable[[str], str | None]


def paper_answer(text: str) -> str | None:
    r"""Return the content of the last box, stripped; None without a box. Votes come before parsing.

    As the last match of `\\boxed\{([^}]*)\}`, which would search the rest of the text at each box
    that nothing closes.
    """
    inside, place = None, 0
    while (start := text.find(BOX, place)) >= 0 and (end := text.find("}", start)) >= 0:
        inside, place = text[start + len(BOX) : end], end + 1
    return None if inside is None else inside.strip()


def tolerant_answer(text: str) -> str | None:
    """Return the one number in the last box; the box's content if there is no single one."""
    inside = last_box(text, OPENING)
    if inside is None:
        return None
    words = re.sub(r"\\(?:text|mathrm|mathbf|textbf|mathit)\b|[{}$*_]", " ", inside)
    numbers = {int(("-" if sign else "") + digits) for sign, digits in NUMBER.findall(words)}
    if len(numbers) == 1:
        return str(numbers.pop())
    if not numbers and NONE_WRONG.search(words):
        return "-1"
    return inside.strip()


EXTRACTS: dict[str, Extract] = {"paper": paper_answer, "tolerant": tolerant_answer}


def parse_number(answer: str | None) -> int | None:
    """Return the answer as `int` reads it, as in the paper's script; None if it can't."""
    try:
        return None if answer is None else int(answer)
    except ValueError:
        return None
