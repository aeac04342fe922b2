"""Dashboard pages over a million traces and five judges, and the cost of their summaries.

Server time is the whole request through Django's stack, the median of several. It is compared with
the same leaderboard computed from the verdicts, on the same machine at the same time.

Environment variable: BENCH_DASHBOARD_TRACES (1,000,000).
"""

import os
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from benchmarks import dashboard_rows
from benchmarks.report import Figure
from benchmarks.scratch import scratch_database

TRACES = int(os.environ.get("BENCH_DASHBOARD_TRACES", "1000000"))
CHANGES = 1_000
TIMES = 5


def measure() -> Iterator[Figure]:
    with scratch_database():
        from metrics.summaries import refresh

        start = time.perf_counter()
        dataset, judges = dashboard_rows.make_dataset(TRACES)
        yield Figure(f"making {TRACES:,} traces with 5 judges", time.perf_counter() - start, "s")
        building = seconds(refresh.rebuild)
        yield Figure("counting everything once", building, "s")
        refresh.refresh_statistics()
        yield from update_figures(dataset, judges)
        yield from page_figures(dataset, judges[0])
        yield Figure("summaries that differ from the verdicts", differing(), "", at_most=0)


def update_figures(dataset: Any, judges: list[Any]) -> Iterator[Figure]:
    """Change a thousand verdicts five times, and compute the leaderboard live in between."""
    from metrics.judges import warm_cache
    from metrics.judges.leaderboard import leaderboard
    from metrics.summaries import refresh

    updates, live, warmings = [], [], []
    for n in range(TIMES):
        changed = dashboard_rows.change_verdicts(judges[n % len(judges)], CHANGES, n)
        assert changed == min(CHANGES, TRACES // 97), changed
        updates.append(seconds(refresh.update))
        warmings.append(seconds(lambda: warm_cache.warm([dataset.pk])))
        if n < 2:
            live.append(seconds(lambda: leaderboard(dataset)))
    yield Figure(f"taking in {CHANGES:,} changed verdicts", 1000 * median(updates), "ms")
    yield Figure("readying the intervals after it", 1000 * median(warmings), "ms")
    yield Figure("leaderboard from the verdicts", 1000 * median(live), "ms")
    yield Figure("live / taking in", median(live) / median(updates), "", at_least=1)


def page_figures(dataset: Any, judge: Any) -> Iterator[Figure]:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User
    from traces.models import Generator

    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    make_slow_figures(dataset, judge)
    client = Client()
    client.force_login(User.objects.create_user("ana"))
    generator = Generator.objects.order_by("pk").first()
    assert generator is not None
    pages = {
        "judges": reverse("metrics:judge-list"),
        "judge": reverse("metrics:judge-detail", args=[judge.pk]),
        "agreement": reverse("metrics:agreement-matrix"),
        "generators": reverse("metrics:generator-list"),
        "generator": reverse("metrics:generator-detail", args=[generator.pk]),
    }
    for name, path in pages.items():
        yield Figure(f"page: {name}", 1000 * opened(client, path), "ms", at_most=300)


def make_slow_figures(dataset: Any, judge: Any) -> None:
    """Compute the reports that a worker computes on request, so that the pages find them cached."""
    from metrics.judges.comparison import COMPARISONS
    from metrics.judges.leaderboard import leaderboard
    from metrics.judges.report import REPORT
    from metrics.reports.cache import compute_report
    from metrics.reports.query import MetricsQuery

    best = leaderboard(dataset).judges[0].judge
    for figure, about in [(COMPARISONS, best), (REPORT, judge)]:
        start = time.perf_counter()
        compute_report(figure, MetricsQuery((dataset.pk,), judge=about.pk))
        print(f"computing the report {figure.name!r} took {time.perf_counter() - start:.1f} s")


def opened(client: Any, path: str) -> float:
    """Return the median time of several requests, after a first one that loads the code."""

    def open_page() -> None:
        response = client.get(path)
        assert response.status_code == 200, response.status_code
        assert b"being computed" not in response.content, path

    open_page()
    return median(seconds(open_page) for _ in range(TIMES))


def differing() -> int:
    from metrics.summaries.verify import verify_summaries

    return sum(verify_summaries().differences.values())


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
