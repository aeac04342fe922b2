"""The words of a knights-and-knaves solution."""

from dataclasses import dataclass

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Deduction, Role, Scene
from traces.samples.logic.island import Statement


def listed(parts: list[str]) -> str:
    """One, two and three."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def kind(knight: bool) -> str:
    return "knight" if knight else "knave"


@dataclass(frozen=True, slots=True)
class Teller:
    """Says deductions about a scene, with the names of its people and their pronouns."""

    scene: Scene
    names: tuple[str, ...]
    pronouns: tuple[str, ...]

    def his(self, person: int) -> str:
        return "her" if self.pronouns[person] == "she" else "his"

    def clause(self, statement: Statement, believed: bool) -> str:
        return statement.clause(believed).format(*self.names)

    def roles(self, roles: tuple[Role, ...]) -> str:
        return listed([f"{self.names[person]} is a {kind(knight)}" for person, knight in roles])

    def say(self, found: Deduction, dice: Dice) -> str:
        """The deduction in a sentence or two, first letter lower case unless it is a name."""
        sayer = {
            "known": self._known,
            "speaker": self._speaker,
            "either": self._either,
            "suppose": self._suppose,
            "clash": self._clash,
        }
        return sayer[found.how](found, dice)

    def _known(self, found: Deduction, dice: Dice) -> str:
        statement = self.scene.statements[found.person]
        name, he, his = (
            self.names[found.person],
            self.pronouns[found.person],
            self.his(found.person),
        )
        clause = self.clause(statement, found.believed)
        if found.believed:
            text = dice.pick((
                f"{name} is a knight, so what {he} says is true: {clause}.",
                f"knights tell the truth, so we can believe {name}: {clause}.",
                f"as a knight, {name} is telling the truth, so {clause}.",
            ))  # fmt: skip
        else:
            text = dice.pick((
                f"{name} is a knave, so {his} statement is false: {clause}.",
                f"since {name} is a knave, {he} is lying, and in truth {clause}.",
                f"{name} lies, being a knave, so the opposite of {his} words holds: {clause}.",
            ))  # fmt: skip
        return text + self._consequence(found, dice, statement.settles[found.believed])

    def _consequence(self, found: Deduction, dice: Dice, settled: bool) -> str:
        if settled:
            return ""
        statement = self.scene.statements[found.person]
        known = self._known_people(statement, found)
        conclusion = self.roles(found.roles)
        if known:
            return " " + dice.pick((
                f"Since {known}, it follows that {conclusion}.",
                f"We know that {known}, so {conclusion}.",
                f"Given that {known}, this means {conclusion}.",
            ))  # fmt: skip
        return dice.pick((f" So {conclusion}.", f" Hence {conclusion}."))

    def _known_people(self, statement: Statement, found: Deduction) -> str:
        """Those the statement speaks of whose kind was known before, as a clause; "" for nobody."""
        roles = [(p, self.scene.role_in(found.before, p)) for p in statement.people]
        return self.roles_or_nothing([(p, knight) for p, knight in roles if knight is not None])

    def roles_or_nothing(self, roles: list[Role]) -> str:
        return self.roles(tuple(roles)) if roles else ""

    def _speaker(self, found: Deduction, dice: Dice) -> str:
        (person, knight) = found.roles[0]
        statement = self.scene.statements[person]
        name, his = self.names[person], self.his(person)
        clause = self.clause(statement, not knight)
        known = self._known_people(statement, found)
        but = f"but {known}" if known else f"which makes {name} a {kind(knight)} after all"
        truth = "false" if knight else "true"
        return dice.pick((
            f"if {name} were a {kind(not knight)}, {his} statement would be {truth}, and we would "
            f"have that {clause}, {but}. So {name} is a {kind(knight)}.",
            f"could {name} be a {kind(not knight)}? Then it would hold that {clause}, {but}. "
            f"So {name} must be a {kind(knight)}.",
            f"assuming {name} were a {kind(not knight)}, we would get that {clause}, {but}. "
            f"Therefore {name} is a {kind(knight)}.",
        ))  # fmt: skip

    def _either(self, found: Deduction, dice: Dice) -> str:
        statement = self.scene.statements[found.person]
        name = self.names[found.person]
        known = self._known_people(statement, found)
        if_knight, if_knave = self.clause(statement, True), self.clause(statement, False)
        conclusion = self.roles(found.roles)
        if known:
            conclusion = f"since {known}, we get that {conclusion}"
        return dice.pick((
            f"look at both cases for {name}. If {name} is a knight, {if_knight}; if {name} is a "
            f"knave, {if_knave}. In either case {conclusion}.",
            f"{name} may be a knight, and then {if_knight}, or a knave, and then {if_knave}. "
            f"Both ways, {conclusion}.",
        ))  # fmt: skip

    def _suppose(self, found: Deduction, dice: Dice) -> str:
        what = self.roles(found.roles)
        return dice.pick((
            f"suppose that {what}.",
            f"let us assume for a moment that {what}.",
            f"no statement can be settled directly, so assume that {what}.",
        ))  # fmt: skip

    def _clash(self, found: Deduction, dice: Dice) -> str:
        assert found.supposed is not None
        person, knight = found.supposed
        finish = dice.pick((
            f"so the assumption fails, and {self.names[person]} is a {kind(not knight)}.",
            f"this is a contradiction, so {self.names[person]} must be a {kind(not knight)}.",
            f"we have a contradiction. Therefore {self.names[person]} is a {kind(not knight)}.",
        ))  # fmt: skip
        return f"{self.why_clash(found)}. {finish[0].upper()}{finish[1:]}"

    def why_clash(self, found: Deduction) -> str:
        """What doesn't fit under the assumption, as a sentence without its full stop."""
        statement = self.scene.statements[found.person]
        name = self.names[found.person]
        known = self._known_people(statement, found)
        role = self.scene.role_in(found.before, found.person)
        if role is None:
            return (
                f"now neither kind fits {name}: as a knight {name} would make it true that "
                f"{self.clause(statement, True)}, and as a knave that "
                f"{self.clause(statement, False)}"
            )
        clause = self.clause(statement, found.believed)
        return f"but {name}, being a {kind(role)}, gives us that {clause}" + (
            f", whereas we have that {known}" if known else ", which cannot be"
        )
