"""The nouns of reviewing, by subject: queues, items, and the records kept of both."""

from annotations.items import Draft, Item, Lease, Submission
from annotations.queues import Queue, QueueMember, Tally
from annotations.records import Decision, Event, StepComment

__all__ = [
    "Decision",
    "Draft",
    "Event",
    "Item",
    "Lease",
    "Queue",
    "QueueMember",
    "StepComment",
    "Submission",
    "Tally",
]
