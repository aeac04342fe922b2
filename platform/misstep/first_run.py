"""The first start: an account, the sample dataset, and its scores."""

import tempfile
from pathlib import Path

from accounts.models import User
from inference.runs.start import start_run
from inference.scorers.registry import builtin_scorer
from traces.imports.import_job import create_import, run_import
from traces.models import Dataset
from traces.samples import generate
from traces.samples.writer import write_samples

SAMPLE_NAME = "sample"
SAMPLE_SIZE = 600
SAMPLE_SEED = 1


def lead() -> User:
    """Return the first lead; create one without a password, who logs in by the printed link."""
    found = User.objects.filter(role=User.Role.LEAD, is_active=True).order_by("pk").first()
    if found:
        return found
    user = User(username="lead", role=User.Role.LEAD)
    user.set_unusable_password()
    user.save()
    return user


def prepare() -> None:
    """Import and score the sample dataset, unless there is a dataset already."""
    if Dataset.objects.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{SAMPLE_NAME}.jsonl"
        write_samples(path, generate(SAMPLE_SIZE, SAMPLE_SEED))
        run_import(create_import(dataset_name=SAMPLE_NAME, source=str(path)).pk)
    dataset = Dataset.objects.get(name=SAMPLE_NAME)
    dataset.description = "Generated problems with a known first wrong step"
    dataset.save(update_fields=["description"])
    start_run(builtin_scorer("arithmetic"), dataset=dataset, created_by=None)
