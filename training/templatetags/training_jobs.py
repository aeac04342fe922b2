"""What a template asks about jobs."""

from django import template

from exports.models import Export
from training.jobs import jobs_for

register = template.Library()


@register.filter
def is_trainable(export: Export) -> bool:
    """Whether some job reads the export's recipe."""
    return bool(jobs_for(export.recipe))
