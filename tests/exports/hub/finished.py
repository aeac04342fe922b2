"""A finished export."""

from exports.models import Export
from tests.exports.exported import make_export
from tests.factories import label, make_dataset, make_trace


def make_finished() -> Export:
    dataset = make_dataset()
    label(make_trace(dataset), 1)
    return make_export(dataset, "processbench")
