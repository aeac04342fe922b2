"""Chances as exact fractions, set in LaTeX."""

from fractions import Fraction
from typing import Any

from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

SUBSET = "probability"
COLOURS = ("red", "blue", "green", "yellow", "white", "black")
BAGS = ("bag", "box", "jar", "hat", "basket")
BALLS = ("balls", "marbles", "counters", "beads", "tokens")


def _coloured(dice: Dice) -> dict[str, Any]:
    one, two = dice.several(COLOURS, 2)
    return {
        **dice.people("who"),
        "bag": dice.pick(BAGS),
        "balls": dice.pick(BALLS),
        "one": one,
        "two": two,
        "r": dice.between(3, 14),
        "b": dice.between(3, 14),
    }


TWO_ALIKE = Template(
    name="two-alike",
    subset=SUBSET,
    draw=_coloured,
    typeset=True,
    fractions=True,
    whole=False,
    asks=wordings(
        "There are <r> <one> and <b> <two> <balls> in a <bag>. <who> takes out two at random, "
        "without putting the first one back. What is the probability that both have the same "
        "colour?",
        "From a <bag> with <r> <one> and <b> <two> <balls>, two are drawn without replacement. "
        "Find the probability that they are of the same colour, as a fraction in lowest terms.",
    ),
    goals=wordings(
        "either both are <one> or both are <two>, and we add the two cases.",
        "there are two cases, and they exclude each other, so their chances add up.",
    ),
    moves=(
        move(
            "n",
            lambda v: v.r + v.b,
            "[[<r> + <b> = <n>]].",
            "there are [[<r> + <b> = <n>]] <balls>.",
            "altogether the <bag> holds [[<r> + <b> = <n>]] <balls>.",
        ),
        move(
            "p",
            lambda v: Fraction(v.r * (v.r - 1), v.n * (v.n - 1)),
            "[[P = <r> / <n> * (<r> - 1) / (<n> - 1) = <p>]].",
            "the first is <one> with probability [[<r> / <n>]]; then one <one> is gone, so both "
            "are <one> with [=<r> / <n> * (<r> - 1) / (<n> - 1) = <p>.=]",
            "for both <one> we get [[<r> / <n> * (<r> - 1) / (<n> - 1) = <p>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: Fraction(v.r * v.r, v.n * v.n),
                    "for both <one> we get [[<r> / <n> * <r> / <n> = <p>]].",
                    "the first one is not put back, so for the second draw there is one <one> "
                    "fewer and one fewer in all.",
                ),
                wrong(
                    "conceptual",
                    lambda v: Fraction(v.r, v.n),
                    "both are <one> with probability [[<r> / <n> = <p>]].",
                    "this is the chance for the first draw only; it has to be multiplied by that "
                    "for the second.",
                ),
            ),
        ),
        move(
            "q",
            lambda v: Fraction(v.b * (v.b - 1), v.n * (v.n - 1)),
            "[[Q = <b> / <n> * (<b> - 1) / (<n> - 1) = <q>]].",
            "for both <two>, in the same way, [[<b> / <n> * (<b> - 1) / (<n> - 1) = <q>]].",
            "both are <two> with probability [=<b> / <n> * (<b> - 1) / (<n> - 1) = <q>.=]",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: Fraction(v.b * v.b, v.n * v.n),
                    "both are <two> with probability [=<b> / <n> * <b> / <n> = <q>.=]",
                    "the draw is without replacement, so the second factor is smaller.",
                ),
            ),
        ),
        move(
            "s",
            lambda v: v.p + v.q,
            "[[<p> + <q> = <s>]].",
            "the sum is [=<p> + <q> = <s>.=]",
            "adding both cases, we have [[<p> + <q> = <s>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.p * v.q,
                    "both have to be considered, so we multiply: [[<p> * <q> = <s>]].",
                    "the two cases exclude each other; their probabilities are added.",
                ),
                wrong(
                    "completeness",
                    lambda v: v.p,
                    "this settles it, and the probability is [[<s>]].",
                    "the case that both are <two> is left out.",
                ),
            ),
        ),
    ),
    concludes=wordings("the probability is [[<s>]]", "both have the same colour with [[P = <s>]]"),
)


def _spinner(dice: Dice) -> dict[str, Any]:
    shared = dice.between(2, 6)  # so that the fraction can be reduced
    n = dice.between(2, 7)
    return {
        **dice.people("who"),
        "one": dice.pick(COLOURS),
        "n": shared * n,
        "k": shared * dice.between(1, n - 1),
        "prize": dice.pick((6, 8, 9, 12, 15, 16, 18, 20, 24, 30, 36, 40)),
    }


SPINNER = Template(
    name="spinner",
    subset=SUBSET,
    draw=_spinner,
    typeset=True,
    fractions=True,
    whole=False,
    asks=wordings(
        "A wheel has [[<n>]] equal fields, of which [[<k>]] are <one>. <who> spins it twice and "
        "wins <prize> points if <one> comes up at least once. How many points can <who_he> expect "
        "on average?",
        "On a wheel with [[<n>]] equally likely fields, [[<k>]] are <one>. Two spins cost nothing, "
        "and [[<prize>]] points are paid if at least one of them is <one>. Find the expected "
        "number of points for <who>.",
    ),
    goals=wordings(
        "the easiest way to “at least once” is its opposite, “not at all”.",
        "we look for the probability of no <one> in two spins first.",
    ),
    moves=(
        move(
            "m",
            lambda v: v.n - v.k,
            "[[<n> - <k> = <m>]].",
            "[[<n> - <k> = <m>]] fields are not <one>.",
            "of the [[<n>]] fields, [[<n> - <k> = <m>]] are of another colour.",
        ),
        move(
            "none",
            lambda v: Fraction(v.m, v.n),
            "[[<m> / <n> = <none>]].",
            "a single spin misses <one> with probability [[<m> / <n> = <none>]].",
            "so one spin is not <one> with [[<m> / <n> = <none>]].",
            wrong=(
                wrong(
                    "context",
                    lambda v: Fraction(v.k, v.n),
                    "a single spin misses <one> with probability [[<k> / <n> = <none>]].",
                    "[[<k> / <n>]] is the chance of hitting <one>, not of missing it.",
                ),
            ),
        ),
        move(
            "twice",
            lambda v: v.none * v.none,
            "[[<none> * <none> = <twice>]].",
            "the spins are independent, so both miss with [=<none> * <none> = <twice>.=]",
            "for two spins that is [[<none> * <none> = <twice>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.none * 2,
                    "for two spins that is [[2 * <none> = <twice>]].",
                    "both spins have to miss, so the probabilities are multiplied.",
                ),
            ),
        ),
        move(
            "hit",
            lambda v: 1 - v.twice,
            "[[1 - <twice> = <hit>]].",
            "at least one <one> therefore comes up with [=1 - <twice> = <hit>.=]",
            "the opposite has the probability [[1 - <twice> = <hit>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.twice,
                    "<who> wins with probability [[<hit>]].",
                    "this is the chance of missing twice; it has to be taken from 1.",
                ),
            ),
        ),
        move(
            "mean",
            lambda v: v.hit * v.prize,
            "[[<hit> * <prize> = <mean>]].",
            "the expected number of points is [[<hit> * <prize> = <mean>]].",
            "times the prize, this makes [=<hit> * <prize> = <mean>.=]",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.prize,
                    "<who> is likely to win, so <who_he> can expect [[<mean>]] points.",
                    "an expected value weighs the prize with its probability.",
                ),
            ),
        ),
    ),
    concludes=wordings("<who> can expect [[<mean>]] points", "the mean is [[<mean>]] points"),
    missing="this is the probability of winning, and the points are asked for",
)

TEMPLATES = (TWO_ALIKE, SPINNER)
