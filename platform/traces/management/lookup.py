"""What commands are told by name."""

from django.core.management.base import CommandError

from traces.models import Dataset


def get_dataset(name: str) -> Dataset:
    """Raises CommandError, with the names that there are, for one that is not there."""
    dataset = Dataset.objects.filter(name=name).first()
    if dataset is None:
        names = list(Dataset.objects.order_by("-created_at").values_list("name", flat=True)[:10])
        known = f"; datasets: {', '.join(names)}" if names else "; import one first"
        raise CommandError(f"No dataset {name!r}{known}.")
    return dataset
