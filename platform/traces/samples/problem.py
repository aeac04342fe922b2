"""A problem drawn from a template: its text, its right solution, and attempts at it."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from traces.records import NO_ERROR, LabelRecord, TraceRecord
from traces.samples.amounts import Number, as_decimal, as_fraction, as_money, decimal_places, tidy
from traces.samples.dice import Dice
from traces.samples.flaws import Attempt, Flaw, find_flaw
from traces.samples.phrasing import Phrase
from traces.samples.template import Move, Template
from traces.samples.voices import Voice
from traces.samples.wording import capital, closing, prefixes, written

# A template whose numbers are this seldom fit to print has a fault in it.
DRAWS = 500


class WordProblem:
    """One problem with its true values; `attempt` solves it in a voice, rightly or wrongly."""

    variant_kind = "numbers"

    def __init__(self, template: Template, dice: Dice) -> None:
        self.template = template
        self.values, self.moves, self.givens = self._draw(dice)
        self.answer_name = self.moves[-1].gives
        self.shown = {name: self.show(name, value) for name, value in self.values.items()}
        self.answer = self.shown["answer"] = self.shown[self.answer_name]
        notation = "dollar" if template.typeset else "plain"
        self.text = capital(dice.pick(template.asks).forms[notation] % self.shown)
        self.solution = "\n".join(
            capital(move.says[-1].forms[notation] % self.shown) for move in self.moves
        )

    def variant(self, dice: Dice) -> "WordProblem":
        """The same template with other numbers and names."""
        return WordProblem(self.template, dice)

    def _draw(self, dice: Dice) -> tuple[dict[str, Any], Sequence[Move], list[str]]:
        """All true values, the moves, and the names of the numbers that the problem gives."""
        for _ in range(DRAWS):
            values = self.template.draw(dice)
            moves = self.template.moves_for(values)
            found = self.follow(moves, values)
            if found is not None:
                givens = [name for name, value in values.items() if type(value) is not str]
                return found, moves, givens
        raise ValueError(f"the template {self.template.name} finds no fitting numbers")

    def follow(self, moves: Sequence[Move], known: dict[str, Any]) -> dict[str, Any] | None:
        """All values after these moves from what is known; None where one is not fit to print."""
        space = SimpleNamespace(**known)
        values = vars(space)
        for move in moves:
            if move.gives:
                value = tidy(move.rule(space))
                if not self.fit(move.gives, value):
                    return None
                values[move.gives] = value
        return values

    def fit(self, name: str, value: Number) -> bool:
        template = self.template
        if value <= 0 and template.positive:
            return False
        if type(value) is int:
            return value < 10**9
        if template.whole:
            return False
        places = decimal_places(value)
        if template.fractions:
            return value.denominator < 10_000
        return places is not None and places <= (2 if name in template.money else 3)

    def show(self, name: str, value: Any) -> str:
        kind = type(value)
        if kind is str:
            return str(value)
        if kind is int:
            return str(value)
        if name in self.template.money:
            return as_money(value)
        return as_fraction(value) if self.template.fractions else as_decimal(value)

    def notation(self, voice: Voice) -> str:
        if self.template.typeset and voice.notation == "plain":
            return "dollar"
        if voice.notation == "dollar" and self.values.get("cur") == "$":
            return "paren"  # dollar signs can't be both money and mathematics
        return voice.notation

    def attempt(self, voice: Voice, dice: Dice) -> TraceRecord:
        wording = [
            move.says[0] if dice.random() < voice.terse else dice.pick(move.fuller)
            for move in self.moves
        ]
        attempt = Attempt(self, wording, voice, self.notation(voice), dice)
        flaw = find_flaw(attempt) if dice.random() < voice.error_rate else None
        steps = Steps(attempt)
        if flaw is None:
            steps.write_rightly()
            label = LabelRecord(NO_ERROR, step_labels=steps.labels)
            answer = self.answer
        else:
            label = steps.write_flawed(flaw)
            answer = flaw.shown["answer"]
        return TraceRecord(
            problem=self.text,
            steps=steps.texts,
            generator=voice.name,
            subset=self.template.subset,
            reference_answer=self.answer,
            reference_solution=self.solution,
            final_answer=answer,
            final_answer_correct=answer == self.answer,
            label=label,
        )


class Steps:
    """The steps of one attempt as they are written, with a label for each."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.problem = attempt.problem
        self.texts: list[str] = []
        self.labels: list[int | None] = []
        self.openings = prefixes(attempt.voice, len(attempt.wording), attempt.dice)
        if attempt.dice.random() < attempt.voice.restates:
            goal = attempt.dice.pick(self.problem.template.goals)
            self.texts.append(capital(self._said(goal, self.problem.shown)))
            self.labels.append(0)

    def write_rightly(self) -> None:
        self._write_sound(len(self.attempt.wording))
        self._close(self.problem.shown, 1)

    def write_flawed(self, flaw: Flaw) -> LabelRecord:
        self._write_sound(flaw.index)
        error = len(self.texts)
        wording, at = self.attempt.wording, flaw.index
        correction = written(self.openings[at], self._said(wording[at], self.problem.shown))
        if not flaw.stops:
            self.texts.append(written(self.openings[at], self._said(flaw.says, flaw.shown)))
            self.labels.append(-1)
            self._follow_on(flaw)
        wrong_end = flaw.shown["answer"] != self.problem.answer
        self._close(flaw.shown, -1 if wrong_end else 1)
        return LabelRecord(
            earliest_error=error,
            step_labels=self.labels,
            error_type=flaw.kind,
            explanation=flaw.explanation,
            correction=correction,
        )

    def _write_sound(self, count: int) -> None:
        shown = self.problem.shown
        for opening, words in zip(self.openings[:count], self.attempt.wording, strict=False):
            self.texts.append(written(opening, self._said(words, shown)))
            self.labels.append(1)

    def _follow_on(self, flaw: Flaw) -> None:
        after = flaw.index + 1
        for opening, words in zip(self.openings[after:], self.attempt.wording[after:], strict=True):
            self.texts.append(written(opening, self._said(words, flaw.shown)))
            self.labels.append(1 if flaw.tainted.isdisjoint(words.names) else -1)
        if flaw.cancels:
            self.labels[-1] = -1

    def _close(self, shown: dict[str, str], label: int) -> None:
        attempt = self.attempt
        self.texts.append(
            closing(
                self.problem.template,
                attempt.voice,
                attempt.notation,
                shown,
                attempt.dice,
            )
        )
        self.labels.append(label)

    def _said(self, words: Phrase, shown: dict[str, str]) -> str:
        return words.forms[self.attempt.notation] % shown
