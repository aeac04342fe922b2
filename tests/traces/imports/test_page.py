import json
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from tests.factories import make_user
from traces.imports.page import SALT, ImportPage
from traces.models import Import

pytestmark = pytest.mark.django_db

# The options as the form sends them if nobody changes one.
DEFAULTS = {"neutral": "positive", "cut": "blank-line", "label_base": "0"}
ROW = {"problem": "What is 1 + 1?", "steps": ["1 + 1 = 3."], "label": 0}


def sent(**fields: Any) -> ImportPage:
    """Return the page of a request with these fields, its source read."""
    request = RequestFactory().post("/imports/new/", DEFAULTS | fields)
    request.user = make_user(role="lead")
    page = ImportPage(request)  # type: ignore[arg-type]
    page.read()
    request.close()
    return page


def upload(content: bytes = json.dumps(ROW).encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile("rows.jsonl", content)


def test_an_upload_is_previewed_and_then_found_by_its_signed_name():
    page = sent(file=upload())
    assert page.preview is not None
    (row,) = page.preview.rows
    assert (row.record.problem, row.finding) == ("What is 1 + 1?", "step 1")
    assert page.source_name == "rows.jsonl"
    again = sent(source=page.signed_source)
    assert again.source == page.source
    started = again.start()
    assert started is not None
    assert (started.dataset_name, started.source) == ("rows", page.source)
    assert Import.objects.get() == started


@pytest.mark.parametrize(
    "name",
    ["uploads/x/rows.jsonl", signing.dumps("uploads/x", salt="other")],
    ids=["unsigned", "signed for another page"],  # a signature holds the second it was made in
)
def test_a_name_that_this_page_did_not_sign_is_an_error(name: str):
    page = sent(source=name)
    assert page.preview is None
    assert page.where.non_field_errors()
    assert page.source == ""


def test_a_signature_of_this_page_is_not_shown_for_no_source():
    page = sent()
    assert (page.signed_source, page.preview) == ("", None)
    assert page.where.non_field_errors()
    assert signing.loads(sent(file=upload()).signed_source, salt=SALT).startswith("uploads/")


def test_an_unreadable_file_is_an_error_that_starts_with_a_capital():
    page = sent(file=upload(b"\x89PNG"))
    (error,) = page.where.non_field_errors()
    assert error[0].isupper()


def test_the_options_are_open_if_one_is_set_or_wrong():
    assert not sent(file=upload()).shows_choices
    assert sent(file=upload(), cut="line").shows_choices
    assert sent(file=upload(), mapping="problem").shows_choices


def test_a_name_that_can_not_be_a_datasets_is_an_error_of_the_start():
    page = sent(file=SimpleUploadedFile("---.jsonl", json.dumps(ROW).encode()))
    assert page.preview is not None
    assert page.start() is None
    assert page.where.non_field_errors()
    assert not Import.objects.exists()
