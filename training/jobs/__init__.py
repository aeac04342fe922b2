"""Training jobs: each reads an export's folder and writes a run's folder, and knows no Django.

The table is read by pages too, so a job's module is imported when the job runs and never before.
"""

from dataclasses import dataclass

from training.jobs.job_settings import MistakeTuningSettings, NftSettings, PrmSettings, Settings


@dataclass(frozen=True, slots=True)
class JobEntry:
    """What is known of a job without torch. `recipes` are the exports that it can read."""

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
            "Process reward model: is each step right?",
            "training.jobs.prm.PrmJob",
            ("prm",),
            PrmSettings,
        ),
        JobEntry(
            "mistake-tuning",
            "Mistake tuning: right and wrong rationales under their prefix",
            "training.jobs.mistake_tuning.MistakeTuningJob",
            ("mistake-tuning",),
            MistakeTuningSettings,
        ),
        JobEntry(
            "nft",
            "NFT: learn from right and wrong attempts at once",
            "training.jobs.nft.NftJob",
            ("nft-rollouts",),
            NftSettings,
        ),
    )
}


def jobs_for(recipe: str) -> list[JobEntry]:
    """The jobs that read exports of this recipe."""
    return [job for job in JOBS.values() if recipe in job.recipes]
