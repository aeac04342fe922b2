"""The backends by name. A new one is a neighbour's copy and an entry here.

A backend's module is imported when a worker loads it, never before: the web process reads this
table and stays without torch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from inference.backends.interface import Backend, BackendError, Recipe
from inference.backends.vllm.server_options import is_set_up

# The ability of a worker that can serve a model itself.
SERVING = "vllm"


@dataclass(frozen=True, slots=True)
class BackendEntry:
    """What is known of a backend without importing it.

    `revision` is that of a backend which needs no model: raise it whenever its findings change,
    since findings of one recipe must be alike. Without a `default_threshold` it gives no scores;
    the highest score is 1. `needs` are the packages that a worker must have, as they are imported.
    `parameters` is the path of a function that takes a recipe and gives its parameters checked and
    complete, raising BackendError; without one, a recipe has those it was given.
    """

    path: str
    kind: str  # one of Scorer.Kind
    description: str
    revision: str = ""
    default_threshold: float | None = None
    lowest_score: float = 0.0
    needs: tuple[str, ...] = ()
    parameters: str = ""

    @property
    def needs_model(self) -> bool:
        return not self.revision


BACKENDS = {
    "algebra": BackendEntry(
        "inference.backends.algebra.AlgebraBackend",
        "checker",
        "solves the equations of every step and reports contradictions",
        revision="1",
    ),
    "arithmetic": BackendEntry(
        "inference.backends.arithmetic.ArithmeticBackend",
        "checker",
        "checks the arithmetic of every step, without a model",
        revision="1",
    ),
    "final-answer": BackendEntry(
        "inference.backends.final_answer.FinalAnswerBackend",
        "checker",
        "compares the final answer with the reference answer, without a model",
        revision="1",
    ),
    "critic": BackendEntry(
        "inference.backends.critic.backend.CriticBackend",
        "critic",
        "a language model on an OpenAI-compatible endpoint names the first wrong step",
        parameters="inference.backends.critic.options.critic_parameters",
    ),
    "math-shepherd-prm": BackendEntry(
        "inference.backends.prm.math_shepherd_prm.MathShepherdPrmBackend",
        "prm",
        "language models that output + or - at a tag after each step, like Math-Shepherd",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "pure-prm": BackendEntry(
        "inference.backends.prm.pure.PurePrmBackend",
        "prm",
        "token classifiers scored by right minus wrong, like PURE",
        default_threshold=0.0,
        lowest_score=-1.0,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "gen-prm": BackendEntry(
        "inference.backends.generative_prm.gen_prm.GenPrmBackend",
        "critic",
        "GenPRM explains and judges each step, without running the programs it writes",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.generative_prm.gen_prm.gen_prm_parameters",
    ),
    "qwen-prm": BackendEntry(
        "inference.backends.prm.qwen.QwenPrmBackend",
        "prm",
        "process reward models in the Qwen2.5-Math-PRM format, run with transformers",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "reasoneval-prm": BackendEntry(
        "inference.backends.prm.reasoneval.ReasonEvalPrmBackend",
        "prm",
        "classifiers of steps as wrong, neutral or positive, like ReasonEval",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "rlhflow-prm": BackendEntry(
        "inference.backends.prm.rlhflow.RlhflowPrmBackend",
        "prm",
        "language models that answer + or - to each step in a chat, like RLHFlow's",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "skywork-prm": BackendEntry(
        "inference.backends.prm.skywork.SkyworkPrmBackend",
        "prm",
        "language models with a value head read at each line break, like Skywork-o1-Open-PRM",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "trl-prm": BackendEntry(
        "inference.backends.prm.trl_classifier.TrlPrmBackend",
        "prm",
        "token classifiers trained with TRL's PRMTrainer or by the training job here",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.prm.options.prm_parameters",
    ),
    "vllm-pooling": BackendEntry(
        "inference.backends.prm.vllm_pooling.VllmPoolingBackend",
        "prm",
        "process reward models on a vLLM server, started by the worker or given as an endpoint",
        default_threshold=0.5,
        needs=("transformers",),
        parameters="inference.backends.prm.vllm_pooling.pooling_parameters",
    ),
    "r-prm": BackendEntry(
        "inference.backends.generative_prm.r_prm.RPrmBackend",
        "critic",
        "R-PRM samples several answers per step; the score is the share of Yes",
        default_threshold=0.5,
        parameters="inference.backends.generative_prm.r_prm.r_prm_parameters",
    ),
    "think-prm": BackendEntry(
        "inference.backends.generative_prm.think_prm.ThinkPrmBackend",
        "critic",
        "ThinkPRM reasons about every step and ends each with a verdict",
        default_threshold=0.5,
        needs=("torch", "transformers"),
        parameters="inference.backends.generative_prm.think_prm.think_prm_parameters",
    ),
}


def get_entry(name: str) -> BackendEntry:
    """Return the backend's entry. Raises BackendError for a name that is not in the table."""
    if name not in BACKENDS:
        known = ", ".join(sorted(BACKENDS))
        raise BackendError(f"Unknown backend {name!r}. Backends: {known}.")
    return BACKENDS[name]


def missing_packages(name: str) -> list[str]:
    """Return the packages that the backend needs and this machine lacks; none is imported."""
    return [package for package in get_entry(name).needs if find_spec(package) is None]


def runnable_backends() -> list[str]:
    """Return the names of the backends whose packages are all installed here."""
    return [name for name in BACKENDS if not missing_packages(name)]


def abilities() -> list[str]:
    """Return what a worker of this machine can do: its backends, and SERVING if vLLM is set up."""
    return [*runnable_backends(), *([SERVING] if is_set_up() else [])]


def required_abilities(backend: str, parameters: Any) -> set[str]:
    """Return the abilities that a worker needs to run a scorer."""
    serves = isinstance(parameters, dict) and parameters.get("serve") == SERVING
    return {backend, SERVING} if serves else {backend}


def load_backend(recipe: Recipe) -> Backend:
    """Return the backend with its model loaded: seconds for a program, minutes for a large model.

    Raises BackendError if a package is not installed or the model can't be loaded.
    """
    try:
        maker = cast(Callable[[Recipe], Backend], _import_object(get_entry(recipe.backend).path))
    except ModuleNotFoundError as error:
        raise BackendError(
            f"The backend {recipe.backend!r} needs the package {error.name!r} on the worker: "
            'run `pip install "misstep[torch]"` there.'
        ) from error
    return maker(recipe)


def complete_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe's parameters with every default written out.

    Raises BackendError for parameters that the backend can't use.
    """
    path = get_entry(recipe.backend).parameters
    if not path:
        return dict(recipe.parameters or {})
    return cast(Callable[[Recipe], dict[str, Any]], _import_object(path))(recipe)


def _import_object(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)
