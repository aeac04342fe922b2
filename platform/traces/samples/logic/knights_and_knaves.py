"""Knights-and-knaves puzzles with exactly one solution, and attempts at them."""

from dataclasses import dataclass
from functools import cache

from traces.records import NO_ERROR, LabelRecord, TraceRecord
from traces.samples.cast import PEOPLE
from traces.samples.dice import Dice
from traces.samples.logic.deduction import Deduction, Role, Scene, solve
from traces.samples.logic.island import (
    NUMBERS,
    draw_statements,
    everywhere,
    has_one_solution,
    sayable,
)
from traces.samples.logic.island_flaws import MAKERS, WrongConclusion
from traces.samples.logic.island_prose import Teller, kind, listed
from traces.samples.voices import Voice
from traces.samples.wording import capital, prefixes, written

SUBSET = "knights-and-knaves"

# The number of people in a puzzle, weighted by repetition.
SIZES = (2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6)

INTROS = (
    "On a small island everybody is either a knight, who always tells the truth, or a knave, who "
    "always lies. You meet {names}.",
    "In the village of Tell, knights always speak the truth and knaves always lie; nobody is "
    "anything else. {names} are sitting by the well.",
    "At a masked ball every guest plays a knight, who only says true things, or a knave, who only "
    "says false ones. You talk to {names}.",
    "A ferry carries {number} passengers, {names}. Each of them is a knight, who never lies, or a "
    "knave, who never tells the truth.",
    "You come to a land of knights and knaves. Knights make only true statements, knaves only "
    "false ones. {names} greet you.",
)
VERBS = ("says", "says", "claims", "declares", "tells you")
QUESTIONS = (
    "Who is a knight and who is a knave?",
    "Find out what each of them is.",
    "What kind is each of the {number}?",
)
GOALS = (
    "knights always tell the truth and knaves always lie, so each statement is true exactly when "
    "its speaker is a knight.",
    "we go through the statements and see what each speaker can be.",
    "there is one statement from each person, and it is true just if that person is a knight.",
)
CLOSINGS = (
    "therefore {answer}.",
    "altogether, {answer}.",
    "that settles everybody: {answer}.",
    "this gives the answer: {answer}.",
)
TERSE_CLOSINGS = ("so {answer}.", "answer: {answer}.")

TRIES = 14


@dataclass(slots=True)
class WrittenSteps:
    """The steps of one attempt so far, without their openings, and a label for each."""

    texts: list[str]
    labels: list[int | None]

    def add(self, text: str, label: int) -> None:
        """Append a step with its label."""
        self.texts.append(text)
        self.labels.append(label)


class IslandPuzzle:
    """A puzzle and the deductions to its one solution.

    With `like` it is a variant of that puzzle, with one other statement.
    """

    variant_kind = "statement"
    people: list[tuple[str, str]]

    def __init__(self, dice: Dice, like: "IslandPuzzle | None" = None) -> None:
        scene, deductions = _changed(like.scene, dice) if like else _drawn(dice)
        self.scene: Scene = scene
        self.deductions: list[Deduction] = deductions
        size = self.scene.size
        people = like.people if like else dice.several(PEOPLE, size)
        self.people = people
        names = tuple(name for name, _ in people)
        self.teller = Teller(self.scene, names, tuple(he for _, he in people))
        worlds = everywhere(size)
        for role in self._true_roles():
            worlds = self.scene.with_role(worlds, role)
        self.worlds = worlds
        self.answer = self._answer(worlds)
        self.text = self._posed(dice)
        self.solution = "\n".join(
            capital(self.teller.say(deduction, dice)) for deduction in self.deductions
        )

    def variant(self, dice: Dice) -> "IslandPuzzle":
        """Return a puzzle of the same people in which one statement is another."""
        return IslandPuzzle(dice, like=self)

    def _true_roles(self) -> list[Role]:
        roles: list[Role] = []
        for step in self.deductions:
            if step.how == "clash" and step.supposed is not None:
                roles.append((step.supposed[0], not step.supposed[1]))
            elif step.supposed is None:
                roles += step.roles
        return roles

    def _posed(self, dice: Dice) -> str:
        names, number = self.teller.names, NUMBERS[self.scene.size]
        lines = [
            f"{name} {dice.pick(VERBS)}: “{statement.speech.format(*names)}”"
            for name, statement in zip(names, self.scene.statements, strict=True)
        ]
        joint = "\n" if dice.chance(0.4) else " "
        intro = dice.pick(INTROS).format(names=listed(list(names)), number=number)
        question = dice.pick(QUESTIONS).format(number=number)
        return f"{intro}{joint}{joint.join(lines)}{joint}{question}"

    def _answer(self, worlds: int) -> str:
        roles = [(p, self.scene.role_in(worlds, p) is True) for p in range(self.scene.size)]
        return self.teller.roles(tuple(roles))

    def attempt(self, voice: Voice, dice: Dice) -> TraceRecord:
        """Return the voice's solution with its label, with an error as often as the voice errs."""
        flawed = self._flaw(voice, dice) if dice.random() < voice.error_rate else None
        written_steps = WrittenSteps([], [])
        if flawed is None:
            for deduction in self.deductions:
                written_steps.add(self.teller.say(deduction, dice), 1)
            answer, error = self.answer, NO_ERROR
        else:
            error, wrong = flawed
            for deduction in self.deductions[:error]:
                written_steps.add(self.teller.say(deduction, dice), 1)
            written_steps.add(wrong.text, -1)
            worlds = self._followed(self.deductions[error], wrong, written_steps, dice)
            answer = self._answer(worlds)
        openings = prefixes(voice, len(written_steps.texts), dice)
        steps = [written(*pair) for pair in zip(openings, written_steps.texts, strict=True)]
        label = LabelRecord(error, step_labels=written_steps.labels)
        if flawed is not None:
            right = self.teller.say(self.deductions[error], dice)
            label.error_type = flawed[1].kind
            label.explanation = flawed[1].explanation
            label.correction = written(openings[error], right)
        self._frame(steps, label, voice, answer, dice)
        return TraceRecord(
            problem=self.text,
            steps=steps,
            generator=voice.name,
            subset=SUBSET,
            reference_answer=self.answer,
            reference_solution=self.solution,
            final_answer=answer,
            final_answer_correct=answer == self.answer,
            label=label,
        )

    def _frame(
        self, steps: list[str], label: LabelRecord, voice: Voice, answer: str, dice: Dice
    ) -> None:
        """Add the last step and, for a voice that restates the goal, a first one."""
        endings = TERSE_CLOSINGS if dice.random() < voice.terse else CLOSINGS
        steps.append(capital(dice.pick(endings).format(answer=answer)))
        assert label.step_labels is not None
        label.step_labels.append(1 if answer == self.answer else -1)
        if dice.random() < voice.restates:
            steps.insert(0, capital(dice.pick(GOALS)))
            label.step_labels.insert(0, 0)
            if label.earliest_error is not None and label.earliest_error != NO_ERROR:
                label.earliest_error += 1

    def _flaw(self, voice: Voice, dice: Dice) -> tuple[int, WrongConclusion] | None:
        """Return a wrong conclusion with the index of the deduction that it replaces, or None."""
        count, deck = len(self.deductions), _fitting_deck(voice)
        for _ in range(TRIES):
            makers = MAKERS[dice.pick(deck)]
            index = int(count * dice.random() ** voice.lean)
            wrong = dice.pick(makers)(self.teller, self.deductions[index], dice)
            if wrong is not None and self._after(self.deductions[index], wrong):
                return index, wrong
        return None

    def _after(self, place: Deduction, wrong: WrongConclusion) -> int:
        worlds = place.before
        for role in wrong.roles:
            worlds = self.scene.with_role(worlds, role)
        return worlds

    def _followed(
        self, place: Deduction, wrong: WrongConclusion, steps: WrittenSteps, dice: Dice
    ) -> int:
        """Write the steps after the wrong conclusion, and return the worlds at their end.

        Contradictions are passed over.
        """
        scene = self.scene
        worlds = self._after(place, wrong)
        supposed = place.supposed if place.how not in ("suppose", "clash") else None
        passing: frozenset[int] = frozenset()
        while scene.unknown(worlds):
            step = scene.next_deduction(worlds, supposed, passing)
            if step is None:
                break
            if step.how == "clash":
                passing |= {step.person}
                continue
            steps.add(self.teller.say(step, dice), self._label(step))
            worlds = scene.after(step)
        return self._finished(worlds, supposed, steps, dice)

    def _label(self, step: Deduction) -> int:
        """Return 1 if all roles in the step are true and no wrong assumption is open, else -1."""
        scene = self.scene
        speaker = scene.role_in(step.before, step.person)
        roles = [*step.roles, *([] if speaker is None else [(step.person, speaker)])]
        true = all(scene.role_in(self.worlds, person) is knight for person, knight in roles)
        return 1 if true and step.supposed is None else -1

    def _finished(self, worlds: int, supposed: Role | None, steps: WrittenSteps, dice: Dice) -> int:
        """Write a last step for the people or the assumption left open; return the worlds."""
        left = self.scene.unknown(worlds)
        if left:
            roles = tuple((person, dice.chance(0.5)) for person in left)
            for role in roles:
                worlds = self.scene.with_role(worlds, role)
            steps.add(f"the other statements then work out if {self.teller.roles(roles)}.", -1)
        elif supposed is not None:
            name = self.teller.names[supposed[0]]
            steps.add(f"this all fits together, so {name} is indeed a {kind(supposed[1])}.", -1)
        return worlds


@cache
def _fitting_deck(voice: Voice) -> tuple[str, ...]:
    """Return the voice's kinds of error that need no numbers."""
    return tuple(kind for kind in voice.deck if kind in MAKERS)


def _drawn(dice: Dice) -> tuple[Scene, list[Deduction]]:
    while True:
        size = dice.pick(SIZES)
        scene = Scene(size, draw_statements(size, dice))
        deductions = solve(scene)
        if deductions is not None and len(deductions) < 16:
            return scene, deductions


def _changed(scene: Scene, dice: Dice) -> tuple[Scene, list[Deduction]]:
    """Return the scene with one other statement, still with exactly one solution."""
    while True:
        speaker = dice.between(0, scene.size - 1)
        statements = list(scene.statements)
        statements[speaker] = dice.pick(sayable(scene.size, speaker))
        if statements[speaker] == scene.statements[speaker]:
            continue
        if not has_one_solution(scene.size, tuple(statements)):
            continue
        changed = Scene(scene.size, tuple(statements))
        deductions = solve(changed)
        if deductions is not None and len(deductions) < 16:
            return changed, deductions
