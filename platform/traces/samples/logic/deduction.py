"""Solve an island puzzle as a person does, one conclusion at a time."""

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
    same), "suppose" (an assumption) or "clash" (the assumption fails). `person` is the speaker or,
    for an assumption, its subject. `before` is the set of worlds that the earlier roles leave.
    `supposed` is the assumption that the conclusion depends on.
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
        """Return the worlds in which the person has that role."""
        person, knight = role
        mine = knight_worlds(self.size)[person]
        return worlds & mine if knight else worlds & ~mine

    def role_in(self, worlds: int, person: int) -> bool | None:
        """Return True if the person is a knight in all worlds, False if in none, else None."""
        mine = knight_worlds(self.size)[person]
        if not worlds & ~mine:
            return True
        return None if worlds & mine else False

    def settled(self, before: int, after: int) -> tuple[Role, ...]:
        """Return the roles that the worlds `after` fix and the worlds `before` do not."""
        roles = []
        for person, mine in enumerate(knight_worlds(self.size)):
            as_knight = after & mine
            fixed = not as_knight or as_knight == after
            if fixed and before & mine and before & ~mine:
                roles.append((person, bool(as_knight)))
        return tuple(roles)

    def unknown(self, worlds: int) -> list[int]:
        """Return the people whose kind the worlds leave open."""
        return [p for p in range(self.size) if self.role_in(worlds, p) is None]

    def look_at(self, worlds: int, person: int, supposed: Role | None = None) -> Deduction | None:
        """Return the conclusion from the person's statement, or None if it adds nothing."""
        mine = knight_worlds(self.size)[person]
        holds = self.statements[person].holds
        truthful, lying = worlds & mine & holds, worlds & ~mine & ~holds
        speaker = self.role_in(worlds, person)
        believed = speaker is not False
        if not truthful and not lying:
            return Deduction("clash", person, (), worlds, believed, supposed)
        if speaker is None and not (truthful and lying):
            role = (person, bool(truthful))
            return Deduction("speaker", person, (role,), worlds, not lying, supposed)
        if truthful | lying == worlds:
            return None
        roles = self.settled(worlds, truthful | lying)
        if not roles:
            return None
        how = "either" if speaker is None else "known"
        return Deduction(how, person, roles, worlds, believed, supposed)

    def next_deduction(
        self, worlds: int, supposed: Role | None = None, passing: frozenset[int] = frozenset()
    ) -> Deduction | None:
        """Return the first new conclusion, from known speakers first; skips people in `passing`."""
        later = None
        for person in range(self.size):
            if person in passing:
                continue
            deduction = self.look_at(worlds, person, supposed)
            if deduction is not None and (deduction.how in ("known", "clash")):
                return deduction
            later = later or deduction
        return later

    def after(self, deduction: Deduction) -> int:
        """Return the worlds that the deduction leaves."""
        worlds = deduction.before
        for role in deduction.roles:
            worlds = self.with_role(worlds, role)
        return worlds


def solve(scene: Scene) -> list[Deduction] | None:
    """Return the deductions to the end, or None if they need two nested assumptions."""
    worlds, deductions = everywhere(scene.size), []
    while scene.unknown(worlds):
        step = scene.next_deduction(worlds)
        if step is not None:
            deductions.append(step)
            worlds = scene.after(step)
            continue
        branch = _refuted_assumption(scene, worlds)
        if branch is None:
            return None
        deductions += branch
        person, knight = branch[0].roles[0]
        worlds = scene.with_role(worlds, (person, not knight))
    return deductions


LONGEST_BRANCH = 6


def _refuted_assumption(scene: Scene, worlds: int) -> list[Deduction] | None:
    """Return the shortest branch from an assumption to its clash, or None if none clashes."""
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
