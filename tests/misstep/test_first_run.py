import pytest

from accounts.models import User
from inference.models import ScoringRun
from misstep import first_run
from tests.factories import make_dataset, make_user
from traces.models import Dataset, Trace, Verdict

pytestmark = pytest.mark.django_db


def test_the_first_lead_has_no_password() -> None:
    lead = first_run.lead()
    assert (lead.username, lead.role, lead.has_usable_password()) == ("lead", "lead", False)
    assert first_run.lead() == lead


def test_a_lead_that_exists_stays_the_first() -> None:
    make_user("ann")
    closed = make_user("old", role="lead")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    bob = make_user("bob", role="lead")
    make_user("eve", role="lead")
    assert first_run.lead() == bob


def test_samples_are_imported_with_labels_and_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_run, "SAMPLE_SIZE", 12)
    first_run.prepare()
    dataset = Dataset.objects.get()
    assert dataset.name == "sample"
    assert dataset.description
    assert Trace.objects.filter(dataset=dataset).count() == 12
    assert Verdict.objects.filter(judge__dataset=dataset).count() == 12
    assert ScoringRun.objects.get().scorer.backend == "arithmetic"


def test_a_site_with_a_dataset_gets_no_samples() -> None:
    make_dataset("mine")
    first_run.prepare()
    assert [dataset.name for dataset in Dataset.objects.all()] == ["mine"]
    assert not ScoringRun.objects.exists()
