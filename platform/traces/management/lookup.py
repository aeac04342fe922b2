"""Lookups by name for commands."""

from django.core.management.base import CommandError

from traces.models import Dataset


def get_dataset(name: str) -> Dataset:
    """Return the dataset of that name. Raises CommandError with existing names."""
    dataset = Dataset.objects.filter(name=name).first()
    if dataset is None:
        names = list(Dataset.objects.order_by("-created_at").values_list("name", flat=True)[:10])
        existing = f"; datasets: {', '.join(names)}" if names else "; import one first"
        raise CommandError(f"No dataset {name!r}{existing}.")
    return dataset
