"""Percentages, prices and wages: the part of arithmetic where the decimal point matters."""

from fractions import Fraction
from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

BARGAINS = ("winter coat", "bicycle", "desk lamp", "pair of boots", "guitar", "tent", "backpack")
JOBS = ("a bookshop", "a bakery", "a garage", "a garden centre", "a repair shop", "a café")
GROWN = ("tomato", "pepper", "sunflower", "pumpkin", "bean", "strawberry", "cucumber")
CURRENCIES = ("€", "£", "$")


def _sale(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "item": dice.pick(BARGAINS),
        "price": dice.between(12, 90) * 5,
        "off": dice.pick((5, 10, 15, 20, 25, 30, 35, 40)),
        "coupon": dice.between(3, 15),
        "tax": dice.pick((5, 8, 10, 20)),
        "cur": dice.pick(CURRENCIES),
    }


SALE = Template(
    name="sale",
    subset="arithmetic",
    draw=_sale,
    asks=wordings(
        "A <item> costs <cur><price>. In the sale it is <off>% off, and <who> has a coupon that "
        "takes another <cur><coupon> off the sale price. Then <tax>% tax is added. "
        "How much does <who> pay?",
        "<who> buys a <item> with a list price of <cur><price>. The shop reduces it by <off>%, "
        "a coupon takes off <cur><coupon> more, and <tax>% tax goes on top of what is left. "
        "What is the final price?",
    ),
    goals=wordings(
        "we follow the price through the discount, the coupon and the tax.",
        "let us find the price after each change in turn.",
    ),
    moves=(
        move(
            "discount",
            lambda v: Fraction(v.price * v.off, 100),
            "discount: [[<price> * <off> / 100 = <discount>]].",
            "the discount is <off>% of <cur><price>, which is "
            "[[<price> * <off> / 100 = <discount>]].",
            "taking <off>% of the price gives [[<price> * <off> / 100 = <discount>]].",
            wrong=(
                wrong(
                    "numeric",
                    lambda v: Fraction(v.price * v.off, 1000),
                    "the discount is [[<price> * <off> / 1000 = <discount>]].",
                    "a percentage is a number of hundredths, so we divide by 100 and not by 1000.",
                ),
                wrong(
                    "conceptual",
                    lambda v: v.off,
                    "the discount takes <cur><discount> off.",
                    "<off>% of the price is not the same as <cur><off>.",
                ),
            ),
        ),
        move(
            "reduced",
            lambda v: v.price - v.discount,
            "[[<price> - <discount> = <reduced>]].",
            "the sale price is [[<price> - <discount> = <reduced>]].",
            "after the discount the <item> costs [[<price> - <discount> = <reduced>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.discount,
                    "so the sale price is <cur><reduced>.",
                    "<cur><discount> is what the discount takes off, not what is left to pay.",
                ),
            ),
        ),
        move(
            "after",
            lambda v: v.reduced - v.coupon,
            "[[<reduced> - <coupon> = <after>]].",
            "the coupon brings this down to [[<reduced> - <coupon> = <after>]].",
            "with the coupon of <cur><coupon> we get [[<reduced> - <coupon> = <after>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.reduced,
                    "now only the tax on <cur><after> is missing.",
                    "the coupon of <cur><coupon> is forgotten.",
                ),
            ),
        ),
        move(
            "added",
            lambda v: Fraction(v.after * v.tax) / 100,
            "tax: [[<after> * <tax> / 100 = <added>]].",
            "the tax is <tax>% of that: [[<after> * <tax> / 100 = <added>]].",
            "<tax>% tax on <cur><after> makes [[<after> * <tax> / 100 = <added>]].",
            wrong=(
                wrong(
                    "context",
                    lambda v: Fraction(v.price * v.tax) / 100,
                    "the tax is <tax>% of <cur><price>, so [[<price> * <tax> / 100 = <added>]].",
                    "the tax is taken on what is left after the discount and the coupon, "
                    "not on the list price.",
                ),
            ),
        ),
        move(
            "paid",
            lambda v: v.after + v.added,
            "[[<after> + <added> = <paid>]].",
            "adding the tax gives [[<after> + <added> = <paid>]].",
            "<who> pays [[<after> + <added> = <paid>]].",
        ),
    ),
    concludes=wordings("<who> pays <cur><paid>", "the <item> costs <who> <cur><paid>"),
    missing="the tax still has to be added to the price",
    whole=False,
    money=frozenset(("discount", "reduced", "after", "added", "paid")),
)


def _wages(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "job": dice.pick(JOBS),
        "hours": dice.between(33, 52),
        "normal": dice.pick((30, 32, 35, 36, 38, 40)),
        "wage": dice.between(11, 26),
        "rent": dice.between(90, 280),
        "cur": dice.pick(CURRENCIES),
    }


WAGES = Template(
    name="wages",
    subset="arithmetic",
    draw=_wages,
    asks=wordings(
        "<who> works in <job> for <cur><wage> an hour. Every hour beyond <normal> in a week is "
        "paid one and a half times as well. Last week <who> worked <hours> hours and paid "
        "<cur><rent> for <who_his> room. How much was left?",
        "In <job>, <who> earns <cur><wage> an hour for the first <normal> hours of a week, and "
        "1.5 times as much for each further hour. After a week of <hours> hours, <who_he> spends "
        "<cur><rent> on rent. How much money remains?",
    ),
    goals=wordings(
        "we need the pay for normal hours, the pay for overtime, and then the rent.",
        "we split the week into its first <normal> hours and the overtime.",
    ),
    moves=(
        move(
            "base",
            lambda v: v.normal * v.wage,
            "[[<normal> * <wage> = <base>]].",
            "the first <normal> hours pay [[<normal> * <wage> = <base>]].",
            "for <normal> normal hours <who> gets [[<normal> * <wage> = <base>]].",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.hours * v.wage,
                    "for <who_his> <hours> hours <who> gets [[<hours> * <wage> = <base>]].",
                    "only the first <normal> hours are paid at the normal wage.",
                ),
            ),
        ),
        move(
            "extra",
            lambda v: v.hours - v.normal,
            "overtime: [[<hours> - <normal> = <extra>]] hours.",
            "that leaves [[<hours> - <normal> = <extra>]] hours of overtime.",
            "beyond the normal week there are [[<hours> - <normal> = <extra>]] hours.",
        ),
        move(
            "rate",
            lambda v: v.wage * Fraction(3, 2),
            "[[1.5 * <wage> = <rate>]] each.",
            "an hour of overtime is worth [[1.5 * <wage> = <rate>]].",
            "overtime pays one and a half times as much, [[1.5 * <wage> = <rate>]] an hour.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.wage + Fraction(3, 2),
                    "overtime pays 1.5 more, so [[<wage> + 1.5 = <rate>]] an hour.",
                    "overtime pays 1.5 times the wage, not 1.5 more.",
                ),
                wrong(
                    "completeness",
                    lambda v: v.wage,
                    "each of these is paid <cur><rate> too.",
                    "overtime is paid one and a half times as well, and this is left out.",
                ),
            ),
        ),
        move(
            "bonus",
            lambda v: v.extra * v.rate,
            "[[<extra> * <rate> = <bonus>]].",
            "the overtime brings [[<extra> * <rate> = <bonus>]].",
            "for <extra> such hours that makes [[<extra> * <rate> = <bonus>]].",
        ),
        move(
            "earned",
            lambda v: v.base + v.bonus,
            "[[<base> + <bonus> = <earned>]].",
            "the whole week is worth [[<base> + <bonus> = <earned>]].",
            "altogether <who> earns [[<base> + <bonus> = <earned>]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.base - v.bonus,
                    "altogether <who> earns [[<base> - <bonus> = <earned>]].",
                    "overtime is earned on top of the normal pay, so it is added.",
                ),
            ),
        ),
        move(
            "left",
            lambda v: v.earned - v.rent,
            "[[<earned> - <rent> = <left>]].",
            "after the rent, [[<earned> - <rent> = <left>]] is left.",
            "taking off <cur><rent> leaves [[<earned> - <rent> = <left>]].",
        ),
    ),
    concludes=wordings("<who> has <cur><left> left", "<cur><left> remains"),
    missing="the rent has not been taken off",
    whole=False,
    money=frozenset(("rate", "bonus", "earned", "left")),
)


def _harvest(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "crop": dice.pick(GROWN),
        "rows": dice.between(6, 30),
        "plants": dice.pick((10, 12, 15, 20, 24, 25, 30, 40)),
        "lost": dice.pick((5, 10, 15, 20, 25, 30)),
        "crates": dice.pick((4, 6, 9, 12, 17, 18)),
    }


HARVEST = Template(
    name="harvest",
    subset="arithmetic",
    draw=_harvest,
    asks=wordings(
        "<who> plants <rows> rows of <plants> <crop> seedlings. Snails eat <lost>% of them. The "
        "rest are sold in crates of <crates>. How many crates does <who> fill?",
        "In a field there are <rows> rows with <plants> <crop> seedlings each. After a night of "
        "frost <lost>% of them are gone, and <who> puts the others into crates of <crates>. "
        "How many crates are there?",
    ),
    goals=wordings(
        "we count the seedlings, take off those that are lost, and fill the crates.",
        "we are asked for the number of crates of <crop> seedlings.",
    ),
    moves=(
        move(
            "all",
            lambda v: v.rows * v.plants,
            "[[<rows> * <plants> = <all>]].",
            "at first there are [[<rows> * <plants> = <all>]] seedlings.",
            "<rows> rows of <plants> make [[<rows> * <plants> = <all>]] seedlings.",
        ),
        move(
            "kept",
            lambda v: 100 - v.lost,
            "[[100 - <lost> = <kept>]] percent survive.",
            "if <lost>% are lost, [[100 - <lost> = <kept>]] percent survive.",
            "the share that is left is [[100% - <lost>% = <kept>%]].",
            wrong=(
                wrong(
                    "logical",
                    lambda v: v.lost,
                    "so <kept>% of the seedlings go into crates.",
                    "<lost>% is the share that is lost, not the share that is left.",
                ),
            ),
        ),
        move(
            "good",
            lambda v: quotient(v.all * v.kept, 100),
            "[[<all> * <kept> / 100 = <good>]].",
            "<kept>% of <all> is [[<all> * <kept> / 100 = <good>]].",
            "this leaves [[<all> * <kept> / 100 = <good>]] seedlings.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: v.all - v.lost,
                    "this leaves [[<all> - <lost> = <good>]] seedlings.",
                    "<lost>% of the seedlings are lost, which is not <lost> seedlings.",
                ),
            ),
        ),
        move(
            "full",
            lambda v: quotient(v.good, v.crates),
            "[[<good> / <crates> = <full>]] crates.",
            "at <crates> to a crate, they fill [[<good> / <crates> = <full>]] crates.",
            "dividing them into crates of <crates>, we get [[<good> / <crates> = <full>]].",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: quotient(v.all, v.crates),
                    "they fill [[<all> / <crates> = <full>]] crates.",
                    "the seedlings that were lost are counted here again.",
                ),
            ),
        ),
    ),
    concludes=wordings("<who> fills <full> crates", "there are <full> crates"),
    missing="the seedlings still have to be divided into crates",
)

TEMPLATES = (SALE, WAGES, HARVEST)
