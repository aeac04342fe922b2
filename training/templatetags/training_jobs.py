"""What pages of other apps ask about training."""

from django import template

from training.jobs import jobs_for

register = template.Library()


@register.filter
def trainable(recipe: str) -> bool:
    """Whether some job reads exports of this recipe."""
    return bool(jobs_for(recipe))
