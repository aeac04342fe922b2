"""Text that attacks: shown on the review page as text, and exported as it came in."""

import pytest
from django.test import Client

from exports.curation.rule import Rule
from tests.annotations.factories import make_queue
from tests.annotations.review_page import address, open_next, send, soup
from tests.exports.exported import make_export, rows_of
from tests.factories import make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.models import Judge

pytestmark = pytest.mark.django_db
HOSTILE = [
    "<script>alert(1)</script>",
    r"\(<mi onclick='x'>a</mi> \href{javascript:alert(1)}{x}\)",
    "[click](javascript:alert(1)) ![x](http://elsewhere.example/x.png)",
    "\u202egnorw si siht\u2066 and \0 NUL",
    "</textarea></template><h1>outside</h1>",
    "x" * 1_000_000,
]
NAME = '<b onmouseover="alert(1)">model\u202eledom</b>'


@pytest.fixture
def ada(client: Client):
    user = make_user("ada")
    client.force_login(user)
    return user


def hostile_queue():
    dataset = make_dataset("hostile")
    trace = make_trace(
        dataset,
        steps=HOSTILE,
        problem=HOSTILE[0],
        subset=NAME,
        generator=NAME,
        external_id=NAME,
        final_answer_correct=False,
        reference_solution=HOSTILE[1],
    )
    critic = make_scorer(NAME).judge
    make_verdict(trace, critic, 1, explanation="".join(HOSTILE[:5]))
    return make_queue(0, dataset=dataset, opinions="shown", guidelines=HOSTILE[2]), trace


def test_nothing_hostile_is_markup_on_the_page(client, ada):
    _, page = open_next(client, hostile_queue()[0], ada)
    assert all(script.get("src") for script in page.select("script"))
    assert not page.select("main h1:not(.visually-hidden), main img, main [onmouseover]")
    assert not page.select("main [onclick], main [style], main [onerror]")
    links = [link["href"] for link in page.select("main a[href]")]
    assert not [link for link in links if not link.startswith(("/", "#"))]
    assert "<script>alert(1)</script>" in page.select_one("#step-1 .step-text").text
    assert "U+202E" in page.select_one("#step-4 .step-text").text
    assert len(page.select_one("#step-6 .step-text").text) >= 1_000_000


@pytest.mark.django_db(transaction=True)
def test_hostile_text_is_reviewed_and_exported_as_it_came(client, ada, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    queue, trace = hostile_queue()
    lease, page = open_next(client, queue, ada)
    fields = {"earliest_error": "1", "note": HOSTILE[0], "correction": HOSTILE[2]}
    assert send(client, lease, page, **fields).status_code == 302
    again = soup(client.get(address(lease)))
    assert again.select_one("#note").text == "\n" + HOSTILE[0]
    assert again.select_one("#correction").text == "\n" + HOSTILE[2]
    judge = Judge.objects.get(user=ada)
    verdict = trace.verdicts.get(judge=judge)
    assert (verdict.explanation, verdict.correction) == (HOSTILE[0], HOSTILE[2])
    export = make_export(trace.dataset, rule=Rule(labels=("human",)))
    [split] = {file["split"] for file in export.manifest["files"].values() if file["split"]}
    [row] = rows_of(export, split)
    assert (row["steps"], row["label"]) == (HOSTILE, 1)
    assert (row["problem"], row["generator"], row["id"]) == (HOSTILE[0], NAME, NAME)
