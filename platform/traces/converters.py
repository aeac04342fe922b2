"""The name of a dataset in an address, written `<dataset:name>`."""

from django.urls.converters import StringConverter


class DatasetConverter(StringConverter):
    """No U+0000: PostgreSQL refuses a query for it, and no dataset is named so."""

    regex = r"[^/\x00]+"
