import pytest

from training.templatetags.training_jobs import trainable


@pytest.mark.parametrize(("recipe", "expected"), [("prm", True), ("processbench", False)])
def test_a_recipe_is_trainable_if_a_job_reads_it(recipe: str, expected: bool):
    assert trainable(recipe) is expected
