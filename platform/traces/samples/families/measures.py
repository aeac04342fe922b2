"""Problems with volumes and lengths in mixed units."""

from fractions import Fraction
from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

SUBSET = "units"
DRINKS = ("apple juice", "lemonade", "iced tea", "vegetable soup", "hot chocolate", "punch")


def _canteen(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "drink": dice.pick(DRINKS),
        "litres": dice.between(3, 36),
        "spilled": dice.pick((120, 250, 300, 400, 450, 600, 750, 800)),
        "cup": dice.pick((150, 180, 200, 225, 250, 300)),
        "guests": dice.between(6, 40),
    }


CANTEEN = Template(
    name="canteen",
    subset=SUBSET,
    draw=_canteen,
    asks=wordings(
        "<who> makes <litres> litres of <drink>, but <spilled> ml are spilled. The rest is poured "
        "into cups of <cup> ml. <guests> guests take one cup each. How many cups remain?",
        "From a pot with <litres> litres of <drink>, <spilled> ml go to waste. <who> fills cups of "
        "<cup> ml with the rest and gives one to each of <guests> guests. "
        "How many cups are left over?",
    ),
    goals=wordings(
        "litres and millilitres are mixed here, so we work in millilitres throughout.",
        "we find out how many cups can be filled, and take off those of the guests.",
    ),
    moves=(
        move(
            "ml",
            lambda v: v.litres * 1000,
            "[[<litres> * 1000 = <ml>]] ml.",
            "a litre is 1000 ml, so there are [[<litres> * 1000 = <ml>]] ml at first.",
            "in millilitres, <who> has [[<litres> * 1000 = <ml>]] ml.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.litres * 100,
                    "in millilitres, <who> has [[<litres> * 100 = <ml>]] ml.",
                    "a litre has 1000 millilitres; 100 is the number of centilitres.",
                ),
                wrong(
                    "numeric",
                    lambda v: v.litres * 10_000,
                    "in millilitres, <who> has [[<litres> * 10000 = <ml>]] ml.",
                    "there is a zero too many: a litre has 1000 millilitres.",
                ),
            ),
        ),
        move(
            "rest",
            lambda v: v.ml - v.spilled,
            "[[<ml> - <spilled> = <rest>]] ml.",
            "without what is spilled, [[<ml> - <spilled> = <rest>]] ml are left.",
            "<spilled> ml are lost, which leaves [[<ml> - <spilled> = <rest>]] ml.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.ml,
                    "so there are <rest> ml to pour.",
                    "the <spilled> ml that were spilled are still counted.",
                ),
            ),
        ),
        move(
            "cups",
            lambda v: quotient(v.rest, v.cup),
            "[[<rest> / <cup> = <cups>]] cups.",
            "this fills [[<rest> / <cup> = <cups>]] cups of <cup> ml.",
            "each cup takes <cup> ml, so we get [[<rest> / <cup> = <cups>]] cups.",
            wrong=(
                wrong(
                    "context",
                    lambda v: quotient(v.rest, v.guests),
                    "shared among <guests> guests, this is [[<rest> / <guests> = <cups>]] cups.",
                    "the size of a cup decides how many are filled, not the number of guests.",
                ),
            ),
        ),
        move(
            "over",
            lambda v: v.cups - v.guests,
            "[[<cups> - <guests> = <over>]].",
            "after each guest has taken one, [[<cups> - <guests> = <over>]] cups remain.",
            "<guests> of them go to the guests: [[<cups> - <guests> = <over>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.cups + v.guests,
                    "with the guests' cups that makes [[<cups> + <guests> = <over>]].",
                    "the cups of the guests come out of those that were filled.",
                ),
            ),
        ),
    ),
    concludes=wordings("<over> cups remain", "<who> has <over> cups left over"),
    missing="the cups of the guests still have to be taken off",
)


def _tiles(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "length": Fraction(dice.between(9, 40), 5),
        "width": Fraction(dice.between(6, 25), 5),
        "tile": dice.pick((10, 20, 25, 40, 50)),
        "spare": dice.between(4, 30),
    }


TILES = Template(
    name="tiles",
    subset=SUBSET,
    draw=_tiles,
    asks=wordings(
        "<who> tiles a floor <length> m long and <width> m wide with square tiles whose sides are "
        "<tile> cm, and buys <spare> tiles more as a reserve. How many tiles does <who> buy?",
        "A terrace measures <length> m by <width> m. It is laid with square tiles of <tile> cm by "
        "<tile> cm. With a reserve of <spare> tiles, how many tiles does <who> have to order?",
    ),
    goals=wordings(
        "we count how many tiles lie along each side; for that everything has to be in cm.",
        "the floor is in metres and the tiles in centimetres, so we convert first.",
    ),
    moves=(
        move(
            "long",
            lambda v: v.length * 100,
            "[[<length> * 100 = <long>]] cm.",
            "the longer side is [[<length> * 100 = <long>]] cm.",
            "in centimetres, the floor is [[<length> * 100 = <long>]] cm long.",
            wrong=(
                wrong(
                    "numeric",
                    lambda v: v.length * 1000,
                    "the longer side is [[<length> * 1000 = <long>]] cm.",
                    "a metre has 100 centimetres, not 1000.",
                ),
            ),
        ),
        move(
            "wide",
            lambda v: v.width * 100,
            "[[<width> * 100 = <wide>]] cm.",
            "the other side is [[<width> * 100 = <wide>]] cm.",
            "its width is [[<width> * 100 = <wide>]] cm.",
        ),
        move(
            "along",
            lambda v: quotient(v.long, v.tile),
            "[[<long> / <tile> = <along>]] tiles along.",
            "along the length lie [[<long> / <tile> = <along>]] tiles.",
            "one row has [[<long> / <tile> = <along>]] tiles.",
        ),
        move(
            "across",
            lambda v: quotient(v.wide, v.tile),
            "[[<wide> / <tile> = <across>]] across.",
            "across the width lie [[<wide> / <tile> = <across>]] tiles.",
            "there are [[<wide> / <tile> = <across>]] such rows.",
            wrong=(
                wrong(
                    "context",
                    lambda v: quotient(v.long, v.tile),
                    "across the width lie [[<long> / <tile> = <across>]] tiles.",
                    "this takes the length again; the width is <wide> cm.",
                ),
            ),
        ),
        move(
            "floor",
            lambda v: v.along * v.across,
            "[[<along> * <across> = <floor>]].",
            "the floor takes [[<along> * <across> = <floor>]] tiles.",
            "in all that is [[<along> * <across> = <floor>]] tiles.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.along + v.across,
                    "in all that is [[<along> + <across> = <floor>]] tiles.",
                    "the tiles fill a rectangle, so the two numbers are multiplied.",
                ),
                wrong(
                    "logical",
                    lambda v: 2 * (v.along + v.across),
                    "going all the way around, we have "
                    "[[2 * (<along> + <across>) = <floor>]] tiles.",
                    "this counts tiles along the edge, while the whole area is to be covered.",
                ),
            ),
        ),
        move(
            "bought",
            lambda v: v.floor + v.spare,
            "[[<floor> + <spare> = <bought>]].",
            "with the reserve, <who> buys [[<floor> + <spare> = <bought>]] tiles.",
            "adding <spare> spare tiles gives [[<floor> + <spare> = <bought>]].",
        ),
    ),
    concludes=wordings("<who> buys <bought> tiles", "<bought> tiles are needed"),
    missing="the reserve is forgotten",
    whole=False,
)

TEMPLATES = (CANTEEN, TILES)
