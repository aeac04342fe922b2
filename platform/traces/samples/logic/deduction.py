"""Solving an island puzzle the way a person does, one conclusion at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from traces.samples.logic.island import Statement, everywhere, knight_worlds

# (person, is a knight)
Role = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Deduction:
    """One conclusion.

    `how` is "known" (the speaker's kind is known, so the statement is true or false), "speaker"
    (the statement leaves the speaker only one kind), "either" (both kinds of speaker lead to the
    same), "suppose" (an assumption) or "clash" (the assumption fails). `person` is the speaker, or
    whom the assumption is about. `before` is the set of worlds that the roles found earlier leave.
    `supposed` is the assumption under which this is said.
    """

    how: str
    person: int
    roles: tuple[Role, ...]
    before: int
    believed: bool = True
    supposed: Role | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The people's statements, one each in order."""

    size: int
    statements: tuple[Statement, ...]

    def with_role(self, worlds: int, role: Role) -> int:
        person, knight = role
        mine = knight_worlds(self.size)[person]
        return worlds & mine if knight else worlds & ~mine

    def role_in(self, worlds: int, person: int) -> bool | None:
        """Whether the person is a knight in all these worlds, in none, or (None) in some."""
        mine = knight_worlds(self.size)[person]
        if not worlds & ~mine:
            return True
        return None if worlds & mine else False

    def settled(self, before: int, after: int) -> tuple[Role, ...]:
        """The people whose kind is fixed in the worlds `after` but not in those `before`."""
        found = []
        for person, mine in enumerate(knight_worlds(self.size)):
            as_knight = after & mine
            fixed = not as_knight or as_knight == after
            if fixed and before & mine and before & ~mine:
                found.append((person, bool(as_knight)))
        return tuple(found)

    def unknown(self, worlds: int) -> list[int]:
        return [p for p in range(self.size) if self.role_in(worlds, p) is None]

    def look_at(self, worlds: int, person: int, supposed: Role | None = None) -> Deduction | None:
        """What the person's statement adds to what the worlds leave open; None if nothing."""
        mine = knight_worlds(self.size)[person]
        holds = self.statements[person].holds
        truthful, lying = worlds & mine & holds, worlds & ~mine & ~holds
        known = self.role_in(worlds, person)
        believed = known is not False
        if not truthful and not lying:
            return Deduction("clash", person, (), worlds, believed, supposed)
        if known is None and not (truthful and lying):
            role = (person, bool(truthful))
            return Deduction("speaker", person, (role,), worlds, not lying, supposed)
        if truthful | lying == worlds:
            return None
        roles = self.settled(worlds, truthful | lying)
        if not roles:
            return None
        how = "either" if known is None else "known"
        return Deduction(how, person, roles, worlds, believed, supposed)

    def next_deduction(
        self, worlds: int, supposed: Role | None = None, passing: frozenset[int] = frozenset()
    ) -> Deduction | None:
        """The first statement that says something new, known speakers first; skips `passing`."""
        later = None
        for person in range(self.size):
            if person in passing:
                continue
            found = self.look_at(worlds, person, supposed)
            if found is not None and (found.how in ("known", "clash")):
                return found
            later = later or found
        return later

    def after(self, deduction: Deduction) -> int:
        worlds = deduction.before
        for role in deduction.roles:
            worlds = self.with_role(worlds, role)
        return worlds


def solve(scene: Scene) -> list[Deduction] | None:
    """Deductions to the end; None where it takes an assumption within an assumption."""
    worlds, found = everywhere(scene.size), []
    while scene.unknown(worlds):
        step = scene.next_deduction(worlds)
        if step is not None:
            found.append(step)
            worlds = scene.after(step)
            continue
        branch = _refuted_assumption(scene, worlds)
        if branch is None:
            return None
        found += branch
        person, knight = branch[0].roles[0]
        worlds = scene.with_role(worlds, (person, not knight))
    return found


LONGEST_BRANCH = 6


def _refuted_assumption(scene: Scene, worlds: int) -> list[Deduction] | None:
    """An assumption with what follows from it, up to the clash; the shortest there is."""
    best: list[Deduction] | None = None
    for role in _open_roles(scene, worlds):
        branch = [Deduction("suppose", role[0], (role,), worlds, supposed=role)]
        while len(branch) < LONGEST_BRANCH and branch[-1].how != "clash":
            step = scene.next_deduction(scene.after(branch[-1]), role)
            if step is None:
                break
            branch.append(step)
        if branch[-1].how == "clash" and (best is None or len(branch) < len(best)):
            best = branch
    return best


def _open_roles(scene: Scene, worlds: int) -> Iterator[Role]:
    for person in scene.unknown(worlds):
        yield person, True
        yield person, False
