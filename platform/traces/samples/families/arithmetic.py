"""Counting problems: things made, shared, packed, sold and given away."""

from typing import Any

from traces.samples.amounts import quotient, rounded_up
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

GOODS = ("muffins", "bread rolls", "cookies", "scones", "pretzels", "lemon tarts", "croissants")
EVENTS = ("the school fair", "the street market", "the football club", "the harvest festival")
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
    asks=wordings(
        "<who> bakes <trays> trays of <goods> for <event>, with <each> <goods> on every tray. "
        "<who_He> sets <given> aside for the volunteers and packs the rest into boxes of <box>. "
        "Each box sells for <cur><price>. How much money does <who> take in if every box is sold?",
        "For <event>, <who> fills <trays> trays with <each> <goods> each. After <given> of them "
        "go to the helpers, the others are packed <box> to a box and sold at <cur><price> a box. "
        "How much do the boxes bring in altogether?",
    ),
    goals=wordings(
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
    concludes=wordings(
        "<who> takes in <cur><income>",
        "the sale at <event> brings in <cur><income>",
    ),
    missing="the boxes have been counted, but the money for them has not been worked out",
)


def _collection(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("one", "two", "three"),
        "things": dice.pick(COLLECTED),
        "first": dice.between(14, 60),
        "times": dice.between(2, 5),
        "fewer": dice.between(5, 40),
        "friends": dice.pick((3, 4, 5, 6)),
    }


COLLECTION = Template(
    name="collection",
    subset="arithmetic",
    draw=_collection,
    asks=wordings(
        "<one> has <first> <things>. <two> has <times> times as many as <one>, and <three> has "
        "<fewer> fewer than <two>. They put all their <things> together and share them equally "
        "among <friends> albums. How many <things> go into each album?",
        "<one>, <two> and <three> collect <things>. <one> owns <first>; <two> owns <times> times "
        "that number; <three> owns <fewer> fewer than <two>. If they spread the whole collection "
        "evenly over <friends> albums, how many <things> does one album hold?",
    ),
    goals=wordings(
        "we find how many <things> each of the three has, add them up and divide by <friends>.",
        "to share the <things>, we first have to know how many there are.",
    ),
    moves=(
        move(
            "second",
            lambda v: v.first * v.times,
            "<two>: [[<times> * <first> = <second>]].",
            "<two> has <times> times as many as <one>, which is [[<times> * <first> = <second>]].",
            "since <one> has <first>, <two> has [[<times> * <first> = <second>]] <things>.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.first + v.times,
                    "<two> has <times> more than <one>, which is [[<first> + <times> = <second>]].",
                    "“<times> times as many” asks for a product, not for <times> more.",
                ),
            ),
        ),
        move(
            "third",
            lambda v: v.second - v.fewer,
            "<three>: [[<second> - <fewer> = <third>]].",
            "<three> has <fewer> fewer than <two>, so [[<second> - <fewer> = <third>]].",
            "taking <fewer> from <two>'s <second> leaves [[<second> - <fewer> = <third>]] "
            "for <three>.",
            wrong=(
                wrong(
                    "context",
                    lambda v: v.first - v.fewer,
                    "<three> has <fewer> fewer than <one>, so [[<first> - <fewer> = <third>]].",
                    "<three> is compared with <two>, not with <one>.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.second + v.fewer,
                    "<three> has [[<second> + <fewer> = <third>]] <things>.",
                    "<three> has fewer than <two>, so <fewer> has to be taken away.",
                ),
            ),
        ),
        move(
            "total",
            lambda v: v.first + v.second + v.third,
            "[[<first> + <second> + <third> = <total>]].",
            "together they own [[<first> + <second> + <third> = <total>]] <things>.",
            "adding up all three collections gives [[<first> + <second> + <third> = <total>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.second + v.third,
                    "together that makes [[<second> + <third> = <total>]] <things>.",
                    "<one>'s own <first> <things> are left out of the total.",
                ),
            ),
        ),
        move(
            "album",
            lambda v: quotient(v.total, v.friends),
            "[[<total> / <friends> = <album>]].",
            "shared over <friends> albums, each one holds [[<total> / <friends> = <album>]].",
            "we divide by the number of albums: [[<total> / <friends> = <album>]].",
        ),
    ),
    concludes=wordings("each album holds <album> <things>", "<album> <things> go into each album"),
    missing="the total still has to be divided over the albums",
)


def _trip(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "place": dice.pick(TRIPS),
        "classes": dice.between(3, 9),
        "pupils": dice.between(17, 31),
        "adults": dice.between(5, 22),
        "seats": dice.pick((28, 36, 42, 45, 48, 52)),
        "fare": dice.pick((180, 210, 240, 260, 320, 350, 385)),
        "cur": dice.pick(("€", "£", "$")),
    }


TRIP = Template(
    name="trip",
    subset="arithmetic",
    draw=_trip,
    asks=wordings(
        "<classes> classes of <pupils> pupils visit <place> together with <adults> adults. A coach "
        "has <seats> seats and costs <cur><fare> for the day. How much do the coaches cost?",
        "<who> plans a school trip to <place> for <classes> classes with <pupils> pupils each and "
        "<adults> adults. Coaches with <seats> seats can be hired for <cur><fare> apiece. What is "
        "the price of all the coaches that are needed?",
    ),
    goals=wordings(
        "first we count the people, then the coaches, and then the money.",
        "we are looking for the total price of the coaches.",
    ),
    moves=(
        move(
            "children",
            lambda v: v.classes * v.pupils,
            "[[<classes> * <pupils> = <children>]] pupils.",
            "there are [[<classes> * <pupils> = <children>]] pupils.",
            "<classes> classes of <pupils> make [[<classes> * <pupils> = <children>]] pupils.",
        ),
        move(
            "people",
            lambda v: v.children + v.adults,
            "with the adults: [[<children> + <adults> = <people>]].",
            "the <adults> adults come along too, so [[<children> + <adults> = <people>]] people "
            "need a seat.",
            "adding the adults, we have [[<children> + <adults> = <people>]] travellers.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.children,
                    "so <people> people need a seat.",
                    "the <adults> adults need seats as well and are not counted.",
                ),
            ),
        ),
        move(
            "coaches",
            lambda v: rounded_up(v.people, v.seats),
            "<people> people at <seats> a coach need <coaches> coaches.",
            "a coach takes <seats>, and <people> people don't fit into fewer than "
            "<coaches> coaches.",
            "seating <people> people <seats> to a coach, and rounding up because nobody may be "
            "left behind, takes <coaches> coaches.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.people // v.seats,
                    "<seats> goes into <people> <coaches> times, so <coaches> coaches are hired.",
                    "the number of coaches has to be rounded up, or some people have no seat.",
                ),
                wrong(
                    "logical",
                    lambda v: v.classes,
                    "there are <classes> classes, so <coaches> coaches are needed, one a class.",
                    "nothing says that each class has its own coach; the seats decide.",
                ),
            ),
        ),
        move(
            "cost",
            lambda v: v.coaches * v.fare,
            "[[<coaches> * <fare> = <cost>]].",
            "at <cur><fare> a coach this comes to [[<coaches> * <fare> = <cost>]].",
            "the coaches cost [[<coaches> * <fare> = <cost>]] altogether.",
        ),
    ),
    concludes=wordings(
        "the coaches cost <cur><cost>", "<cur><cost> has to be paid for the coaches"
    ),
)


def _reading(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "book": dice.pick(BOOKS),
        "pages": dice.between(180, 640),
        "daily": dice.between(11, 34),
        "days": dice.between(4, 9),
        "weekend": dice.between(35, 80),
        "left_days": dice.between(3, 12),
    }


READING = Template(
    name="reading",
    subset="arithmetic",
    draw=_reading,
    asks=wordings(
        "<who> is reading <book>, <pages> pages long. <who_He> reads <daily> pages a day for "
        "<days> days, and then <weekend> pages on each of the two days of a weekend. <who_He> "
        "wants to finish in the next <left_days> days. How many pages a day does that take?",
        "A library copy of <book> has <pages> pages. For <days> days <who> manages <daily> pages "
        "daily, and on Saturday and Sunday <weekend> pages each. The book is due in <left_days> "
        "days. How many pages must <who> read per day to finish it in time?",
    ),
    goals=wordings(
        "we work out how many pages are left and spread them over <left_days> days.",
        "the question is how many pages a day remain for <who>.",
    ),
    moves=(
        move(
            "week",
            lambda v: v.daily * v.days,
            "[[<days> * <daily> = <week>]] pages.",
            "in the first <days> days <who> reads [[<days> * <daily> = <week>]] pages.",
            "<daily> pages a day over <days> days make [[<daily> * <days> = <week>]] pages.",
        ),
        move(
            "both",
            lambda v: 2 * v.weekend,
            "weekend: [[2 * <weekend> = <both>]].",
            "the weekend adds [[2 * <weekend> = <both>]] pages.",
            "on the two days of the weekend <who> reads [[2 * <weekend> = <both>]] pages.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.weekend,
                    "the weekend adds <both> pages.",
                    "the weekend has two days with <weekend> pages each.",
                ),
            ),
        ),
        move(
            "read",
            lambda v: v.week + v.both,
            "[[<week> + <both> = <read>]].",
            "so far that is [[<week> + <both> = <read>]] pages.",
            "together <who> has read [[<week> + <both> = <read>]] pages.",
        ),
        move(
            "left",
            lambda v: v.pages - v.read,
            "[[<pages> - <read> = <left>]] left.",
            "of the <pages> pages, [[<pages> - <read> = <left>]] are still to be read.",
            "this leaves [[<pages> - <read> = <left>]] pages.",
        ),
        move(
            "rate",
            lambda v: quotient(v.left, v.left_days),
            "[[<left> / <left_days> = <rate>]].",
            "spread over <left_days> days, this is [[<left> / <left_days> = <rate>]] pages a day.",
            "dividing by the days that remain gives [[<left> / <left_days> = <rate>]].",
            wrong=(
                wrong(
                    "context",
                    lambda v: quotient(v.left, v.days),
                    "spread over <days> days, this is [[<left> / <days> = <rate>]] pages a day.",
                    "the <days> days are over already; <left_days> days remain.",
                ),
                wrong(
                    "logical",
                    lambda v: v.daily,
                    "<who> has read <daily> pages a day before, so <rate> pages a day will do.",
                    "the earlier pace says nothing about the pages that are left.",
                ),
            ),
        ),
    ),
    concludes=wordings(
        "<who> has to read <rate> pages a day",
        "<who> finishes in time with <rate> pages a day",
    ),
    missing="the pages that are left still have to be spread over the days",
)

TEMPLATES = (BAKERY, COLLECTION, TRIP, READING)
