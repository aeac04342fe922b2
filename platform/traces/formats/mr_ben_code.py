"""MR-Ben's solutions in code: the steps are lines, and the label is the text of the wrong line."""


def steps_of_code(code: str) -> list[str]:
    """Return the lines that are not blank, each with the blank lines after it."""
    steps: list[str] = []
    for line in code.split("\n"):
        if line.strip() or not steps:
            steps.append(line)
        else:
            steps[-1] += "\n" + line
    return steps


def first_wrong_line(label: str, steps: list[str]) -> int | None:
    """Return the index of the first step that is the label's first line of code, or None.

    The label may be fenced.
    """
    lines = [line.strip() for line in label.split("\n")]
    code = [line for line in lines if line and not line.startswith("```")]
    if not code:
        return None
    return next((i for i, step in enumerate(steps) if step.strip() == code[0]), None)
