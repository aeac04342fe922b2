from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from annotations.review.blinding import still_to_review
        from traces.verdict_visibility import withhold

        withhold(still_to_review)
