"""Divisors, remainders and last digits, set in LaTeX."""

from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Move, Template, move, wordings, wrong

SUBSET = "number-theory"
PRIMES = (2, 3, 5, 7, 11, 13)


def _divisors(dice: Dice) -> dict[str, Any]:
    p, q, r = sorted(dice.several(PRIMES, 3))
    a, b, c = dice.between(2, 7), dice.between(2, 5), dice.between(2, 3)
    return {"p": p, "q": q, "r": r, "a": a, "b": b, "c": c}


DIVISORS = Template(
    name="divisors",
    subset=SUBSET,
    draw=_divisors,
    typeset=True,
    asks=wordings(
        "How many positive divisors does [[<p>^{<a>} * <q>^{<b>} * <r>^{<c>}]] have, apart from 1 "
        "and the number itself?",
        "Let [[n = <p>^{<a>} * <q>^{<b>} * <r>^{<c>}]]. Count the divisors of [[n]] that are "
        "greater than 1 and less than [[n]].",
    ),
    goals=wordings(
        "a divisor is a choice of an exponent for each prime, from 0 up to the one in the number.",
        "we count all divisors from the exponents and leave two of them out at the end.",
    ),
    moves=(
        move(
            "u",
            lambda v: v.a + 1,
            "[[<a> + 1 = <u>]].",
            "for the prime [[<p>]] there are [[<a> + 1 = <u>]] possible exponents.",
            "the exponent of [[<p>]] can take [[<a> + 1 = <u>]] values.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.a,
                    "the exponent of [[<p>]] can take [[<u>]] values.",
                    "the exponent 0 is possible too, so there is one value more.",
                ),
            ),
        ),
        move(
            "w",
            lambda v: v.b + 1,
            "[[<b> + 1 = <w>]].",
            "for [[<q>]] there are [[<b> + 1 = <w>]].",
            "that of [[<q>]] can take [[<b> + 1 = <w>]] values.",
        ),
        move(
            "y",
            lambda v: v.c + 1,
            "[[<c> + 1 = <y>]].",
            "for [[<r>]] there are [[<c> + 1 = <y>]].",
            "and that of [[<r>]] can take [[<c> + 1 = <y>]] values.",
            wrong=(
                wrong(
                    "context",
                    lambda v: v.b + 1,
                    "for [[<r>]] there are [[<b> + 1 = <y>]].",
                    "[[<b>]] is the exponent of [[<q>]]; that of [[<r>]] is [[<c>]].",
                ),
            ),
        ),
        move(
            "all",
            lambda v: v.u * v.w * v.y,
            "[[<u> * <w> * <y> = <all>]].",
            "the choices are independent, so there are [=<u> * <w> * <y> = <all>=] divisors.",
            "multiplying, the number has [[<u> * <w> * <y> = <all>]] divisors.",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.u + v.w + v.y,
                    "altogether that makes [[<u> + <w> + <y> = <all>]] divisors.",
                    "every choice for one prime goes with every choice for the others, so the "
                    "numbers are multiplied.",
                ),
            ),
        ),
        move(
            "proper",
            lambda v: v.all - 2,
            "[[<all> - 2 = <proper>]].",
            "without 1 and the number itself, [[<all> - 2 = <proper>]] are left.",
            "two of these don't count, which leaves [[<all> - 2 = <proper>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.all - 1,
                    "without the number itself, [[<all> - 1 = <proper>]] are left.",
                    "1 is to be left out as well.",
                ),
            ),
        ),
    ),
    concludes=wordings("there are [[<proper>]] such divisors", "the count is [[<proper>]]"),
    missing="1 and the number itself are still counted",
)


def _common(dice: Dice) -> dict[str, Any]:
    g, x = dice.between(2, 30), dice.between(3, 20)
    y = x + dice.pick((1, 2, 3, 5, 7))
    return {"a": g * y, "b": g * x, "k": dice.between(2, 9), "g": _gcd(g * y, g * x)}


def _gcd(a: int, b: int) -> int:
    return a if b == 0 else _gcd(b, a % b)


COMMON = Template(
    name="lights",
    subset=SUBSET,
    draw=_common,
    typeset=True,
    asks=wordings(
        "One light flashes every [[<a>]] seconds, another every [[<b>]] seconds, and just now both "
        "flash together. After how many seconds will they have flashed together [[<k>]] more "
        "times? (The greatest common divisor of the two numbers is [[<g>]].)",
        "Given that [[\\gcd(<a>, <b>) = <g>]], find [[<k>]] times the least common multiple of "
        "[[<a>]] and [[<b>]].",
    ),
    goals=wordings(
        "the least common multiple follows from [=\\operatorname{lcm}(a, b) = "
        "\\frac{ab}{\\gcd(a, b)}.=]",
        "both patterns meet at each common multiple, so we want the least one.",
    ),
    moves=(
        move(
            "part",
            lambda v: quotient(v.a, v.g),
            "[[<a> / <g> = <part>]].",
            "we divide one of the numbers by the common divisor: [[<a> / <g> = <part>]].",
            "since [[\\gcd(<a>, <b>) = <g>]], we take [[<a> / <g> = <part>]].",
        ),
        move(
            "lcm",
            lambda v: v.part * v.b,
            "[[<part> * <b> = <lcm>]].",
            "times the other one, the least common multiple is [=<part> * <b> = <lcm>.=]",
            "then [[\\operatorname{lcm}(<a>, <b>)]] is [[<part> * <b> = <lcm>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.a * v.b,
                    "a common multiple is the product, [[<a> * <b> = <lcm>]].",
                    "the product is a common multiple but not the least, since both numbers share "
                    "the factor [[<g>]].",
                ),
                wrong(
                    "context",
                    lambda v: v.part * v.a,
                    "times the other one, the least common multiple is [[<part> * <a> = <lcm>]].",
                    "[[<a>]] is the number that was divided; the other one is [[<b>]].",
                ),
            ),
        ),
        move(
            "result",
            lambda v: v.k * v.lcm,
            "[[<k> * <lcm> = <result>]].",
            "the [[<k>]]-fold of this is [[<k> * <lcm> = <result>]].",
            "taking it [[<k>]] times, we get [[<k> * <lcm> = <result>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.k + v.lcm,
                    "taking it [[<k>]] times, we get [[<k> + <lcm> = <result>]].",
                    "each further time adds the whole multiple again, so we multiply.",
                ),
            ),
        ),
    ),
    concludes=wordings("the result is [[<result>]]", "the number is [[<result>]]"),
    missing="this is the least common multiple, taken once",
)

# The longest run has this many terms, and two moves for each.
LONGEST_RUN = 19


def _term_moves(number: int) -> tuple[Move, Move]:
    """Return the moves from one term to the next: the product, then its remainder."""
    return _product_move(number), _remainder_move(number)


def _product_move(number: int) -> Move:
    before, product = f"x{number - 1}", f"t{number}"
    return move(
        product,
        lambda v: v.m * getattr(v, before) + v.c,
        f"[[<m> * <{before}> + <c> = <{product}>]].",
        f"for [[x_{{{number}}}]] we need [[<m> * <{before}> + <c> = <{product}>]].",
        f"from [[x_{{{number - 1}}} = <{before}>]] we get "
        f"[[<m> * <{before}> + <c> = <{product}>]].",
        wrong=(
            wrong(
                "conceptual",
                lambda v: v.m * (getattr(v, before) + v.c),
                f"for [[x_{{{number}}}]] we need [[<m> * (<{before}> + <c>) = <{product}>]].",
                "the rule multiplies first and then adds [[<c>]].",
            ),
            wrong(
                "completeness",
                lambda v: v.m * getattr(v, before),
                f"for [[x_{{{number}}}]] we need [[<m> * <{before}> = <{product}>]].",
                "the rule also adds [[<c>]].",
            ),
        ),
    )


def _remainder_move(number: int) -> Move:
    product, after = f"t{number}", f"x{number}"
    return move(
        after,
        lambda v: getattr(v, product) % v.n,
        f"[[x_{{{number}}} = <{after}>]].",
        f"dividing [[<{product}>]] by [[<n>]] leaves the remainder [[x_{{{number}}} = <{after}>]].",
        f"the remainder of [[<{product}>]] modulo [[<n>]] is [[<{after}>]], so "
        f"[[x_{{{number}}} = <{after}>]].",
        wrong=(
            wrong(
                "logical",
                lambda v: getattr(v, product) // v.n,
                f"the whole part of [[<{product}> / <n>]] is [[<{after}>]], so "
                f"[[x_{{{number}}} = <{after}>]].",
                "the remainder is asked for, not how often the number goes in.",
            ),
        ),
    )


def _run(dice: Dice) -> dict[str, Any]:
    terms = dice.between(2, 5) if dice.chance(0.75) else dice.between(6, LONGEST_RUN)
    n = dice.between(11, 60)
    values = {"m": dice.between(2, 9), "c": dice.between(1, 15), "n": n, "x0": dice.between(2, 10)}
    return {**values, "terms": str(terms), "moves": 2 * terms}


RUN = Template(
    name="remainders",
    subset=SUBSET,
    draw=_run,
    typeset=True,
    length="moves",
    asks=wordings(
        "A sequence starts with [[x_0 = <x0>]]. Each next term is the remainder of "
        "[[<m>x_k + <c>]] when divided by [[<n>]]. Find [[x_{<terms>}]].",
        "Let [[x_0 = <x0>]] and [=x_{k+1} \\equiv <m>x_k + <c> \\pmod{<n>}, \\quad "
        "0 \\le x_{k+1} < <n>.=] What is [[x_{<terms>}]]?",
    ),
    goals=wordings(
        "we work out the terms one after the other up to [[x_{<terms>}]].",
        "there is nothing for it but to follow the rule <terms> times.",
    ),
    moves=tuple(step for number in range(1, LONGEST_RUN + 1) for step in _term_moves(number)),
    concludes=wordings("[[x_{<terms>}]] is [[<answer>]]", "the term asked for is [[<answer>]]"),
    positive=False,
)

TEMPLATES = (DIVISORS, COMMON, RUN)
