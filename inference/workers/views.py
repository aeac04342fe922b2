"""What the workers' page says of each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.db.models.functions import Now
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import UserRequest, users_only
from inference.models import ScoringRun, Shard, Worker
from web.fragments import render_fragment

# One that left longer ago is no longer shown.
SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkerRow:
    worker: Worker
    connected: bool
    # The runs whose shards it works on, and how many of each.
    at_work: list[tuple[int, int]]

    @property
    def state(self) -> str:
        if self.connected:
            return "connected"
        return "stopped" if self.worker.stopped_at else "silent"


def worker_rows(user: User) -> list[WorkerRow]:
    """Return a row a worker, connected ones first, in three queries."""
    connected = set(Worker.objects.connected().values_list("pk", flat=True))
    shards = (
        Shard.objects.filter(
            status=Shard.Status.RUNNING, run__in=ScoringRun.objects.visible_to(user)
        )
        .values_list("worker", "run")
        .annotate(count=Count("pk"))
        .order_by("run")
    )
    at_work: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, run_id, count in shards:
        at_work[name].append((run_id, count))
    workers = Worker.objects.filter(heartbeat_at__gt=Now() - SHOWN_FOR).select_related("scorer")
    rows = [
        WorkerRow(worker, worker.pk in connected, at_work[worker.name])
        for worker in workers.order_by("name")
    ]
    return sorted(rows, key=lambda row: not row.connected)


@require_safe
@users_only
def worker_list(request: UserRequest) -> HttpResponse:
    context = {"rows": worker_rows(request.user)}
    return render_fragment(request, "inference/workers/list.html", "workers", context)
