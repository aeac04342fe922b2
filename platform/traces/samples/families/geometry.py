"""Lengths, areas and volumes, set in LaTeX."""

from math import isqrt
from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

SUBSET = "geometry"
TRIPLES = ((3, 4), (5, 12), (8, 15), (7, 24), (20, 21), (9, 40), (12, 35))
PONDS = ("pond", "fountain", "flower bed", "bandstand", "sandpit", "statue's base")


def _triangle(dice: Dice) -> dict[str, Any]:
    a, b = dice.pick(TRIPLES)
    scale = dice.between(1, 9)
    if dice.chance(0.5):
        a, b = b, a
    return {"a": a * scale, "b": b * scale, "t": dice.between(2, 12)}


TRIANGLE = Template(
    name="triangle",
    subset=SUBSET,
    draw=_triangle,
    typeset=True,
    asks=wordings(
        "The legs of a right triangle are [[<a>]] cm and [[<b>]] cm long. A wire is bent around "
        "the triangle <t> times. How long is the wire, in centimetres?",
        "In triangle [[ABC]] with a right angle at [[C]], [[AC]] is [[<a>]] cm and [[BC]] is "
        "[[<b>]] cm. What is <t> times its perimeter, in centimetres?",
    ),
    goals=wordings(
        "the hypotenuse is missing, and Pythagoras' theorem will give it.",
        "we need the perimeter, so first the hypotenuse [[c]] from [[c^2 = a^2 + b^2]].",
    ),
    moves=(
        move(
            "p",
            lambda v: v.a * v.a,
            "[[<a>^2 = <p>]].",
            "the square of one leg is [[<a>^2 = <p>]].",
            "we square the first leg: [[<a>^2 = <p>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: 2 * v.a,
                    "the square of one leg is [[2 * <a> = <p>]].",
                    "squaring means multiplying [[<a>]] by itself, not by 2.",
                ),
            ),
        ),
        move(
            "q",
            lambda v: v.b * v.b,
            "[[<b>^2 = <q>]].",
            "the square of the other leg is [[<b>^2 = <q>]].",
            "in the same way, [[<b>^2 = <q>]].",
        ),
        move(
            "r",
            lambda v: v.p + v.q,
            "[[c^2 = <p> + <q> = <r>]].",
            "by Pythagoras, [=c^2 = <p> + <q> = <r>.=]",
            "their sum is the square of the hypotenuse: [[c^2 = <p> + <q> = <r>]].",
        ),
        move(
            "c",
            lambda v: isqrt(v.r) if isqrt(v.r) ** 2 == v.r else -1,
            "[[c = \\sqrt{<r>} = <c>]].",
            "hence [[c = \\sqrt{<r>} = <c>]] cm.",
            "taking the root, the hypotenuse is [[\\sqrt{<r>} = <c>]] cm long.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: quotient(v.r, 2),
                    "halving this, the hypotenuse is [[<r> / 2 = <c>]] cm long.",
                    "the square is undone by a square root, not by halving.",
                ),
                wrong(
                    "logical",
                    lambda v: v.a + v.b,
                    "the root of a sum is the sum of the roots, so [[c = <a> + <b> = <c>]].",
                    "the root of a sum is not the sum of the roots; a side of a triangle is always "
                    "shorter than the other two together.",
                ),
            ),
        ),
        move(
            "u",
            lambda v: v.a + v.b + v.c,
            "[[<a> + <b> + <c> = <u>]].",
            "the perimeter is [[<a> + <b> + <c> = <u>]] cm.",
            "once around the triangle makes [[<a> + <b> + <c> = <u>]] cm.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.a + v.b,
                    "once around the triangle makes [[<a> + <b> = <u>]] cm.",
                    "the hypotenuse belongs to the perimeter as well.",
                ),
            ),
        ),
        move(
            "w",
            lambda v: v.t * v.u,
            "[[<t> * <u> = <w>]].",
            "<t> times that is [[<t> * <u> = <w>]] cm.",
            "going around <t> times takes [[<t> * <u> = <w>]] cm.",
        ),
    ),
    concludes=wordings("the length is [[<w>]] cm", "the result is [[<w>]] cm"),
    missing="this is the perimeter taken once only",
)


def _ring(dice: Dice) -> dict[str, Any]:
    return {
        "thing": dice.pick(PONDS),
        "diameter": 2 * dice.between(2, 20),
        "path": dice.between(1, 9),
        "turf": dice.between(2, 25),
    }


RING = Template(
    name="ring",
    subset=SUBSET,
    draw=_ring,
    typeset=True,
    asks=wordings(
        "A round <thing> is [[<diameter>]] m across. A path [[<path>]] m wide runs around it. The "
        "area of the path is [[k\\pi]] square metres. Find [[k]].",
        "Around a circular <thing> with a diameter of [[<diameter>]] m lies a path with a width of "
        "[[<path>]] m. Its area is [[k\\pi]] square metres; what is [[k]]?",
    ),
    goals=wordings(
        "the path is a ring: the area of the large circle less that of the small one.",
        "with radii [[R]] and [[r]], the area of the ring is [=\\pi R^2 - \\pi r^2.=]",
    ),
    moves=(
        move(
            "r",
            lambda v: quotient(v.diameter, 2),
            "[[r = <diameter> / 2 = <r>]].",
            "the radius of the <thing> is [[<diameter> / 2 = <r>]] m.",
            "half of the diameter is the inner radius, [[r = <diameter> / 2 = <r>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.diameter,
                    "the inner radius is [[r = <r>]].",
                    "[[<diameter>]] m is the diameter, and the radius is half of it.",
                ),
            ),
        ),
        move(
            "big",
            lambda v: v.r + v.path,
            "[[R = <r> + <path> = <big>]].",
            "with the path, the outer radius is [[R = <r> + <path> = <big>]].",
            "adding the width of the path gives [[R = <r> + <path> = <big>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.r + 2 * v.path,
                    "the path lies on both sides, so [[R = <r> + 2 * <path> = <big>]].",
                    "the radius runs from the middle outwards and crosses the path only once.",
                ),
            ),
        ),
        move(
            "outer",
            lambda v: v.big * v.big,
            "[[<big>^2 = <outer>]].",
            "the large circle has the area [[\\pi R^2]] with [[<big>^2 = <outer>]].",
            "for the large circle we have [[<big>^2 = <outer>]].",
        ),
        move(
            "inner",
            lambda v: v.r * v.r,
            "[[<r>^2 = <inner>]].",
            "for the small one, [[<r>^2 = <inner>]].",
            "the <thing> itself has [[\\pi r^2]] with [[<r>^2 = <inner>]].",
        ),
        move(
            "k",
            lambda v: v.outer - v.inner,
            "[[<outer> - <inner> = <k>]].",
            "the difference is [=k = <outer> - <inner> = <k>.=]",
            "so the ring has the area [[<outer>\\pi - <inner>\\pi]], with "
            "[[<outer> - <inner> = <k>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: (v.big - v.r) ** 2,
                    "the ring has [[(<big> - <r>)^2 = <k>]].",
                    "the difference of two squares is not the square of the difference.",
                ),
                wrong(
                    "completeness",
                    lambda v: v.outer,
                    "so the area is [[<k>\\pi]].",
                    "the <thing> in the middle does not belong to the path.",
                ),
            ),
        ),
    ),
    concludes=wordings("the area is [[<k>\\pi]] square metres", "[[k]] equals [[<k>]]"),
)


def _box(dice: Dice) -> dict[str, Any]:
    a, b, c = (dice.between(4, 40) for _ in range(3))
    return {"a": a, "b": b, "c": c, "n": dice.between(2, 12)}


BOX = Template(
    name="box",
    subset=SUBSET,
    draw=_box,
    typeset=True,
    asks=wordings(
        "An open box without a lid has a base of [[<a>]] cm by [[<b>]] cm and is [[<c>]] cm high. "
        "How many square centimetres of cardboard do <n> such boxes take?",
        "A planter has a rectangular bottom, [[<a>]] cm by [[<b>]] cm, four walls that are [[<c>]] "
        "cm high, and no top. What is the total outer surface of <n> planters in square "
        "centimetres?",
    ),
    goals=wordings(
        "there are five faces: the bottom and four walls, two and two alike.",
        "without a lid, the surface is [=ab + 2ac + 2bc.=]",
    ),
    moves=(
        move(
            "bottom",
            lambda v: v.a * v.b,
            "[[<a> * <b> = <bottom>]].",
            "the bottom has an area of [[<a> * <b> = <bottom>]].",
            "for the bottom we get [[<a> * <b> = <bottom>]] square centimetres.",
        ),
        move(
            "long",
            lambda v: 2 * v.a * v.c,
            "[[2 * <a> * <c> = <long>]].",
            "two walls measure [[2 * <a> * <c> = <long>]] together.",
            "the front and the back come to [[2 * <a> * <c> = <long>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.a * v.c,
                    "the front comes to [[<a> * <c> = <long>]].",
                    "the back is as large as the front and has to be counted too.",
                ),
            ),
        ),
        move(
            "short",
            lambda v: 2 * v.b * v.c,
            "[[2 * <b> * <c> = <short>]].",
            "the other two walls have [[2 * <b> * <c> = <short>]].",
            "left and right make [[2 * <b> * <c> = <short>]].",
            wrong=(
                wrong(
                    "context",
                    lambda v: 2 * v.a * v.b,
                    "the other two walls have [[2 * <a> * <b> = <short>]].",
                    "the walls on the left and right are [[<b>]] cm by [[<c>]] cm.",
                ),
            ),
        ),
        move(
            "surface",
            lambda v: v.bottom + v.long + v.short,
            "[[<bottom> + <long> + <short> = <surface>]].",
            "in all, one box takes [=<bottom> + <long> + <short> = <surface>.=]",
            "adding the five faces gives [[<bottom> + <long> + <short> = <surface>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: 2 * v.bottom + v.long + v.short,
                    "in all, one box takes [=2 * <bottom> + <long> + <short> = <surface>.=]",
                    "there is no lid, so the bottom counts only once.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.a * v.b * v.c,
                    "so one box takes [[<a> * <b> * <c> = <surface>]].",
                    "length times width times height is the volume, not the surface.",
                ),
            ),
        ),
        move(
            "all",
            lambda v: v.n * v.surface,
            "[[<n> * <surface> = <all>]].",
            "<n> of them take [[<n> * <surface> = <all>]].",
            "multiplying by <n>, we have [[<n> * <surface> = <all>]].",
        ),
    ),
    concludes=wordings(
        "the area is [[<all>]] square centimetres", "[[<all>]] square centimetres are needed"
    ),
    missing="this is the surface of a single one",
)

TEMPLATES = (TRIANGLE, RING, BOX)
