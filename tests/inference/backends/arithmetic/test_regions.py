"""Only sentences that may state a calculation are read."""

from inference.backends.arithmetic.regions import regions_of


def read(step: str) -> list[str]:
    return [step[start:stop].strip() for start, stop in regions_of(step)]


def test_a_sentence_with_a_calculation_is_a_region():
    assert read("We start. Then 2 + 3 = 5. We stop.") == ["Then 2 + 3 = 5."]


def test_text_without_work_or_digits_is_skipped():
    assert read("The sky is blue. There are 5 apples.") == []
    assert read("x = y") == []
    assert read("") == []


def test_a_sentence_that_begins_with_a_relation_includes_the_one_before():
    assert read("2 + 3\n= 5") == ["2 + 3\n= 5"]


def test_neighbouring_lines_are_regions_of_their_own():
    assert len(read("1 + 1 = 2\n3 + 3 = 6")) == 2
