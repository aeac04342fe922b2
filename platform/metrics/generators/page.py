"""Columns of a generator's page: one for it, and one for the generator compared with."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.generators.filters import GeneratorFilter
from metrics.generators.profile import ErrorShare, GeneratorProfile, SourceShare, source_shares
from metrics.generators.tables import GeneratorRow, generator_rows, percentage, share_rows
from metrics.pages.tables import PartTable
from metrics.pages.trace_links import TraceLinks, length_choice
from metrics.stats.wilson import Rate
from metrics.summaries.queries import sources
from traces.models import Generator


@dataclass(frozen=True, slots=True)
class TypeRow:
    name: str
    traces: str
    link: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    name: str
    traces: str
    share: str


@dataclass(frozen=True, slots=True)
class Column:
    """Everything on the page that belongs to one generator."""

    generator: Generator
    row: GeneratorRow
    errors: Rate
    wrong_by_right: str
    wrong_by_right_detail: str
    error_link: str
    wrong_process_link: str
    right_process_link: str
    tables: list[PartTable]
    types: list[TypeRow]
    sources: list[SourceRow]
    model_only: str


SOURCE_NAMES = {
    "reference": "dataset labels",
    "consensus": "human consensus",
    "human": "human",
    "model": "model only",
    "none": "nobody",
}


def columns_of(
    found: Sequence[GeneratorProfile], links: TraceLinks, form: GeneratorFilter
) -> list[Column]:
    judge = form.cleaned_data["judge"]
    by = judge.pk if judge else links.reference
    return [_column(one, links, by) for one in found]


def source_rows(datasets: Sequence[int], generator: int | None = None) -> list[SourceRow]:
    """Return where the labels come from; each trace counts once."""
    return _sources(source_shares(sources(datasets, generator)))


def _column(one: GeneratorProfile, links: TraceLinks, by: int | None) -> Column:
    errors = one.errors
    generator = errors.generator
    mine = {"generator": generator.pk, "judge": by}
    reverse = errors.wrong_by_right

    def of_subset(share: ErrorShare) -> str:
        name = "" if links.dataset and share.query == links.dataset.name else share.query
        return links.to(**mine, finding="error", subset=name)

    def of_length(share: ErrorShare) -> str:
        return links.to(**mine, finding="error", **length_choice(share.query))

    return Column(
        generator=generator,
        row=generator_rows([errors])[0],
        errors=errors.errors,
        wrong_by_right=percentage(reverse.value),
        wrong_by_right_detail=f"{reverse.count:,} of {reverse.of:,}",
        error_link=links.to(**mine, finding="error"),
        wrong_process_link=links.to(**mine, finding="wrong-process"),
        right_process_link=links.to(**mine, finding="correct", answer="wrong"),
        tables=[
            PartTable("Errors by subset", share_rows(one.by_subset, of_subset)),
            PartTable("By difficulty of the problem", share_rows(one.by_difficulty, lambda _: "")),
            PartTable("By number of steps", share_rows(one.by_length, of_length)),
        ],
        types=[
            TypeRow(
                name,
                f"{traces:,}",
                links.to(**mine, error_type=name) if name else "",
            )
            for name, traces in errors.error_types.items()
        ],
        sources=_sources(one.sources),
        model_only=next(percentage(s.traces.value) for s in one.sources if s.name == "model"),
    )


def _sources(shares: Sequence[SourceShare]) -> list[SourceRow]:
    return [
        SourceRow(
            SOURCE_NAMES[share.name], f"{share.traces.count:,}", percentage(share.traces.value)
        )
        for share in shares
        if share.traces.count
    ]
