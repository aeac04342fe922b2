"""A trace's steps as a critic's prompt shows them, after ProcessBench (arXiv 2412.06559)."""

from collections.abc import Sequence


def tag_steps(steps: Sequence[str]) -> str:
    """Return every step between tags that count from 0, with a blank line between two of them."""
    return "\n\n".join(
        f"<paragraph_{number}>\n{step}\n</paragraph_{number}>" for number, step in enumerate(steps)
    ).strip()
