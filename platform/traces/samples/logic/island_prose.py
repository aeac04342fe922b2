"""The prose of a knights-and-knaves solution."""

from dataclasses import dataclass

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Deduction, Role, Scene
from traces.samples.logic.island import Statement


def listed(parts: list[str]) -> str:
    """Return the parts as a list in prose: one, two and three."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def kind(knight: bool) -> str:
    """Return "knight" or "knave"."""
    return "knight" if knight else "knave"


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts deductions about a scene into words, with its people's names and pronouns."""

    scene: Scene
    names: tuple[str, ...]
    pronouns: tuple[str, ...]

    def his(self, person: int) -> str:
        """Return the person's possessive pronoun."""
        return "her" if self.pronouns[person] == "she" else "his"

    def clause(self, statement: Statement, believed: bool) -> str:
        """Return the clause that holds if the statement is true or false, with names."""
        return statement.clause(believed).format(*self.names)

    def roles(self, roles: tuple[Role, ...]) -> str:
        """Return the roles as a clause: Ann is a knight and Ben is a knave."""
        return listed([f"{self.names[person]} is a {kind(knight)}" for person, knight in roles])

    def say(self, deduction: Deduction, dice: Dice) -> str:
        """Return the deduction in a sentence or two, in lower case unless a name comes first."""
        sayer = {
            "known": self._known,
            "speaker": self._speaker,
            "either": self._either,
            "suppose": self._suppose,
            "clash": self._clash,
        }
        return sayer[deduction.how](deduction, dice)

    def _known(self, deduction: Deduction, dice: Dice) -> str:
        statement = self.scene.statements[deduction.person]
        name, he, his = (
            self.names[deduction.person],
            self.pronouns[deduction.person],
            self.his(deduction.person),
        )
        clause = self.clause(statement, deduction.believed)
        if deduction.believed:
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
        return text + self._consequence(deduction, dice, statement.settles[deduction.believed])

    def _consequence(self, deduction: Deduction, dice: Dice, settled: bool) -> str:
        if settled:
            return ""
        statement = self.scene.statements[deduction.person]
        earlier = self._known_people(statement, deduction)
        conclusion = self.roles(deduction.roles)
        if earlier:
            return " " + dice.pick((
                f"Since {earlier}, it follows that {conclusion}.",
                f"We know that {earlier}, so {conclusion}.",
                f"Given that {earlier}, this means {conclusion}.",
            ))  # fmt: skip
        return dice.pick((f" So {conclusion}.", f" Hence {conclusion}."))

    def _known_people(self, statement: Statement, deduction: Deduction) -> str:
        """Return the earlier known kinds of the statement's people as a clause, or ""."""
        roles = [(p, self.scene.role_in(deduction.before, p)) for p in statement.people]
        return self.roles_or_nothing([(p, knight) for p, knight in roles if knight is not None])

    def roles_or_nothing(self, roles: list[Role]) -> str:
        """Return the roles as a clause, or "" for none."""
        return self.roles(tuple(roles)) if roles else ""

    def _speaker(self, deduction: Deduction, dice: Dice) -> str:
        (person, knight) = deduction.roles[0]
        statement = self.scene.statements[person]
        name, his = self.names[person], self.his(person)
        clause = self.clause(statement, not knight)
        earlier = self._known_people(statement, deduction)
        but = f"but {earlier}" if earlier else f"which makes {name} a {kind(knight)} after all"
        truth = "false" if knight else "true"
        return dice.pick((
            f"if {name} were a {kind(not knight)}, {his} statement would be {truth}, and we would "
            f"have that {clause}, {but}. So {name} is a {kind(knight)}.",
            f"could {name} be a {kind(not knight)}? Then it would hold that {clause}, {but}. "
            f"So {name} must be a {kind(knight)}.",
            f"assuming {name} were a {kind(not knight)}, we would get that {clause}, {but}. "
            f"Therefore {name} is a {kind(knight)}.",
        ))  # fmt: skip

    def _either(self, deduction: Deduction, dice: Dice) -> str:
        statement = self.scene.statements[deduction.person]
        name = self.names[deduction.person]
        earlier = self._known_people(statement, deduction)
        if_knight, if_knave = self.clause(statement, True), self.clause(statement, False)
        conclusion = self.roles(deduction.roles)
        if earlier:
            conclusion = f"since {earlier}, we get that {conclusion}"
        return dice.pick((
            f"look at both cases for {name}. If {name} is a knight, {if_knight}; if {name} is a "
            f"knave, {if_knave}. In either case {conclusion}.",
            f"{name} may be a knight, and then {if_knight}, or a knave, and then {if_knave}. "
            f"Both ways, {conclusion}.",
        ))  # fmt: skip

    def _suppose(self, deduction: Deduction, dice: Dice) -> str:
        assumption = self.roles(deduction.roles)
        return dice.pick((
            f"suppose that {assumption}.",
            f"let us assume for a moment that {assumption}.",
            f"no statement can be settled directly, so assume that {assumption}.",
        ))  # fmt: skip

    def _clash(self, deduction: Deduction, dice: Dice) -> str:
        assert deduction.supposed is not None
        person, knight = deduction.supposed
        finish = dice.pick((
            f"so the assumption fails, and {self.names[person]} is a {kind(not knight)}.",
            f"this is a contradiction, so {self.names[person]} must be a {kind(not knight)}.",
            f"we have a contradiction. Therefore {self.names[person]} is a {kind(not knight)}.",
        ))  # fmt: skip
        return f"{self.why_clash(deduction)}. {finish[0].upper()}{finish[1:]}"

    def why_clash(self, deduction: Deduction) -> str:
        """Return the contradiction under the assumption, as a sentence without its full stop."""
        statement = self.scene.statements[deduction.person]
        name = self.names[deduction.person]
        earlier = self._known_people(statement, deduction)
        role = self.scene.role_in(deduction.before, deduction.person)
        if role is None:
            return (
                f"now neither kind fits {name}: as a knight {name} would make it true that "
                f"{self.clause(statement, True)}, and as a knave that "
                f"{self.clause(statement, False)}"
            )
        clause = self.clause(statement, deduction.believed)
        return f"but {name}, being a {kind(role)}, gives us that {clause}" + (
            f", whereas we have that {earlier}" if earlier else ", which cannot be"
        )
