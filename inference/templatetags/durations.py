"""Lengths of time as people say them."""

from django import template

register = template.Library()


@register.filter
def duration(seconds: float) -> str:
    """Return at most two units: 45 seconds, 3 minutes, 2 hours 5 minutes, 4 days 7 hours."""
    total = round(seconds)
    if total < 90:
        return _many(total, "second")
    minutes = round(total / 60)
    if minutes < 90:
        return _many(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _many(hours, "hour") + (f" {_many(minutes, 'minute')}" if minutes else "")
    days, hours = divmod(hours, 24)
    return _many(days, "day") + (f" {_many(hours, 'hour')}" if hours else "")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
