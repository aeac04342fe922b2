"""Wrong conclusions about knights and knaves, each with its explanation."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Deduction, Role, Scene
from traces.samples.logic.island import Statement, plain
from traces.samples.logic.island_prose import Teller, kind, listed


@dataclass(frozen=True, slots=True)
class WrongConclusion:
    """A text that replaces a deduction, the roles that it claims, and the judge's explanation."""

    kind: str
    text: str
    roles: tuple[Role, ...]
    explanation: str


Maker = Callable[[Teller, Deduction, Dice], WrongConclusion | None]


def _lie_believed(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion that takes a knave's statement for true."""
    if deduction.how != "known" or deduction.believed:
        return None
    scene, person = teller.scene, deduction.person
    statement = scene.statements[person]
    roles = scene.settled(deduction.before, deduction.before & statement.holds)
    if not roles or not deduction.before & statement.holds:
        return None
    name, he = teller.names[person], teller.pronouns[person]
    claim, truth = teller.clause(statement, True), teller.clause(statement, False)
    conclusion = "" if statement.settles[True] else f" Hence {teller.roles(roles)}."
    if dice.chance(0.6):
        text = (
            f"{name}, who is a knave, tells us that {claim}.{conclusion or ' So that is settled.'}"
        )
        explanation = f"{name} is a knave, so what {he} says is false: {truth}."
        return WrongConclusion("logical", text, roles, explanation)
    text = f"{name} is a knave, but even a knave is right now and then: here {claim}.{conclusion}"
    explanation = f"In this puzzle a knave lies every time, so {truth}."
    return WrongConclusion("conceptual", text, roles, explanation)


def _all_or_nothing(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion that takes "not both are" for "both are not"."""
    statement = teller.scene.statements[deduction.person]
    if deduction.how != "known" or deduction.believed or "are both" not in statement.if_true:
        return None
    knights = "both knights" in statement.if_true
    roles = tuple((person, not knights) for person in statement.people)
    if deduction.person in statement.people:
        return None
    people = listed([teller.names[person] for person in statement.people])
    name = teller.names[deduction.person]
    text = (
        f"{name} lies, so {people} are not both {kind(knights)}s. "
        f"That makes both of them {kind(not knights)}s."
    )
    explanation = (
        f"That {people} are not both {kind(knights)}s only means that at least one of them is a "
        f"{kind(not knights)}."
    )
    return WrongConclusion("conceptual", text, roles, explanation)


def _by_tone(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion from the tone of the statement; it may even be right."""
    if deduction.how not in ("speaker", "suppose"):
        return None
    person = deduction.person
    name, his = teller.names[person], teller.his(person)
    knight = dice.chance(0.5)
    reasons = _HONEST if knight else _SHIFTY
    text = dice.pick(reasons).format(name=name, his=his, he=teller.pronouns[person])
    explanation = (
        f"How {name}'s words sound proves nothing; "
        f"{name} being a {kind(knight)} has to follow from the statements."
    )
    return WrongConclusion("logical", text, ((person, knight),), explanation)


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


def _clash_missed(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion that ignores the statement that refutes the assumption."""
    if deduction.how != "clash" or deduction.supposed is None:
        return None
    person, knight = deduction.supposed
    text = dice.pick((
        "nothing stands against this, so the assumption holds and {who} is indeed a {kind}.",
        "no contradiction comes up, which confirms that {who} is a {kind}.",
        "this works out, so we can keep it: {who} is a {kind}.",
    )).format(who=teller.names[person], kind=kind(knight))  # fmt: skip
    why = teller.why_clash(deduction).removeprefix("but ").removeprefix("now ")
    explanation = f"{teller.names[deduction.person]}'s statement is never checked: {why}."
    return WrongConclusion("completeness", text, (), explanation)


def _one_case_only(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion from only one of the two possible kinds of the speaker."""
    if deduction.how not in ("either", "suppose"):
        return None
    person = deduction.person
    role = (person, True)
    statement = teller.scene.statements[person]
    worlds = teller.scene.with_role(deduction.before, role) & statement.holds
    if not worlds:
        return None
    name = teller.names[person]
    text = f"take {name} to be a knight. Then it is true that {teller.clause(statement, True)}."
    roles = teller.scene.settled(deduction.before, worlds)
    if not statement.settles[True] and len(roles) > 1:
        others = tuple(role for role in roles if role[0] != person)
        text += f" So {teller.roles(others)}."
    text += f" This fits, and {name} is a knight."
    explanation = (
        f"Only the case that {name} is a knight is looked at, and one statement fitting proves "
        f"nothing: {name} might as well be a knave."
    )
    return WrongConclusion("completeness", text, roles, explanation)


def _with_other_statement(
    teller: Teller, deduction: Deduction, other: Statement, dice: Dice
) -> tuple[str, Deduction] | None:
    """Return the conclusion from another statement of the person, or None if nothing is new."""
    scene, person = teller.scene, deduction.person
    statements = list(scene.statements)
    statements[person] = other
    elsewhere = Teller(Scene(scene.size, tuple(statements)), teller.names, teller.pronouns)
    seen = elsewhere.scene.look_at(deduction.before, person, deduction.supposed)
    if seen is None or seen.how == "clash" or seen.roles == deduction.roles:
        return None
    conclusion = elsewhere.say(seen, dice)
    opening = f"{teller.names[person]} says that {teller.clause(other, True)}. "
    return opening + conclusion[0].upper() + conclusion[1:], seen


def _misquoted(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion from the opposite of the statement."""
    if deduction.how not in ("known", "speaker"):
        return None
    statement = teller.scene.statements[deduction.person]
    opposite = replace(
        statement,
        if_true=statement.if_false,
        if_false=statement.if_true,
        holds=~statement.holds & ((1 << (1 << teller.scene.size)) - 1),
        settles=(statement.settles[1], statement.settles[0]),
    )
    wrong = _with_other_statement(teller, deduction, opposite, dice)
    if wrong is None:
        return None
    speech = statement.speech.format(*teller.names)
    name = teller.names[deduction.person]
    explanation = f"{name} says the opposite: “{speech}”"
    return WrongConclusion("misreading", wrong[0], wrong[1].roles, explanation)


def _wrong_person(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion that takes the statement to be about another person."""
    scene, person = teller.scene, deduction.person
    statement = scene.statements[person]
    if deduction.how != "known" or statement.about is None:
        return None
    others = [p for p in scene.unknown(deduction.before) if p not in (person, statement.about)]
    if not others:
        return None
    instead = dice.pick(others)
    knight = statement.if_true.endswith("knight")
    wrong = _with_other_statement(teller, deduction, plain(scene.size, instead, knight), dice)
    if wrong is None:
        return None
    about = teller.names[statement.about]
    explanation = f"{teller.names[person]} speaks about {about}, not about {teller.names[instead]}."
    return WrongConclusion("context", wrong[0], wrong[1].roles, explanation)


def _wrong_speaker(teller: Teller, deduction: Deduction, dice: Dice) -> WrongConclusion | None:
    """Return a conclusion that attributes the statement to a person of the other kind."""
    scene, person = teller.scene, deduction.person
    if deduction.how != "known":
        return None
    others = [
        p for p in range(scene.size) if scene.role_in(deduction.before, p) is not deduction.believed
    ]
    others = [p for p in others if scene.role_in(deduction.before, p) is not None]
    if not others:
        return None
    instead = dice.pick(others)
    statement = scene.statements[person]
    worlds = deduction.before & (~statement.holds if deduction.believed else statement.holds)
    roles = scene.settled(deduction.before, worlds) if worlds else ()
    if not roles:
        return None
    name, other, believed = teller.names[person], teller.names[instead], not deduction.believed
    clause = teller.clause(statement, believed)
    text = (
        f"{other} says that {teller.clause(statement, True)}. "
        f"{other} is a {kind(believed)}, so this is {'true' if believed else 'false'}"
    )
    text += "." if believed else f": {clause}."
    if not statement.settles[believed]:
        text += f" Hence {teller.roles(roles)}."
    explanation = f"These are {name}'s words, not {other}'s, and {name} is a {kind(not believed)}."
    return WrongConclusion("context", text, roles, explanation)


MAKERS: dict[str, tuple[Maker, ...]] = {
    "logical": (_lie_believed, _by_tone),
    "conceptual": (_lie_believed, _all_or_nothing),
    "completeness": (_clash_missed, _one_case_only),
    "misreading": (_misquoted,),
    "context": (_wrong_person, _wrong_speaker),
}
