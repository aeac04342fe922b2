"""The tables of inference, one noun a file."""

from inference.models.derivation import Derivation
from inference.models.raw_output import RawOutput
from inference.models.run_event import RunEvent
from inference.models.schedule import Priority, Schedule
from inference.models.scorer import Scorer
from inference.models.scoring_run import ScoringRun
from inference.models.shard import Shard
from inference.models.worker import Worker

__all__ = [
    "Derivation",
    "Priority",
    "RawOutput",
    "RunEvent",
    "Schedule",
    "Scorer",
    "ScoringRun",
    "Shard",
    "Worker",
]
