"""Words that may not come back, in code, names of tests, docs, pages, styles and messages alike.

They are old or odd in English, so a reader has to guess what is meant, and a plain word exists for
each. `python tests/test_words.py` prints every place, `python tests/test_words.py traces` those of
one package; a docstring that begins with a clause instead of a verb is among them.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.faults import check  # noqa: E402  the path above is for the script

# A pattern, and what to write instead. A space stands for any gap: a line break, `_` in a name.
WORDS = {
    "anew": "again",
    "whoever": "the user, any worker, whichever process",
    "whom": "a sentence with a subject",
    "whomever": "a sentence with a subject",
    "those (?:that|which)": "the noun that is meant",
    "the very": "the same, exactly",
    "(?:of|for|by|with|from|to|at|on) whose": "a sentence of its own",
    "of which": "a sentence of its own",
    "of whom": "a sentence of its own",
    "in the place of": "instead of, replacing",
    "in (?:its|their) place": "instead",
    "leaves? the line": "leaves the queue",
    "it were": "how many were",
    "for good": "permanently",
    "as yet": "so far, yet",
    "beside": "next to, with",
    "besides": "also, except",
    "stands(?! for| out)": "is",
    "for ever": "forever",
    "for want of": "without",
    "what goes": "the noun that is meant",
    "what it says": "its text",
    "or not at all": "or never",
    "in good order": "cleanly",
    "of old": "earlier",
    "may yet": "may still",
    "lets? go of": "close, release",
    "comes? along": "is added",
    "is behind": "is stale",
    "are behind": "are stale",
    "so many call": "too many reviewers call",
    "twice changes nothing": "idempotent",
}
# First words of a docstring that begins with a clause or a noun. Ruff's D401 knows others.
CLAUSES = {
    *("All", "Any", "As", "At", "Before", "By", "Each", "Every"),
    *("Everybody", "Everyone", "Everything", "For", "From", "How", "In", "It"),
    *("Its", "None", "No", "Nobody", "Nothing", "Of", "On", "Once"),
    *("One", "Only", "Somebody", "That", "These", "They", "This", "Those"),
    *("Three", "To", "Two", "Until", "What", "Whatever", "When", "Where"),
    *("Whether", "Which", "Who", "Whoever", "Whom", "Whose", "Why", "With"),
    *("Within", "Without"),
}
SUFFIXES = {".py", ".html", ".md", ".css", ".js", ".toml", ".yml", ".yaml", ".txt", ".cfg", ".json"}
NAMES = {"Makefile", "Dockerfile"}
# Problems and solutions of the sample dataset, which people in many voices write.
SAMPLE_TEXTS = ROOT / "platform" / "traces" / "samples"
# This list itself, and the terms of a licence.
# Names in databases of earlier versions, which migrations must know.
EARLIER = re.compile("trace_cut_anew")
NOT_OURS = {
    *("tests/test_words.py", "LICENSE"),
    # Its prompt is part of recipes: other words would give other verdicts.
    "inference/backends/critic/prompts.py",
}
# The texts of sample data: a seed gives the same bytes in every version.
SAMPLE_TEXTS = (
    "platform/traces/samples/families/",
    "platform/traces/samples/logic/island_flaws.py",
)
GAP = r"""[\s_"'#*/]+"""
INSTEAD = {
    re.compile(word.replace(" ", GAP), re.IGNORECASE): plain for word, plain in WORDS.items()
}
BANNED = re.compile(
    r"(?<![A-Za-z])(?:" + "|".join(word.pattern for word in INSTEAD) + r")(?![A-Za-z])",
    re.IGNORECASE,
)


def files() -> Iterator[Path]:
    """Yield every text file of the repository that people wrote."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        wanted = path.suffix in SUFFIXES or path.name in NAMES
        is_ours = name not in NOT_OURS and not name.startswith(SAMPLE_TEXTS)
        if wanted and is_ours and "vendor" not in path.parts and path.is_file():
            yield path


def banned_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of every banned phrase, also of one that a line break parts."""
    text = EARLIER.sub("", text)
    for match in BANNED.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, " ".join(match[0].split())


def clauses(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the first words of each function's docstring that begins with a clause."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_property(node):
            continue
        first = (ast.get_docstring(node) or "").split()[:4]
        if first and first[0] in CLAUSES:
            yield node.lineno + 1, " ".join(first)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(names & {"property", "cached_property"})


def plain_words(phrase: str) -> str:
    """Return what to write instead of a banned phrase."""
    return next(plain for word, plain in INSTEAD.items() if word.match(phrase))


def found_words() -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}: {words} ({plain_words(words)})"
        for path in files()
        for line, words in banned_words(path.read_text(encoding="utf-8"))
        if SAMPLE_TEXTS not in path.parents
    ]


def found_clauses() -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}: {words} ..."
        for path in files()
        if path.suffix == ".py" and "migrations" not in path.parts
        for line, words in clauses(path.read_text(encoding="utf-8"))
    ]


def test_no_house_word_comes_back():
    check("house words", found_words())


def test_docstrings_of_functions_begin_with_a_verb():
    check("docstrings without a verb", found_clauses())


def test_words_are_found_in_prose_names_and_across_lines():
    text = (
        "fine\n# it is made anew\ndef test_counted_anew(): ...\n"
        "'''for\n    good'''\n# in the\n# place of"
    )
    assert list(banned_words(text)) == [
        (2, "anew"),
        (3, "anew"),
        (4, "for good"),
        (6, "in the # place of"),
    ]
    assert list(banned_words("renewed; a goodbye; it stands for much; the whole")) == []


def test_docstrings_are_told_apart():
    source = (
        'def f():\n    """What is left."""\n'
        'def g():\n    """Return what is left."""\n'
        '@property\ndef h(self):\n    """Whether it is left."""\n'
    )
    assert list(clauses(source)) == [(2, "What is left.")]


def main(wanted: list[str]) -> None:
    for title, lines in {"Words": found_words(), "Docstrings": found_clauses()}.items():
        shown = [line for line in lines if not wanted or any(f"{name}/" in line for name in wanted)]
        print("\n".join([f"{title}: {len(shown)}", *(f"    {line}" for line in shown)]))


if __name__ == "__main__":
    main(sys.argv[1:])
