"""The synthetic generators: how each one writes, and the errors it makes.

Their names begin with "sample": they are programs that make samples, not language models.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from traces.samples.phrasing import Phrase, phrases

# Wordings of the last step, with the template's closing clause as <concludes>.
_PLAIN_CLOSINGS = (
    "so <concludes>. The answer is <answer>.",
    "<concludes>.\n\nAnswer: <answer>",
    "answer: <answer>",
)
_BOXED_CLOSINGS = (
    "therefore <concludes>: [[\\boxed{<answer>}]].",
    "hence <concludes>. [=\\boxed{<answer>}=]",
    "<concludes>, so the final answer is [[\\boxed{<answer>}]].",
)
_WARM_CLOSINGS = (
    "putting it all together, <concludes>. The final answer is **<answer>**.",
    "and there we have it: <concludes>.\n\n**Answer:** <answer>",
    "this means that <concludes>. So our answer is <answer>.",
)
_TYPESET_CLOSINGS = (
    "so <concludes>. The answer is [[\\boxed{<answer>}]].",
    "<concludes>. [=\\boxed{<answer>}=]",
    "this means that <concludes>, and the final answer is [[\\boxed{<answer>}]].",
)


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One synthetic generator.

    `error_rate` is the share of its attempts that contain an error, and `kinds` holds the weights
    of the kinds of error. `lean` places the error: 1 anywhere, above 1 towards the first steps,
    below 1 towards the last. `terse` is the chance that a step takes its shortest wording, and
    `restates` the chance that the attempt opens with the goal. Styles are picked at random.
    """

    name: str
    notation: str
    error_rate: float
    kinds: Mapping[str, int]
    lean: float
    terse: float
    restates: float
    numberings: tuple[str, ...]
    firsts: tuple[str, ...]
    nexts: tuple[str, ...]
    closings: tuple[Phrase, ...]
    typeset_closings: tuple[Phrase, ...] = phrases(_TYPESET_CLOSINGS)
    deck: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        deck = tuple(kind for kind, weight in self.kinds.items() for _ in range(weight))
        object.__setattr__(self, "deck", deck)


VOICES: dict[str, Voice] = {
    voice.name: voice
    for voice in (
        Voice(
            name="sample-careful",
            notation="paren",
            error_rate=0.16,
            kinds={
                "calculation": 5,
                "numeric": 3,
                "completeness": 3,
                "logical": 2,
                "conceptual": 1,
            },
            lean=0.5,
            terse=0.2,
            restates=0.5,
            numberings=("", "", "**Step %d.** "),
            firsts=("first, ", "to begin, ", ""),
            nexts=("next, ", "then ", "", "", ""),
            closings=phrases(_BOXED_CLOSINGS),
        ),
        Voice(
            name="sample-formal",
            notation="dollar",
            error_rate=0.28,
            kinds={
                "conceptual": 4,
                "numeric": 3,
                "calculation": 3,
                "logical": 3,
                "completeness": 2,
            },
            lean=0.9,
            terse=0.35,
            restates=0.3,
            numberings=("Step %d: ", "**Step %d:** ", ""),
            firsts=("",),
            nexts=("", "", "", "now "),
            closings=phrases(_BOXED_CLOSINGS),
        ),
        Voice(
            name="sample-chatty",
            notation="paren",
            error_rate=0.40,
            kinds={"misreading": 4, "context": 4, "calculation": 2, "conceptual": 2, "logical": 2},
            lean=1.2,
            terse=0.0,
            restates=0.8,
            numberings=("",),
            firsts=("let's start at the beginning. ", "okay, first things first. ", "first, "),
            nexts=("next, ", "now ", "from there, ", "", "", "moving on, "),
            closings=phrases(_WARM_CLOSINGS),
        ),
        Voice(
            name="sample-hasty",
            notation="plain",
            error_rate=0.55,
            kinds={
                "calculation": 6,
                "misreading": 4,
                "completeness": 4,
                "numeric": 2,
                "logical": 2,
            },
            lean=1.6,
            terse=0.85,
            restates=0.0,
            numberings=("", "", "%d. "),
            firsts=("",),
            nexts=("", "", "then "),
            closings=phrases(_PLAIN_CLOSINGS),
        ),
        Voice(
            name="sample-guesser",
            notation="plain",
            error_rate=0.74,
            kinds={"conceptual": 6, "logical": 5, "context": 4, "calculation": 2, "misreading": 2},
            lean=1.0,
            terse=0.4,
            restates=0.25,
            numberings=("",),
            firsts=("", "first, "),
            nexts=("", "", "then ", "after that, "),
            closings=phrases(_PLAIN_CLOSINGS),
        ),
    )
}
