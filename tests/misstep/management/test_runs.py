import pytest
from django.core.management import CommandError

from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scripted_scorer
from tests.misstep.management.output import output_of
from traces.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def dataset() -> Dataset:
    return make_trace(make_dataset("traces")).dataset


def test_runs_lists_and_steers(dataset: Dataset):
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    assert f"{run.pk}  queued     0 of 1  scripted-plain on traces" in output_of("runs")
    assert "paused: " in output_of("runs", "pause", str(run.pk))
    assert "resumed: " in output_of("runs", "resume", str(run.pk))
    assert "cancelled: " in output_of("runs", "cancel", str(run.pk))
    with pytest.raises(CommandError, match="is already cancelled"):
        output_of("runs", "cancel", str(run.pk))
    with pytest.raises(CommandError, match="No run 0"):
        output_of("runs", "pause", "0")
