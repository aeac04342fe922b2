"""The converter of dataset names in addresses, written `<dataset:name>`."""

from django.urls.converters import StringConverter


class DatasetConverter(StringConverter):
    """A dataset's name without U+0000, which PostgreSQL refuses in a query."""

    regex = r"[^/\x00]+"
