from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from annotations.review.blinding import still_to_review
        from traces.verdict_visibility import register_hidden_verdicts

        register_hidden_verdicts(still_to_review)
