"""The same recipe at another threshold, out of scores that are there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inference import tasks
from inference.errors import ScoringRefused
from inference.models import Derivation, Scorer
from inference.runs.start import start_run
from inference.scorers import rethreshold
from inference.scorers.derivation_job import start_derivation
from inference.scorers.registry import builtin_scorer, get_or_create_scorer
from inference.scorers.rethreshold import (
    derive_verdicts,
    scorer_at_threshold,
    scorers_at_other_thresholds,
    verdict_count,
)
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import ScriptedBackend, drain, scripted_scorer
from traces.models import Dataset, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]

# By problem: the scores that the model gave. `mute` gave none.
SCORES = {
    "low early": [0.3, 0.9, 0.2],
    "low late": [0.9, 0.6, 0.4],
    "high": [0.9, 0.8, 0.7],
    "exact": [0.9, 0.6, 0.6],
}


@pytest.fixture
def dataset() -> Dataset:
    made = make_dataset()
    for problem in [*SCORES, "mute"]:
        make_trace(made, problem=problem, steps=["a", "b", "c"])
    return made


@pytest.fixture
def source(dataset: Dataset) -> Scorer:
    """Has judged them all, at the threshold 0.5."""
    scorer = scripted_scorer()
    start_run(scorer, dataset=dataset, created_by=None)
    drain()
    for problem, scores in SCORES.items():
        Verdict.objects.filter(trace__problem__text=problem).update(scores=scores)
    return scorer


def found(scorer: Scorer) -> dict[str, int | None]:
    verdicts = Verdict.objects.current().filter(judge=scorer.judge).select_related("trace__problem")
    return {verdict.trace.problem.text: verdict.earliest_error for verdict in verdicts}


def derived(source: Scorer, threshold: float) -> Scorer:
    scorer = scorer_at_threshold(source, threshold, name=f"at {threshold}")
    derive_verdicts(scorer, source)
    return scorer


@pytest.mark.parametrize(
    ("threshold", "errors"),
    [
        (0.6, {"low early": 0, "low late": 2, "high": -1, "exact": -1, "mute": None}),
        (0.75, {"low early": 0, "low late": 1, "high": 2, "exact": 1, "mute": None}),
        (0.25, {"low early": 2, "low late": -1, "high": -1, "exact": -1, "mute": None}),
    ],
)
def test_verdicts_follow_from_the_scores(
    source: Scorer, threshold: float, errors: dict[str, int | None]
):
    loads = ScriptedBackend.loads
    scorer = derived(source, threshold)
    assert found(scorer) == errors
    assert ScriptedBackend.loads == loads
    assert (scorer.threshold, scorer.model, scorer.backend) == (threshold, "plain", "scripted")


def test_they_name_the_run_of_their_scores_and_say_the_same_failures(source: Scorer):
    run = source.runs.get()
    scorer = derived(source, 0.6)
    verdicts = Verdict.objects.filter(judge=scorer.judge)
    assert set(verdicts.values_list("origin", "origin_id")) == {("run", run.pk)}
    assert verdicts.get(trace__problem__text="mute").failure == "The model said nothing."
    assert verdicts.get(trace__problem__text="high").scores == SCORES["high"]
    assert verdicts.filter(failure="").count() == len(SCORES)


def test_the_labels_equal_the_ones_of_a_run(dataset: Dataset):
    make_trace(dataset, problem="plain", steps=["WRONG", "b"])
    source = scripted_scorer()
    start_run(source, dataset=dataset, created_by=None)
    drain()
    before = found(source)
    assert found(derived(source, 0.11)) == before


def test_in_batches_they_are_the_same(source: Scorer, monkeypatch: pytest.MonkeyPatch):
    whole = found(derived(source, 0.6))
    monkeypatch.setattr(rethreshold, "BATCH", 2)
    scorer = scorer_at_threshold(source, 0.61, name="in batches")
    assert derive_verdicts(scorer, source) == len(whole)
    assert set(found(scorer)) == set(whole)


def test_doing_it_again_takes_in_what_was_scored_since(source: Scorer, dataset: Dataset):
    scorer = derived(source, 0.6)
    kept = dict(Verdict.objects.filter(judge=scorer.judge).values_list("trace_id", "created_at"))
    assert derive_verdicts(scorer, source) == 0
    make_trace(dataset, problem="late", steps=["a"])
    start_run(source, dataset=dataset, created_by=None, only_missing=True)
    drain()
    mute = Verdict.objects.filter(judge=source.judge, trace__problem__text="mute")
    mute.update(failure="", earliest_error=-1, scores=[0.9, 0.9, 0.1])
    Verdict.objects.filter(judge=source.judge, trace__problem__text="high").update(
        failure="Lost.", earliest_error=None, scores=None
    )
    assert derive_verdicts(scorer, source) == 2
    assert found(scorer) == {
        "low early": 0, "low late": 2, "high": -1, "exact": -1, "mute": 2, "late": -1,
    }  # fmt: skip
    again = dict(Verdict.objects.filter(judge=scorer.judge).values_list("trace_id", "created_at"))
    assert sum(again[trace_id] == moment for trace_id, moment in kept.items()) == len(SCORES)


def test_scorers_of_one_recipe_know_each_other(source: Scorer):
    high, low = derived(source, 0.9), derived(source, 0.1)
    scripted_scorer("other")
    assert list(scorers_at_other_thresholds(source)) == [low, high]
    assert list(scorers_at_other_thresholds(high)) == [low, source]
    assert list(scorers_at_other_thresholds(builtin_scorer("arithmetic"))) == []


def test_what_has_no_scores_or_another_recipe_is_refused(source: Scorer):
    with pytest.raises(ScoringRefused, match=r"is a checker\. Only verdicts of"):
        scorer_at_threshold(builtin_scorer("arithmetic"), 0.3, name="x")
    with pytest.raises(ScoringRefused, match=r"already has the threshold 0\.5"):
        scorer_at_threshold(source, 0.5, name="x")
    with pytest.raises(ScoringRefused, match="from 0 to 1"):
        scorer_at_threshold(source, float("nan"), name="x")
    with pytest.raises(ScoringRefused, match="another recipe"):
        scorer_at_threshold(source, 0.3, name=source.name)
    with pytest.raises(ScoringRefused, match="differ in more than the threshold"):
        derive_verdicts(scripted_scorer("other"), source)
    assert Verdict.objects.exclude(judge=source.judge).count() == 0


def test_scores_below_0_have_thresholds_below_0():
    pure = get_or_create_scorer("pure", backend="pure-prm", model="m", threshold=-0.2)
    assert scorer_at_threshold(pure, -0.9, name="lower").threshold == -0.9
    with pytest.raises(ScoringRefused, match="from -1 to 1"):
        scorer_at_threshold(pure, -1.1, name="too low")
    with pytest.raises(ScoringRefused, match="returns no scores"):
        get_or_create_scorer("c", backend="arithmetic", model="m", threshold=0.5)


@pytest.mark.usefixtures("lead")
def test_the_button_makes_the_scorer_and_its_verdicts(
    client: Client, source: Scorer, django_capture_on_commit_callbacks: Any, sent: list[Any]
):
    shown = client.get(reverse("inference:scorer-detail", args=[source.pk]) + "?threshold=0.62")
    assert 'value="0.62"' in shown.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("inference:scorer-rethreshold", args=[source.pk]),
            {"threshold": "0.6", "name": "higher"},
        )
    made = Scorer.objects.get(name="higher")
    assert response.url == reverse("inference:scorer-detail", args=[made.pk])
    job = Derivation.objects.get(scorer=made, source=source)
    assert sent == [("inference.derive_verdicts", [job.pk])]
    page = client.get(response.url).content.decode()
    assert "are derived from the scores" in page
    assert "queued" in page
    for _ in range(2):
        tasks.derive_verdicts(job.pk)
    assert found(made)["low late"] == 2
    job.refresh_from_db()
    assert (job.status, job.attempts, job.written) == ("finished", 1, verdict_count(made))
    page = client.get(response.url).content.decode()
    assert source.name in page


@pytest.mark.usefixtures("lead")
def test_a_derivation_is_cancelled_from_the_scorers_page(client: Client, source: Scorer):
    made = scorer_at_threshold(source, 0.6, name="higher")
    job = start_derivation(made, source)
    address = reverse("inference:derivation-cancel", args=[job.pk])
    page = reverse("inference:scorer-detail", args=[made.pk])
    assert address in client.get(page).content.decode()
    client.post(address)
    job.refresh_from_db()
    assert job.status == "cancelled"
    tasks.derive_verdicts(job.pk)
    assert verdict_count(made) == 0
    answer = client.post(address, follow=True)
    assert "there is nothing to cancel" in answer.content.decode()


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"threshold": "0.5", "name": "x"}, "already has the threshold 0.5"),
        ({"threshold": "7", "name": "x"}, "from 0 to 1"),
        ({"threshold": "nan", "name": "x"}, "Enter a number"),
        ({"threshold": "0.6", "name": "<b>x</b>"}, "is not a valid scorer name"),
        ({"threshold": "0.6"}, "This field is required"),
    ],
)
def test_the_button_says_what_is_wrong(
    client: Client, source: Scorer, asked: dict[str, str], said: str
):
    response = client.post(reverse("inference:scorer-rethreshold", args=[source.pk]), asked)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert Scorer.objects.count() == 1


def test_an_annotator_sees_thresholds_and_no_button(client: Client, source: Scorer):
    derived(source, 0.6)
    client.force_login(make_user())
    page = client.get(reverse("inference:scorer-detail", args=[source.pk])).content.decode()
    assert "at 0.6" in page
    assert "Apply another threshold" not in page
