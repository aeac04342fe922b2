from django.apps import AppConfig


class MisstepConfig(AppConfig):
    name = "misstep"
