"""Counting problems: things made, shared, packed, sold and given away."""

from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, said, wrong

GOODS = ("muffins", "bread rolls", "cookies", "scones", "pretzels", "lemon tarts", "croissants")
EVENTS = ("the school fair", "the street market", "the football club", "the harvest festival")
CROPS = ("tomato", "pepper", "sunflower", "pumpkin", "bean", "strawberry", "cucumber")
SEATED = ("theatre", "concert hall", "lecture hall", "cinema", "circus tent")
COLLECTED = ("stamps", "marbles", "seashells", "postcards", "stickers", "old coins", "badges")
BOOKS = ("a detective novel", "a history of the sea", "a biography", "a fantasy novel", "an atlas")
TRIPS = ("the science museum", "the zoo", "the coast", "the observatory", "the old castle")


def _bakery(dice: Dice) -> dict[str, Any]:
    box = dice.pick((4, 5, 6, 8, 10))
    return {
        **dice.people("who"),
        "goods": dice.pick(GOODS),
        "event": dice.pick(EVENTS),
        "trays": dice.between(6, 24),
        "each": dice.between(8, 36),
        "given": dice.between(5, 60),
        "box": box,
        "price": dice.between(3, 15),
        "cur": dice.pick(("€", "£", "$")),
    }


BAKERY = Template(
    name="bakery",
    subset="arithmetic",
    draw=_bakery,
    asks=said(
        "<who> bakes <trays> trays of <goods> for <event>, with <each> <goods> on every tray. "
        "<who_He> sets <given> aside for the volunteers and packs the rest into boxes of <box>. "
        "Each box sells for <cur><price>. How much money does <who> take in if every box is sold?",
        "For <event>, <who> fills <trays> trays with <each> <goods> each. After <given> of them "
        "go to the helpers, the others are packed <box> to a box and sold at <cur><price> a box. "
        "How much do the boxes bring in altogether?",
    ),
    goals=said(
        "we need the money from all the boxes, so we count the <goods>, then the boxes.",
        "we want to know how much <who> earns when every box of <goods> is sold.",
    ),
    moves=(
        move(
            "made",
            lambda v: v.trays * v.each,
            "[[<trays> * <each> = <made>]] <goods> in total.",
            "<trays> trays with <each> <goods> each give [[<trays> * <each> = <made>]] <goods>.",
            "<who> bakes [[<trays> * <each> = <made>]] <goods> in all.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.trays + v.each,
                    "<trays> trays and <each> <goods> on a tray make [[<trays> + <each> = <made>]] "
                    "<goods>.",
                    "each of the <trays> trays holds <each> <goods>, so the numbers have to be "
                    "multiplied, not added.",
                ),
            ),
        ),
        move(
            "rest",
            lambda v: v.made - v.given,
            "[[<made> - <given> = <rest>]] left to pack.",
            "setting <given> aside leaves [[<made> - <given> = <rest>]] <goods> to pack.",
            "<given> of these are not for sale, so [[<made> - <given> = <rest>]] remain.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.made,
                    "all <made> <goods> go into boxes.",
                    "the <given> <goods> that were set aside are never taken off.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.made + v.given,
                    "with the <given> for the volunteers that makes [[<made> + <given> = <rest>]] "
                    "<goods> to pack.",
                    "the <given> <goods> are set aside, so they must be subtracted and not added.",
                ),
            ),
        ),
        move(
            "boxes",
            lambda v: quotient(v.rest, v.box),
            "[[<rest> / <box> = <boxes>]] boxes.",
            "at <box> to a box, this fills [[<rest> / <box> = <boxes>]] boxes.",
            "these fit into [[<rest> / <box> = <boxes>]] boxes of <box>.",
        ),
        move(
            "income",
            lambda v: v.boxes * v.price,
            "[[<boxes> * <price> = <income>]].",
            "selling <boxes> boxes at <cur><price> each brings in "
            "[[<boxes> * <price> = <income>]].",
            "every box sells for <cur><price>, so the boxes bring in "
            "[[<boxes> * <price> = <income>]] altogether.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.rest * v.price,
                    "at <cur><price> each, the <goods> bring in [[<rest> * <price> = <income>]].",
                    "the price of <cur><price> is for a box of <box>, not for a single piece.",
                ),
            ),
        ),
    ),
    concludes=said(
        "<who> takes in <cur><income>",
        "the sale at <event> brings in <cur><income>",
    ),
    missing="the boxes have been counted, but the money for them has not been worked out",
)

TEMPLATES = (BAKERY,)
