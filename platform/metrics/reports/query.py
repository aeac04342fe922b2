"""The subject of a report: datasets and traces, reference, judge."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from traces.datasets.trace_filter import selected
from traces.models import Dataset


@dataclass(frozen=True, slots=True)
class MetricsQuery:
    """The subject by ids, so that it can be stored, sent to a worker and looked up.

    Without a `reference`, the dataset labels are it. `choices` are those of a
    `traces.datasets.trace_filter.TraceFilter` over the one dataset, empty for all its traces. What
    `judge` and `other` are, the report says.
    """

    datasets: tuple[int, ...]
    reference: int | None = None
    judge: int | None = None
    other: int | None = None
    generator: int | None = None
    queue: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "MetricsQuery":
        rest = {
            name: stored[name] for name in ("reference", "judge", "other", "generator", "queue")
        }
        choices = tuple((str(name), str(value)) for name, value in stored["choices"])
        return cls(tuple(stored["datasets"]), choices=choices, **rest)

    def key(self, name: str) -> UUID:
        text = json.dumps([name, self.stored()], sort_keys=True)
        return UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest())

    def trace_ids(self) -> list[int] | None:
        """Return the selected traces, None for all.

        Raises ValueError where the choices no longer fit.
        """
        if not self.choices:
            return None
        dataset = Dataset.objects.get(pk=self.datasets[0])
        return list(selected(dataset, dict(self.choices)).values_list("pk", flat=True))
