"""The tables of datasets, problems, traces and verdicts, one noun a file."""

from traces.models.dataset import Dataset, dataset_name
from traces.models.dataset_member import DatasetMember
from traces.models.generator import Generator
from traces.models.import_run import Import, ImportRejection
from traces.models.judge import Judge
from traces.models.problem import Problem
from traces.models.problem_link import ProblemMatch, ProblemSignature, ProblemVariant
from traces.models.saved_filter import SavedFilter
from traces.models.trace import Cardinality, Trace
from traces.models.verdict import Verdict

__all__ = [
    "Cardinality",
    "Dataset",
    "DatasetMember",
    "Generator",
    "Import",
    "ImportRejection",
    "Judge",
    "Problem",
    "ProblemMatch",
    "ProblemSignature",
    "ProblemVariant",
    "SavedFilter",
    "Trace",
    "Verdict",
    "dataset_name",
]
