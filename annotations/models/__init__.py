"""The tables of annotations, one noun a file."""

from annotations.models.comment import StepComment
from annotations.models.counter import QueueCounter
from annotations.models.decision import Decision
from annotations.models.draft import Draft, Submission
from annotations.models.error_types import ErrorType
from annotations.models.event import Event
from annotations.models.item import Item
from annotations.models.lease import Lease
from annotations.models.member import QueueMember
from annotations.models.queue import Queue
from annotations.models.queue_job import QueueJob

__all__ = [
    "Decision",
    "Draft",
    "ErrorType",
    "Event",
    "Item",
    "Lease",
    "Queue",
    "QueueCounter",
    "QueueJob",
    "QueueMember",
    "StepComment",
    "Submission",
]
