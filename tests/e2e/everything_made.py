"""Something for every page, made by the ways that the product has, where there is one."""

import json
import tempfile
import uuid
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from accounts.tokens import make_token
from annotations.adjudication import decisions
from annotations.adjudication.decisions import Ruling
from annotations.gold.items import add_gold
from annotations.leases.lifecycle import next_lease
from annotations.models import Lease, Queue, QueueJob, StepComment
from annotations.queues.create import create_queue
from annotations.queues.populate import fill
from annotations.review.submit import complete_lease
from annotations.review.verdicts import Review
from exports.curation.rule import Rule
from exports.curation.rule_versions import save_rule
from exports.export_job import new_export, run_export
from exports.models import Export
from inference.models import RawOutput, Schedule, Scorer, ScoringRun
from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.imports.import_job import create_import, run_import
from traces.models import Dataset, Generator, SavedFilter, Verdict
from training.models import TrainingRun

LONG = " and so on, with words that go on for a while" * 4


def make(name: str) -> dict[str, object]:
    """Make an object of every kind; return the ids for URLs. The lead can log in."""
    lead = make_user(f"{name}-lead", role="lead")
    people = [make_user(f"{name}-{who}") for who in ("ada", "ben")]
    dataset = make_dataset(name)
    prm, critic = (
        make_scorer(f"{name}-prm", threshold=0.5),
        make_scorer(f"{name}-critic" + "-x" * 9),
    )
    judged = _judge_traces(dataset, prm, critic)
    queue = _disputed_queue(dataset, lead, people)
    first, second = decisions.disputes(queue)[:2]
    decisions.decide(first.pk, lead, Ruling(label=1, reason="4 + 1 is 5"))
    member = queue.members.get(user=people[1])
    member.paused_at, member.pause_reason = timezone.now(), "Two of the last ten were right."
    member.save()
    chosen = {"answer": "wrong"}
    rule = save_rule(
        dataset, "wrong", Rule(labels=("reference",), finding="wrong"), created_by=lead
    )
    export = new_export(dataset, recipe="processbench", rule=rule, created_by=lead)
    run_export(export.pk)
    export.refresh_from_db()
    assert export.status == Export.Status.FINISHED, export.error
    run = ScoringRun.objects.filter(dataset__name="sample").earliest("pk")
    Schedule.objects.create(
        scorer=prm, dataset=dataset, when="cron", cron="0 3 * * *", next_at=timezone.now(),
        is_active=False, created_by=lead,
    )  # fmt: skip
    held = next_lease(queue, lead)
    assert held
    return {
        "dataset": dataset.name,
        "trace": judged.trace_id,
        "verdict": judged.pk,
        "judge": prm.judge_id,
        "scorer": critic.pk,
        "run": run.pk,
        "generator": Generator.objects.get(name="model-a").pk,
        "queue": queue.pk,
        "item": second.pk,
        "lease": held.pk,
        "member": member.pk,
        "job": QueueJob.objects.create(
            queue=queue,
            kind=QueueJob.Kind.WIDEN,
            status=QueueJob.Status.FAILED,
            error=f"No room{LONG}",
            ended_at=timezone.now(),
        ).pk,
        "person": people[0].pk,
        "comment": StepComment.objects.create(
            item=second, author=people[0], step=1, text=f"Odd{LONG}"
        ).pk,
        "filter": SavedFilter.objects.create(dataset=dataset, name="wrong", choices=chosen).pk,
        "rule": rule.pk,
        "export": export.pk,
        "training": _trained(export, lead).pk,
        "imported": _imported(name, lead),
        "token": make_token(lead, "a program")[0].pk,
    }


def _judge_traces(dataset: Dataset, prm: Scorer, critic: Scorer) -> Verdict:
    for number in range(24):
        trace = make_trace(
            dataset,
            problem=rf"Problem {number}: what is \(\frac{{1}}{{3}} + x^2\)?{LONG}",
            steps=[rf"First, \(2 + 2 = 4\).{LONG}", "Then 4 + 1 = 6.", "So the answer is 6."],
            subset=("gsm8k", "a-subset-of-a-long-name")[number % 2],
            generator=("model-a", "an-organisation/A-Model-of-72B-Instruct")[number % 2],
            external_id=f"an-id-of-some-length-{number}",
            final_answer_correct=number % 3 == 0,
            reference_solution="It is 5.",
        )
        label(trace, (1, 0, -1)[number % 3], error_type="numeric" if number % 3 < 2 else "")
        found = (1, 1, -1, 2)[number % 4]
        make_verdict(trace, prm.judge, found, scores=[0.9, 0.4, 0.2], explanation="I say so.")
        judged = make_verdict(trace, critic.judge, found, explanation="**Wrong** in step 2.")
        RawOutput.objects.create(
            verdict=judged, number=0, run_id=1, sample=0, text="<b>so</b>" * 90
        )
    return judged


def _disputed_queue(dataset: Dataset, lead: User, people: list[User]) -> Queue:
    """Make a queue with three disputed items and one gold item."""
    queue = create_queue(
        dataset,
        "a queue with everything",
        created_by=lead,
        is_for_everyone=True,
        overlap=2,
        max_overlap=2,
        rule=Queue.Rule.UNANIMITY,
        random_share=0.2,
        drift_bound=0.5,
        opinions=Queue.Opinions.SHOWN,
        guidelines="## How\n\nMark the *first* wrong step.",
    )
    fill(queue)
    add_gold(queue, queue.items.latest("pk").trace, 1, feedback="Look at the sum.", by=lead)
    for person, found in zip(people, (0, 2), strict=True):
        for _ in range(3):
            _answer(next_lease(queue, person), found)
    # Not before: else chance decides how many items are in dispute.
    queue.gold_share = 0.1
    queue.save()
    return queue


def _answer(lease: Lease | None, label: int) -> None:
    assert lease
    review = Review(earliest_error=label, note="Because.", error_type="numeric")
    complete_lease(lease.pk, lease.annotator, review, key=uuid.uuid4(), version=0)


def _trained(export: Export, lead: User) -> TrainingRun:
    return TrainingRun.objects.create(
        export=export,
        job="prm",
        parameters={"base": "some/model"},
        status=TrainingRun.Status.FINISHED,
        created_by=lead,
        step=20,
        steps=20,
        metrics=[{"step": n, "loss": 1 / n, "held_out_loss": 1.1 / n} for n in range(1, 21)],
        log=f"a line of the log{LONG}",
    )


def _imported(name: str, lead: User) -> int:
    """Import a good and a bad row."""
    good = {"id": "a", "problem": "p", "steps": ["s"], "label": 0}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in (good, good | {"label": 9})))
        found = create_import(dataset_name=f"{name}-imported", source=str(path), created_by=lead)
        run_import(found.pk)
    return found.pk
