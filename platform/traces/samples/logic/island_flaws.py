"""Wrong conclusions about knights and knaves, each with what is wrong about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Deduction, Role, Scene
from traces.samples.logic.island import Statement, plain
from traces.samples.logic.island_prose import Teller, kind, listed


@dataclass(frozen=True, slots=True)
class WrongConclusion:
    """What is said in place of a deduction, the roles it puts on people, and the judge's words."""

    kind: str
    says: str
    roles: tuple[Role, ...]
    explanation: str


Maker = Callable[[Teller, Deduction, Dice], WrongConclusion | None]


def _lie_believed(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """A knave's statement is used as if it were true."""
    if found.how != "known" or found.believed:
        return None
    scene, person = teller.scene, found.person
    statement = scene.statements[person]
    roles = scene.settled(found.before, found.before & statement.holds)
    if not roles or not found.before & statement.holds:
        return None
    name, he = teller.names[person], teller.pronouns[person]
    said, truth = teller.clause(statement, True), teller.clause(statement, False)
    conclusion = "" if statement.settles[True] else f" Hence {teller.roles(roles)}."
    if dice.chance(0.6):
        says = (
            f"{name}, who is a knave, tells us that {said}.{conclusion or ' So that is settled.'}"
        )
        explanation = f"{name} is a knave, so what {he} says is false: {truth}."
        return WrongConclusion("logical", says, roles, explanation)
    says = f"{name} is a knave, but even a knave is right now and then: here {said}.{conclusion}"
    explanation = f"In this puzzle a knave lies every time, so {truth}."
    return WrongConclusion("conceptual", says, roles, explanation)


def _all_or_nothing(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """"Not both are" is taken for "both are not"."""  # fmt: skip
    statement = teller.scene.statements[found.person]
    if found.how != "known" or found.believed or "are both" not in statement.if_true:
        return None
    knights = "both knights" in statement.if_true
    roles = tuple((person, not knights) for person in statement.people)
    if found.person in statement.people:
        return None
    who = listed([teller.names[person] for person in statement.people])
    name = teller.names[found.person]
    says = (
        f"{name} lies, so {who} are not both {kind(knights)}s. "
        f"That makes both of them {kind(not knights)}s."
    )
    explanation = (
        f"That {who} are not both {kind(knights)}s only means that at least one of them is a "
        f"{kind(not knights)}."
    )
    return WrongConclusion("conceptual", says, roles, explanation)


def _by_tone(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """The speaker's kind is read off how the statement sounds; it may even be right."""
    if found.how not in ("speaker", "suppose"):
        return None
    person = found.person
    name, his = teller.names[person], teller.his(person)
    knight = dice.chance(0.5)
    reasons = _HONEST if knight else _SHIFTY
    says = dice.pick(reasons).format(name=name, his=his, he=teller.pronouns[person])
    explanation = (
        f"How {name}'s words sound proves nothing; "
        f"{name} being a {kind(knight)} has to follow from the statements."
    )
    return WrongConclusion("logical", says, ((person, knight),), explanation)


_HONEST = (
    "{name} speaks plainly and has no reason to lie, so {name} is a knight.",
    "a knave would hardly say such a thing, so {name} must be a knight.",
    "{name}'s words sound honest, which makes {name} a knight.",
)
_SHIFTY = (
    "{name} seems to be hiding something behind {his} words, so {name} is a knave.",
    "people who talk like this are usually lying, so {name} must be a knave.",
    "a knight would have put it more simply, so {name} is a knave.",
)


def _clash_missed(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """The statement that refutes the assumption is not looked at."""
    if found.how != "clash" or found.supposed is None:
        return None
    person, knight = found.supposed
    says = dice.pick((
        "nothing stands against this, so the assumption holds and {who} is indeed a {kind}.",
        "no contradiction comes up, which confirms that {who} is a {kind}.",
        "this works out, so we can keep it: {who} is a {kind}.",
    )).format(who=teller.names[person], kind=kind(knight))  # fmt: skip
    why = teller.why_clash(found).removeprefix("but ").removeprefix("now ")
    explanation = f"{teller.names[found.person]}'s statement is never checked: {why}."
    return WrongConclusion("completeness", says, (), explanation)


def _one_case_only(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """Only one of two possible kinds of the speaker is looked at."""
    if found.how not in ("either", "suppose"):
        return None
    person = found.person
    role = (person, True)
    statement = teller.scene.statements[person]
    worlds = teller.scene.with_role(found.before, role) & statement.holds
    if not worlds:
        return None
    name = teller.names[person]
    says = f"take {name} to be a knight. Then it is true that {teller.clause(statement, True)}."
    roles = teller.scene.settled(found.before, worlds)
    if not statement.settles[True] and len(roles) > 1:
        others = tuple(role for role in roles if role[0] != person)
        says += f" So {teller.roles(others)}."
    says += f" This fits, and {name} is a knight."
    explanation = (
        f"Only the case that {name} is a knight is looked at, and one statement fitting proves "
        f"nothing: {name} might as well be a knave."
    )
    return WrongConclusion("completeness", says, roles, explanation)


def _with_other_statement(
    teller: Teller, found: Deduction, other: Statement, dice: Dice
) -> tuple[str, Deduction] | None:
    """What follows if the person had said something else; None if nothing new."""
    scene, person = teller.scene, found.person
    statements = list(scene.statements)
    statements[person] = other
    elsewhere = Teller(Scene(scene.size, tuple(statements)), teller.names, teller.pronouns)
    seen = elsewhere.scene.look_at(found.before, person, found.supposed)
    if seen is None or seen.how == "clash" or seen.roles == found.roles:
        return None
    text = elsewhere.say(seen, dice)
    opening = f"{teller.names[person]} says that {teller.clause(other, True)}. "
    return opening + text[0].upper() + text[1:], seen


def _misquoted(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """The statement is read as its opposite."""
    if found.how not in ("known", "speaker"):
        return None
    statement = teller.scene.statements[found.person]
    opposite = replace(
        statement,
        if_true=statement.if_false,
        if_false=statement.if_true,
        holds=~statement.holds & ((1 << (1 << teller.scene.size)) - 1),
        settles=(statement.settles[1], statement.settles[0]),
    )
    wrong = _with_other_statement(teller, found, opposite, dice)
    if wrong is None:
        return None
    speech = statement.speech.format(*teller.names)
    name = teller.names[found.person]
    explanation = f"{name} says the opposite: “{speech}”"
    return WrongConclusion("misreading", wrong[0], wrong[1].roles, explanation)


def _wrong_person(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """The statement is taken to be about somebody else."""
    scene, person = teller.scene, found.person
    statement = scene.statements[person]
    if found.how != "known" or statement.about is None:
        return None
    others = [p for p in scene.unknown(found.before) if p not in (person, statement.about)]
    if not others:
        return None
    instead = dice.pick(others)
    knight = statement.if_true.endswith("knight")
    wrong = _with_other_statement(teller, found, plain(scene.size, instead, knight), dice)
    if wrong is None:
        return None
    about = teller.names[statement.about]
    explanation = f"{teller.names[person]} speaks about {about}, not about {teller.names[instead]}."
    return WrongConclusion("context", wrong[0], wrong[1].roles, explanation)


def _wrong_speaker(teller: Teller, found: Deduction, dice: Dice) -> WrongConclusion | None:
    """The statement is put into the mouth of somebody of the other kind."""
    scene, person = teller.scene, found.person
    if found.how != "known":
        return None
    others = [p for p in range(scene.size) if scene.role_in(found.before, p) is not found.believed]
    others = [p for p in others if scene.role_in(found.before, p) is not None]
    if not others:
        return None
    instead = dice.pick(others)
    statement = scene.statements[person]
    worlds = found.before & (~statement.holds if found.believed else statement.holds)
    roles = scene.settled(found.before, worlds) if worlds else ()
    if not roles:
        return None
    name, other, believed = teller.names[person], teller.names[instead], not found.believed
    clause = teller.clause(statement, believed)
    says = (
        f"{other} says that {teller.clause(statement, True)}. "
        f"{other} is a {kind(believed)}, so this is {'true' if believed else 'false'}"
    )
    says += "." if believed else f": {clause}."
    if not statement.settles[believed]:
        says += f" Hence {teller.roles(roles)}."
    explanation = f"These are {name}'s words, not {other}'s, and {name} is a {kind(not believed)}."
    return WrongConclusion("context", says, roles, explanation)


MAKERS: dict[str, tuple[Maker, ...]] = {
    "logical": (_lie_believed, _by_tone),
    "conceptual": (_lie_believed, _all_or_nothing),
    "completeness": (_clash_missed, _one_case_only),
    "misreading": (_misquoted,),
    "context": (_wrong_person, _wrong_speaker),
}
