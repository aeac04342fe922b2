from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.long_counts import LINE, LONGEST_LINE


def test_passengers_are_counted_stop_by_stop():
    lengths = set()
    for seed in range(60):
        problem = DrawnProblem(LINE, Dice(seed))
        values = problem.values
        aboard = values["n0"]
        for stop in range(1, values["stops"] + 1):
            aboard += values[f"on{stop}"] - values[f"off{stop}"]
            assert values[f"n{stop}"] == aboard > 0
            assert f"{stop}: {values[f'off{stop}']} off, {values[f'on{stop}']} on" in problem.text
        assert problem.answer == str(aboard)
        assert len(problem.moves) == values["stops"]
        lengths.add(values["stops"])
    assert min(lengths) == 4
    assert 30 < max(lengths) <= LONGEST_LINE
