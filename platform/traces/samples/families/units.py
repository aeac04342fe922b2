"""Problems in which a unit has to be converted on the way."""

from fractions import Fraction
from typing import Any

from traces.samples.amounts import quotient
from traces.samples.dice import Dice
from traces.samples.template import Template, move, wordings, wrong

SUBSET = "units"
VEHICLES = ("A train", "A coach", "A delivery van", "A minibus", "A taxi", "A lorry")
FILES = ("a film", "a backup", "a map of the country", "a photo archive", "a game")


def _journey(dice: Dice) -> dict[str, Any]:
    return {
        "vehicle": dice.pick(VEHICLES),
        "speed": dice.between(6, 19) * 6,
        "minutes": dice.between(4, 50) * 5,
        "pause": dice.between(2, 9) * 5,
        "stretch": dice.between(12, 60),
    }


JOURNEY = Template(
    name="journey",
    subset=SUBSET,
    draw=_journey,
    asks=wordings(
        "<vehicle> travels at <speed> km/h. Its timetable gives it <minutes> minutes, of which it "
        "stands still for <pause>. Before that it had already covered <stretch> km. How many "
        "kilometres has it covered in all?",
        "<vehicle> has <stretch> km behind it. Then it goes on for <minutes> minutes at "
        "<speed> km/h, except for a stop of <pause> minutes. What distance has it covered by the "
        "end, in kilometres?",
    ),
    goals=wordings(
        "we need the time it is moving, in hours, because the speed is per hour.",
        "distance is speed times time, and the units have to agree.",
    ),
    moves=(
        move(
            "moving",
            lambda v: v.minutes - v.pause,
            "[[<minutes> - <pause> = <moving>]] min.",
            "it is moving for [[<minutes> - <pause> = <moving>]] minutes.",
            "without the stop, [[<minutes> - <pause> = <moving>]] minutes of travel remain.",
            wrong=(
                wrong(
                    "completeness",
                    lambda v: v.minutes,
                    "it is moving for <moving> minutes.",
                    "the stop of <pause> minutes is not taken off.",
                ),
            ),
        ),
        move(
            "hours",
            lambda v: quotient(v.moving, 60),
            "[[<moving> / 60 = <hours>]] h.",
            "in hours this is [[<moving> / 60 = <hours>]].",
            "an hour has 60 minutes, so the time is [[<moving> / 60 = <hours>]] hours.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: Fraction(v.moving, 100),
                    "in hours this is [[<moving> / 100 = <hours>]].",
                    "an hour has 60 minutes, not 100.",
                ),
                wrong(
                    "logical",
                    lambda v: quotient(60, v.moving),
                    "there are 60 minutes in an hour, so the time is "
                    "[[60 / <moving> = <hours>]] hours.",
                    "minutes are turned into hours by dividing them by 60; "
                    "here the division is upside down.",
                ),
            ),
        ),
        move(
            "distance",
            lambda v: v.speed * v.hours,
            "[[<speed> * <hours> = <distance>]] km.",
            "at <speed> km/h it covers [[<speed> * <hours> = <distance>]] km.",
            "speed times time gives [[<speed> * <hours> = <distance>]] km.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: quotient(v.speed, v.hours),
                    "it covers [[<speed> / <hours> = <distance>]] km.",
                    "distance is speed times time, not speed divided by time.",
                ),
            ),
        ),
        move(
            "whole",
            lambda v: v.distance + v.stretch,
            "[[<distance> + <stretch> = <whole>]].",
            "with the first <stretch> km that makes [[<distance> + <stretch> = <whole>]] km.",
            "adding the part already covered, we get [[<distance> + <stretch> = <whole>]] km.",
            wrong=(
                wrong(
                    "context",
                    lambda v: v.distance - v.stretch,
                    "of this, <stretch> km were behind it already, so "
                    "[[<distance> - <stretch> = <whole>]] km.",
                    "the <stretch> km come from before this part of the journey and are added.",
                ),
            ),
        ),
    ),
    concludes=wordings("it has covered <whole> km", "the whole distance is <whole> km"),
    missing="the distance covered before still has to be added",
    whole=False,
)


def _download(dice: Dice) -> dict[str, Any]:
    return {
        **dice.people("who"),
        "file": dice.pick(FILES),
        "size": dice.between(2, 45),
        "done": dice.pick((200, 250, 400, 500, 600, 800)),
        "line": dice.pick((20, 25, 32, 40, 50, 64, 80, 100, 160, 200)),
    }


DOWNLOAD = Template(
    name="download",
    subset=SUBSET,
    draw=_download,
    asks=wordings(
        "<who> downloads <file> of <size> GB over a line of <line> megabits per second. <done> MB "
        "are there already. How many minutes does the rest take? (1 GB = 1000 MB, 1 byte = 8 bits)",
        "A line carries <line> megabits per second. <who> is downloading <file> of <size> GB, of "
        "which <done> MB have arrived. With 1 GB = 1000 MB and 8 bits to a byte, how many minutes "
        "are still to go?",
    ),
    goals=wordings(
        "the file is given in bytes and the line in bits, so we have to bring them together.",
        "we need the rest of the file in megabits, then seconds, then minutes.",
    ),
    moves=(
        move(
            "mb",
            lambda v: v.size * 1000,
            "[[<size> * 1000 = <mb>]] MB.",
            "the file has [[<size> * 1000 = <mb>]] MB.",
            "in megabytes, <size> GB are [[<size> * 1000 = <mb>]] MB.",
            wrong=(
                wrong(
                    "numeric",
                    lambda v: v.size * 100,
                    "in megabytes, <size> GB are [[<size> * 100 = <mb>]] MB.",
                    "a zero is missing: 1 GB is 1000 MB.",
                ),
            ),
        ),
        move(
            "rest",
            lambda v: v.mb - v.done,
            "[[<mb> - <done> = <rest>]] MB to go.",
            "of these, [[<mb> - <done> = <rest>]] MB are still missing.",
            "<done> MB have arrived, so [[<mb> - <done> = <rest>]] MB remain.",
        ),
        move(
            "megabits",
            lambda v: v.rest * 8,
            "[[<rest> * 8 = <megabits>]] megabits.",
            "at 8 bits to a byte, that is [[<rest> * 8 = <megabits>]] megabits.",
            "in bits, we have [[<rest> * 8 = <megabits>]] megabits to transfer.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: quotient(v.rest, 8),
                    "in bits, we have [[<rest> / 8 = <megabits>]] megabits to transfer.",
                    "a byte is 8 bits, so the number of bits is larger: we multiply by 8.",
                ),
                wrong(
                    "completeness",
                    lambda v: v.rest,
                    "so <megabits> megabits have to go through the line.",
                    "the line is given in megabits, and the megabytes have not been converted.",
                ),
            ),
        ),
        move(
            "seconds",
            lambda v: quotient(v.megabits, v.line),
            "[[<megabits> / <line> = <seconds>]] s.",
            "the line needs [[<megabits> / <line> = <seconds>]] seconds for this.",
            "dividing by <line> megabits a second gives "
            "[[<megabits> / <line> = <seconds>]] seconds.",
        ),
        move(
            "minutes",
            lambda v: quotient(v.seconds, 60),
            "[[<seconds> / 60 = <minutes>]] min.",
            "in minutes this is [[<seconds> / 60 = <minutes>]].",
            "there are 60 seconds in a minute, so it takes [[<seconds> / 60 = <minutes>]] minutes.",
            wrong=(
                wrong(
                    "conceptual",
                    lambda v: quotient(v.seconds, 100),
                    "in minutes this is [[<seconds> / 100 = <minutes>]].",
                    "a minute has 60 seconds, not 100.",
                ),
            ),
        ),
    ),
    concludes=wordings("the rest takes <minutes> minutes", "<who> waits <minutes> more minutes"),
    missing="the time is still in seconds",
    whole=False,
)

TEMPLATES = (JOURNEY, DOWNLOAD)
