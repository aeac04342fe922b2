"""Equations, systems and series, set in LaTeX."""

from math import isqrt
from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

SUBSET = "algebra"
SHOWS = ("school play", "puppet show", "chess tournament", "concert", "film night", "open day")


def _linear(dice: Dice) -> dict[str, Any]:
    x, c, gap = dice.between(2, 15), dice.between(2, 9), dice.between(2, 9)
    b = dice.between(1, 30)
    m = dice.between(2, 6)
    return {"a": c + gap, "b": b, "c": c, "d": gap * x + b, "m": m, "n": dice.between(2, 20)}


LINEAR = Template(
    name="linear",
    subset=SUBSET,
    draw=_linear,
    typeset=True,
    asks=wordings(
        "Solve [[<a>x + <b> = <c>x + <d>]] and give the value of [[<m>x + <n>]].",
        "If [[<a>x + <b> = <c>x + <d>]], what is [[<m>x + <n>]]?",
        "The number [[x]] satisfies [=<a>x + <b> = <c>x + <d>.=] Find [[<m>x + <n>]].",
    ),
    goals=wordings(
        "we solve for [[x]] first and then put it into [[<m>x + <n>]].",
        "the plan is to bring the terms with [[x]] to one side.",
    ),
    moves=(
        move(
            "k",
            lambda v: v.a - v.c,
            "[[<a> - <c> = <k>]], so [[<k>x + <b> = <d>]].",
            "subtract [[<c>x]] from both sides. Since [[<a> - <c> = <k>]], this leaves "
            "[=<k>x + <b> = <d>.=]",
            "collecting the terms with [[x]] on the left, [[<a> - <c> = <k>]], and we have "
            "[[<k>x + <b> = <d>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.a + v.c,
                    "bring [[<c>x]] to the left: [[<a> + <c> = <k>]], so [[<k>x + <b> = <d>]].",
                    "a term that changes sides changes its sign: [[<c>x]] has to be subtracted.",
                ),
            ),
        ),
        move(
            "e",
            lambda v: v.d - v.b,
            "[[<d> - <b> = <e>]], so [[<k>x = <e>]].",
            "now subtract [[<b>]] on both sides: [[<d> - <b> = <e>]], hence [[<k>x = <e>]].",
            "moving [[<b>]] to the right gives [[<d> - <b> = <e>]], that is [=<k>x = <e>.=]",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.d + v.b,
                    "moving [[<b>]] to the right gives [[<d> + <b> = <e>]], that is "
                    "[=<k>x = <e>.=]",
                    "[[<b>]] is added on the left, so it is subtracted on the right.",
                ),
            ),
        ),
        move(
            "x",
            lambda v: quotient(v.e, v.k),
            "[[x = <e> / <k> = <x>]].",
            "dividing both sides by [[<k>]], we find [=x = <e> / <k> = <x>.=]",
            "divide by [[<k>]] to get [[x = <e> / <k> = <x>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.e - v.k,
                    "take [[<k>]] away from both sides: [[x = <e> - <k> = <x>]].",
                    "[[<k>x]] is [[<k>]] times [[x]], so we divide by [[<k>]]; subtracting it "
                    "does not leave [[x]].",
                ),
            ),
        ),
        move(
            "y",
            lambda v: v.m * v.x + v.n,
            "[[<m> * <x> + <n> = <y>]].",
            "finally [[<m>x + <n>]] is [[<m> * <x> + <n> = <y>]].",
            "putting [[x = <x>]] in, we get [[<m> * <x> + <n> = <y>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.m * (v.x + v.n),
                    "putting [[x = <x>]] in, we get [[<m> * (<x> + <n>) = <y>]].",
                    "only [[x]] is multiplied by [[<m>]]; there are no brackets around "
                    "[[x + <n>]].",
                ),
            ),
        ),
    ),
    concludes=wordings("[[<m>x + <n>]] equals [[<y>]]", "the value is [[<y>]]"),
    missing="this is the value of x, but the expression that is asked for is not worked out",
)


def _quadratic(dice: Dice) -> dict[str, Any]:
    p, gap = dice.between(2, 15), dice.between(1, 14)
    return {"s": 2 * p + gap, "m": p * (p + gap), "n": dice.between(2, 30)}


QUADRATIC = Template(
    name="quadratic",
    subset=SUBSET,
    draw=_quadratic,
    typeset=True,
    asks=wordings(
        "Let [[x]] be the larger root of [=x^2 - <s>x + <m> = 0.=] Find [[x + <n>]].",
        "What is [[<n>]] more than the larger solution of [[x^2 - <s>x + <m> = 0]]?",
    ),
    goals=wordings(
        "the quadratic formula gives both roots, and we take the larger one.",
        "we solve the equation [[x^2 - <s>x + <m> = 0]] with its discriminant.",
    ),
    moves=(
        move(
            "square",
            lambda v: v.s * v.s,
            "[[<s>^2 = <square>]].",
            "for the discriminant [[b^2 - 4ac]] we need [[<s>^2 = <square>]].",
            "here [[a = 1]], [[b = -<s>]] and [[c = <m>]], and [[<s>^2 = <square>]].",
        ),
        move(
            "four",
            lambda v: 4 * v.m,
            "[[4 * <m> = <four>]].",
            "also, [[4ac]] is [[4 * <m> = <four>]].",
            "the other part of the discriminant is [[4 * <m> = <four>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.m,
                    "the other part of the discriminant is [[<four>]].",
                    "the discriminant is [[b^2 - 4ac]]; the factor 4 is left out.",
                ),
            ),
        ),
        move(
            "disc",
            lambda v: v.square - v.four,
            "[[D = <square> - <four> = <disc>]].",
            "so the discriminant is [=D = <square> - <four> = <disc>.=]",
            "subtracting, [[D = <square> - <four> = <disc>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.square + v.four,
                    "so the discriminant is [=D = <square> + <four> = <disc>.=]",
                    "[[c]] is positive here, so [[4ac]] is subtracted.",
                ),
            ),
        ),
        move(
            "root",
            lambda v: isqrt(v.disc) if isqrt(v.disc) ** 2 == v.disc else -1,
            "[[\\sqrt{<disc>} = <root>]].",
            "its square root is [[\\sqrt{<disc>} = <root>]].",
            "we take the root: [[\\sqrt{<disc>} = <root>]].",
        ),
        move(
            "x",
            lambda v: quotient(v.s + v.root, 2),
            "[[x = (<s> + <root>) / 2 = <x>]].",
            "the larger root has the plus sign: [=x = (<s> + <root>) / 2 = <x>.=]",
            "with the formula, the larger solution is [[x = (<s> + <root>) / 2 = <x>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: quotient(v.s - v.root, 2),
                    "with the formula, the solution is [[x = (<s> - <root>) / 2 = <x>]].",
                    "the minus sign gives the smaller root, and the larger one is asked for.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.s + v.root,
                    "the larger root has the plus sign: [[x = <s> + <root> = <x>]].",
                    "the formula divides by [[2a]], which is 2 here.",
                ),
            ),
        ),
        move(
            "y",
            lambda v: v.x + v.n,
            "[[<x> + <n> = <y>]].",
            "adding [[<n>]] gives [[<x> + <n> = <y>]].",
            "what we are asked for is [[<x> + <n> = <y>]].",
        ),
    ),
    concludes=wordings("[[x + <n>]] is [[<y>]]", "the number asked for is [[<y>]]"),
    missing="the root is found, but the number asked for is larger by what has to be added",
)


def _tickets(dice: Dice) -> dict[str, Any]:
    adults, children = dice.between(15, 160), dice.between(15, 160)
    q = dice.between(2, 9)
    p = q + dice.between(2, 8)
    return {
        **dice.people("who"),
        "show": dice.pick(SHOWS),
        "n": adults + children,
        "p": p,
        "q": q,
        "r": p * adults + q * children,
    }


TICKETS = Template(
    name="tickets",
    subset=SUBSET,
    draw=_tickets,
    typeset=True,
    asks=wordings(
        "For a <show>, <n> tickets are sold for [[<r>]] euros in total. An adult pays <p> euros, "
        "a child <q> euros. How many children came?",
        "<who> sells <n> tickets for a <show> and takes in [[<r>]] euros. Tickets cost <p> euros "
        "for adults and <q> euros for children. How many tickets were for children?",
    ),
    goals=wordings(
        "let [[x]] be the number of adults and [[y]] the number of children.",
        "write [[x]] for adults and [[y]] for children, so that "
        "[=x + y &= <n> \\\\ <p>x + <q>y &= <r>.=]",
    ),
    moves=(
        move(
            "base",
            lambda v: v.q * v.n,
            "if all paid the child's price: [[<q> * <n> = <base>]].",
            "with [[x]] adults and [[y]] children, [=x + y &= <n> \\\\ <p>x + <q>y &= <r>.=] "
            "The first equation, taken [[<q>]] times, has [[<q> * <n> = <base>]] on the right.",
            "if everybody had paid the child's price, there would be [[<q> * <n> = <base>]] euros.",
            wrong=(
                wrong(
                    "context",
                    lambda v: v.p * v.n,
                    "if everybody had paid the child's price, there would be "
                    "[[<p> * <n> = <base>]] euros.",
                    "[[<p>]] is the price for adults; children pay [[<q>]].",
                ),
            ),
        ),
        move(
            "more",
            lambda v: v.r - v.base,
            "[[<r> - <base> = <more>]].",
            "the total is larger than that by [[<r> - <base> = <more>]] euros.",
            "compared with this, [[<r> - <base> = <more>]] euros more were paid.",
        ),
        move(
            "gap",
            lambda v: v.p - v.q,
            "[[<p> - <q> = <gap>]] more for each of the [[x]] adults, so [[<gap>x = <more>]].",
            "each of the [[x]] adults pays [[<p> - <q> = <gap>]] euros more, so "
            "[[<gap>x = <more>]].",
            "the difference in price is [[<p> - <q> = <gap>]], and therefore [=<gap>x = <more>.=]",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.p,
                    "each adult pays <gap> euros, so [[<gap>x = <more>]].",
                    "the <q> euros that everybody pays are taken off already, so only the "
                    "difference [[<p> - <q>]] counts.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.p + v.q,
                    "together the prices are [[<p> + <q> = <gap>]], so [[<gap>x = <more>]].",
                    "elimination subtracts the equations, so the coefficient of [[x]] is "
                    "[[<p> - <q>]].",
                ),
            ),
        ),
        move(
            "x",
            lambda v: quotient(v.more, v.gap),
            "[[x = <more> / <gap> = <x>]].",
            "this gives [[x = <more> / <gap> = <x>]] adults.",
            "dividing, we find [=x = <more> / <gap> = <x>.=]",
        ),
        move(
            "y",
            lambda v: v.n - v.x,
            "[[y = <n> - <x> = <y>]].",
            "the others are children: [[y = <n> - <x> = <y>]].",
            "the number of children is what remains: [[y = <n> - <x> = <y>]].",
        ),
    ),
    concludes=wordings("[[<y>]] children came", "[[<y>]] tickets were for children"),
    missing="this is the number of adults, but the children are asked for",
)


def _series(dice: Dice) -> dict[str, Any]:
    return {"a": dice.between(2, 40), "d": dice.between(2, 15), "n": dice.between(8, 60)}


SERIES = Template(
    name="series",
    subset=SUBSET,
    draw=_series,
    typeset=True,
    asks=wordings(
        "An arithmetic sequence starts with [[<a>]] and grows by [[<d>]] from term to term. "
        "Find the sum of its first <n> terms.",
        "Compute [=\\sum_{k=1}^{<n>} \\bigl(<a> + <d>(k - 1)\\bigr).=]",
    ),
    goals=wordings(
        "the sum of an arithmetic sequence is the number of terms times the mean of the first "
        "and the last.",
        "we need the last term, and then [=S = \\frac{n (a_1 + a_n)}{2}.=]",
    ),
    moves=(
        move(
            "gaps",
            lambda v: v.n - 1,
            "[[<n> - 1 = <gaps>]] steps.",
            "from the first to the last term there are [[<n> - 1 = <gaps>]] steps.",
            "to reach term number <n> we go up [[<n> - 1 = <gaps>]] times.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.n,
                    "to reach term number <n> we go up <gaps> times.",
                    "the first term needs no step, so there is one step fewer than terms.",
                ),
            ),
        ),
        move(
            "rise",
            lambda v: v.gaps * v.d,
            "[[<gaps> * <d> = <rise>]].",
            "each adds [[<d>]], which makes [[<gaps> * <d> = <rise>]].",
            "so the terms grow by [[<gaps> * <d> = <rise>]] in all.",
        ),
        move(
            "last",
            lambda v: v.a + v.rise,
            "[[<a> + <rise> = <last>]].",
            "the last term is [[<a> + <rise> = <last>]].",
            "therefore [=a_{<n>} = <a> + <rise> = <last>.=]",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.rise,
                    "the last term is [[<last>]].",
                    "the sequence starts at [[<a>]], which has to be added.",
                ),
            ),
        ),
        move(
            "ends",
            lambda v: v.a + v.last,
            "[[<a> + <last> = <ends>]].",
            "first and last term together make [[<a> + <last> = <ends>]].",
            "we add the ends: [[<a> + <last> = <ends>]].",
        ),
        move(
            "sum",
            lambda v: quotient(v.n * v.ends, 2),
            "[[<n> * <ends> / 2 = <sum>]].",
            "the sum is [=S = <n> * <ends> / 2 = <sum>.=]",
            "with <n> terms, [[S = <n> * <ends> / 2 = <sum>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.n * v.ends,
                    "with <n> terms, [[S = <n> * <ends> = <sum>]].",
                    "the mean of first and last term is half of their sum.",
                ),
                wrong(
                    "logical",
                    lambda v: v.n * v.last,
                    "there are <n> terms, so [[S = <n> * <last> = <sum>]].",
                    "not every term is as large as the last.",
                ),
            ),
        ),
    ),
    concludes=wordings("the sum is [[<sum>]]", "the first <n> terms add up to [[<sum>]]"),
)

TEMPLATES = (LINEAR, QUADRATIC, TICKETS, SERIES)
