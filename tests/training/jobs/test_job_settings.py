import pytest

from training.jobs.errors import JobError
from training.jobs.job_settings import NftSettings, PrmSettings, read_settings


def test_missing_settings_have_the_defaults_of_the_job():
    settings = read_settings(NftSettings, {"base": "tiny", "steps": 3})
    assert (settings.steps, settings.learning_rate, settings.schedule) == (3, 1e-6, "constant")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"batch_size": 0}, "Expected `int` >= 1 - at `$.batch_size`"),
        ({"speed": 3}, "unknown field `speed`"),
        ({"schedule": "steep"}, "Invalid enum value 'steep' - at `$.schedule`"),
        ({"base": " "}, "The run has no base model"),
        ({"speed": 3}, "Available settings: base, revision"),
    ],
)
def test_invalid_settings_are_refused(values: dict[str, object], message: str):
    with pytest.raises(JobError) as refusal:
        read_settings(PrmSettings, {"base": "tiny", **values})
    assert message in str(refusal.value)
