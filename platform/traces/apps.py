from django.apps import AppConfig
from django.urls import register_converter

from traces.converters import DatasetConverter


class TracesConfig(AppConfig):
    name = "traces"

    def ready(self) -> None:
        register_converter(DatasetConverter, "dataset")
