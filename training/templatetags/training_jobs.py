"""Template filters about training for the pages of other apps."""

from django import template

from training.jobs import jobs_for

register = template.Library()


@register.filter
def trainable(recipe: str) -> bool:
    """Return whether a job reads exports of this recipe."""
    return bool(jobs_for(recipe))
