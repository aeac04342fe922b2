"""A word problem, and the attempts of the voices at it."""

from traces.records import NO_ERROR, LabelRecord, TraceRecord
from traces.samples.attempt import Attempt, Flaw
from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.flaws import find_flaw
from traces.samples.phrasing import Phrase
from traces.samples.voices import Voice
from traces.samples.wording import capital, closing, prefixes, written


class WordProblem(DrawnProblem):
    """A drawn problem that a voice can attempt, rightly or wrongly."""

    variant_kind = "numbers"

    def variant(self, dice: Dice) -> "WordProblem":
        """Return a problem of the same template with other numbers and names."""
        return WordProblem(self.template, dice)

    def attempt(self, voice: Voice, dice: Dice) -> TraceRecord:
        """Return the voice's solution with its label; with an error as often as the voice errs."""
        wording = [
            move.wordings[0] if dice.random() < voice.terse else dice.pick(move.fuller)
            for move in self.moves
        ]
        attempt = Attempt(self, wording, voice, self._notation(voice), dice)
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

    def _notation(self, voice: Voice) -> str:
        if self.template.typeset and voice.notation == "plain":
            return "dollar"
        if voice.notation == "dollar" and self.values.get("cur") == "$":
            return "paren"  # dollar signs can't be both money and mathematics
        return voice.notation


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
            self.texts.append(capital(self._filled(goal, self.problem.shown)))
            self.labels.append(0)

    def write_rightly(self) -> None:
        """Write the whole solution without an error."""
        self._write_sound(len(self.attempt.wording))
        self._close(self.problem.shown, 1)

    def write_flawed(self, flaw: Flaw) -> LabelRecord:
        """Write the solution with the flaw in it, and return the label that it deserves."""
        self._write_sound(flaw.index)
        error = len(self.texts)
        wording, at = self.attempt.wording, flaw.index
        correction = written(self.openings[at], self._filled(wording[at], self.problem.shown))
        if not flaw.stops:
            self.texts.append(written(self.openings[at], self._filled(flaw.wording, flaw.shown)))
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
        for opening, phrase in zip(self.openings[:count], self.attempt.wording, strict=False):
            self.texts.append(written(opening, self._filled(phrase, shown)))
            self.labels.append(1)

    def _follow_on(self, flaw: Flaw) -> None:
        """Write the moves after the flaw; a move that uses a tainted value is wrong too."""
        after = flaw.index + 1
        for opening, phrase in zip(
            self.openings[after:], self.attempt.wording[after:], strict=True
        ):
            self.texts.append(written(opening, self._filled(phrase, flaw.shown)))
            self.labels.append(1 if flaw.tainted.isdisjoint(phrase.names) else -1)
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

    def _filled(self, phrase: Phrase, shown: dict[str, str]) -> str:
        return phrase.forms[self.attempt.notation] % shown
