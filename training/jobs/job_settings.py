"""The settings of a training run, read from JSON and checked field by field."""

from typing import Annotated, Any, Literal, TypeVar

import msgspec

from training.jobs.errors import JobError

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
CountOrNone = Annotated[int, msgspec.Meta(ge=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of every job.

    An update uses `accumulate` batches of `batch_size` sequences. `steps` is the number of updates;
    0 derives it from `epochs`.
    """

    base: str  # a folder, or a model's id on the Hub
    revision: str = ""
    seed: int = 1
    epochs: Positive = 1.0
    steps: CountOrNone = 0
    batch_size: Count = 8
    accumulate: Count = 1
    learning_rate: Positive = 1e-5
    warmup: Share = 0.05  # the share of all updates
    schedule: Literal["cosine", "constant"] = "cosine"
    weight_decay: NotNegative = 0.0
    clip: NotNegative = 1.0  # the maximum gradient norm; 0 for no limit
    max_tokens: Count = 2048
    lora_rank: CountOrNone = 0  # 0 trains all weights
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    checkpoint_every: CountOrNone = 200  # in updates
    evaluate_every: CountOrNone = 0  # in updates; 0 evaluates only at the end
    log_every: Count = 1
    tracker: Literal["", "mlflow", "wandb"] = ""


class MistakeTuningSettings(Settings, frozen=True, kw_only=True):
    """Settings of mistake tuning and its controls.

    `prefix` false trains on the same texts without tags. `rationales` "correct" leaves out the
    wrong ones, which is plain fine-tuning.
    """

    learning_rate: Positive = 1e-4
    prefix: bool = True
    rationales: Literal["all", "correct"] = "all"


class PrmSettings(Settings, frozen=True, kw_only=True):
    """Settings of a process reward model.

    `separator` follows every step; the step's score is read at its last token.
    """

    separator: Annotated[str, msgspec.Meta(min_length=1)] = "\n"
    last_step_only: bool = False


class NftSettings(Settings, frozen=True, kw_only=True):
    """Settings of NFT with the paper's names and defaults (arXiv 2505.18116).

    `negative_weight` 1 is NFT, 0 rejection sampling (RFT), -1 DAPO's clipped objective.
    `temperature` 0 uses the export's.
    """

    learning_rate: Positive = 1e-6
    schedule: Literal["cosine", "constant"] = "constant"
    normalize: Literal[0, 1, 2] = 1
    ratio_type: Literal["token", "sequence"] = "token"
    negative_weight: Annotated[float, msgspec.Meta(ge=-1, le=1)] = 1.0
    clamp_negative: Share = 1.0
    clamp_positive: Share = 0.0
    clip_low: Positive = 0.2
    clip_high: Positive = 0.28
    temperature: NotNegative = 0.0


AnySettings = TypeVar("AnySettings", bound=Settings)


def read_settings(kind: type[AnySettings], values: dict[str, Any]) -> AnySettings:
    """Return the checked settings. Raises JobError with the invalid field and its valid values."""
    try:
        settings = msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        fields = ", ".join(kind.__struct_fields__)
        raise JobError(f"Invalid settings: {error}. Available settings: {fields}.") from error
    if not settings.base.strip():
        raise JobError("The run has no base model. Give a folder or an id such as owner/name.")
    return settings
