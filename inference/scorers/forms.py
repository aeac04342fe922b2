"""The form for scorers that ask a language model."""

import json
from typing import Any

from django import forms

from accounts.models import User
from inference.backends import BACKENDS
from inference.models import Scorer
from inference.scorers.derivation_job import start_derivation
from inference.scorers.fields import ParametersField
from inference.scorers.registry import get_or_create_scorer
from inference.scorers.rethreshold import scorer_at_threshold


class ScorerForm(forms.Form):
    """The recipe of a new scorer that needs a model; one to be asked has `CriticForm`."""

    name = forms.CharField(max_length=100, help_text="Shown on the leaderboard.")
    backend = forms.ChoiceField(help_text="Backend type.")
    model = forms.CharField(
        max_length=500, help_text="A Hugging Face model ID, or a folder on the workers."
    )
    revision = forms.CharField(
        required=False,
        max_length=200,
        help_text="Pin a commit for reproducibility.",
    )
    threshold = forms.FloatField(
        required=False,
        help_text=(
            "The first step scored below it is the error. Leave empty for the backend's default."
        ),
    )
    parameters = ParametersField(
        help_text='As JSON, such as {"dtype": "float32"} or, for vllm-pooling, '
        '{"form": "math-shepherd"}.'
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["backend"].choices = [  # type: ignore[attr-defined]
            (name, f"{name}: {known.description}")
            for name, known in BACKENDS.items()
            if known.needs_model and known.kind != Scorer.Kind.CRITIC
        ]


LONGEST_PROMPT = 100_000
# What is a parameter of the recipe under the same name, where it was filled in.
PARAMETERS = (
    "serve", "endpoint", "api_key_env", "prompt", "system", "samples", "temperature", "top_p",
    "top_k", "seed", "max_tokens", "parse", "structured", "rethink",
)  # fmt: skip


class CriticForm(forms.Form):
    """The recipe of a new scorer that asks a language model. Blank is the backend's default."""

    name = forms.CharField(max_length=100, help_text="Shown on the leaderboard.")
    backend = forms.ChoiceField(
        help_text=("Backend type. Decides the prompt and how the answer is parsed.")
    )
    model = forms.CharField(
        max_length=500, help_text=("Name at the endpoint, or a Hugging Face model ID.")
    )
    revision = forms.CharField(required=False, max_length=200)
    serve = forms.ChoiceField(
        required=False,
        label="Serving",
        choices=[("", "use the endpoint below"), ("vllm", "start vLLM on the worker")],
    )
    endpoint = forms.CharField(
        required=False,
        max_length=500,
        help_text=(
            "Such as http://gpu-1:8000/v1. Hosts in your own network must be listed "
            "in MISSTEP_ENDPOINTS in the workers' environment."
        ),
    )
    api_key_env = forms.CharField(
        required=False,
        max_length=100,
        label="API key",
        help_text=(
            "Name of the workers' environment variable with the key, such as MISSTEP_KEY_LAB."
        ),
    )
    prompt = forms.CharField(
        required=False,
        max_length=LONGEST_PROMPT,
        strip=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=(
            "Use {problem} and {tagged_response} as placeholders and double other "
            "braces. Leave empty for the default prompt."
        ),
    )
    prompt_file = forms.FileField(required=False, help_text="Replaces the field above.")
    system = forms.CharField(required=False, max_length=LONGEST_PROMPT, label="System prompt")
    samples = forms.IntegerField(required=False, min_value=1, max_value=64)
    temperature = forms.FloatField(required=False, min_value=0, max_value=10)
    top_p = forms.FloatField(required=False, min_value=0, max_value=1, label="Top p")
    top_k = forms.IntegerField(required=False, min_value=0, label="Top k")
    seed = forms.IntegerField(required=False)
    max_tokens = forms.IntegerField(required=False, min_value=0, label="Max tokens")
    parse = forms.ChoiceField(
        required=False,
        label="Answer parsing",
        choices=[
            ("", "strict: a number in the last box, as in the paper"),
            ("tolerant", "tolerant: also a number with words around it"),
        ],
    )
    structured = forms.ChoiceField(
        required=False,
        label="Answer format",
        choices=[
            ("", "text"),
            ("response_format", "JSON with response_format"),
            ("structured_outputs", "JSON with vLLM's structured_outputs"),
        ],
    )
    rethink = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=24,
        help_text=(
            "How often the critic may revise its review after checking it against known mistakes."
        ),
    )
    threshold = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        help_text="For judges that score steps: the first step scored below it is the error.",
    )
    more = ParametersField(help_text='As JSON, such as {"concurrency": 16}.')

    # The fields in the order of the page, under its headings.
    GROUPS = (
        ("Scorer", ("name", "backend", "model", "revision")),
        ("Endpoint", ("serve", "endpoint", "api_key_env")),
        ("Prompt", ("prompt", "prompt_file", "system", "rethink")),
        (
            "Sampling",
            ("samples", "temperature", "top_p", "top_k", "seed", "max_tokens"),
        ),
        ("Parsing", ("structured", "parse", "threshold", "more")),
    )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["backend"].choices = [  # type: ignore[attr-defined]
            (name, f"{name}: {known.description}")
            for name, known in BACKENDS.items()
            if known.kind == Scorer.Kind.CRITIC
        ]

    def clean_prompt_file(self) -> str:
        file = self.cleaned_data["prompt_file"]
        if file is None:
            return ""
        try:
            return file.read(LONGEST_PROMPT).decode()
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file isn't UTF-8 text.") from error

    def submit(self) -> Scorer:
        """Return the scorer of the recipe. Raises ScoringRefused."""
        asked = self.cleaned_data
        parameters = {name: asked[name] for name in PARAMETERS if asked[name] not in {None, ""}}
        if asked["prompt_file"]:
            parameters["prompt"] = asked["prompt_file"]
        return get_or_create_scorer(
            asked["name"],
            backend=asked["backend"],
            model=asked["model"],
            revision=asked["revision"],
            threshold=asked["threshold"],
            parameters=parameters | asked["more"],
        )


class ThresholdForm(forms.Form):
    """Another threshold for a recipe whose scores are there."""

    threshold = forms.FloatField(help_text="The first step scored below it is the error.")
    name = forms.CharField(max_length=100, help_text="Name of the new scorer.")

    def submit(self, source: Scorer, *, by: User) -> Scorer:
        """Return the scorer, whose verdicts are derived by a task. Raises ScoringRefused."""
        asked = self.cleaned_data
        scorer = scorer_at_threshold(source, asked["threshold"], name=asked["name"])
        start_derivation(scorer, source, by=by)
        return scorer


def recipe_rows(scorer: Scorer) -> list[tuple[str, str, bool]]:
    """Return the recipe's parameters by name as (name, value as text, whether it is long)."""
    shown = {name: _parameter_text(value) for name, value in sorted(scorer.parameters.items())}
    return [(name, text, "\n" in text or len(text) > 80) for name, text in shown.items()]


def _parameter_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
