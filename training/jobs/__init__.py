"""Training jobs: each reads the folder of an export and writes the folder of a run, without Django.

Pages read this table too, so a job's module is imported only when the job runs.
"""

from dataclasses import dataclass

from training.jobs.job_settings import MistakeTuningSettings, NftSettings, PrmSettings, Settings


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job's description, available without torch. `recipes` are the exports that it can read."""

    name: str
    title: str
    path: str
    recipes: tuple[str, ...]
    settings: type[Settings]


JOBS = {
    job.name: job
    for job in (
        JobEntry(
            "prm",
            "Process reward model: is each step correct?",
            "training.jobs.prm.PrmJob",
            ("prm",),
            PrmSettings,
        ),
        JobEntry(
            "mistake-tuning",
            "Mistake tuning: correct and wrong rationales with a prefix",
            "training.jobs.mistake_tuning.MistakeTuningJob",
            ("mistake-tuning",),
            MistakeTuningSettings,
        ),
        JobEntry(
            "nft",
            "NFT: learn from correct and wrong attempts",
            "training.jobs.nft.NftJob",
            ("nft-rollouts",),
            NftSettings,
        ),
    )
}


def jobs_for(recipe: str) -> list[JobEntry]:
    """Return the jobs that read exports of this recipe."""
    return [job for job in JOBS.values() if recipe in job.recipes]
