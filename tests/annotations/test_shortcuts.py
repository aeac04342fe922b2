"""The table of keys, against the page that acts on them."""

from pathlib import Path

from annotations.models.error_types import ERROR_TYPES
from annotations.review.skip import SKIP_REASONS
from annotations.shortcuts import RESERVED

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "annotations" / "review"


def test_no_kind_of_error_has_a_key_of_the_page():
    assert {kind.key for kind in ERROR_TYPES} & RESERVED == set()
    assert len({kind.key for kind in ERROR_TYPES}) == len(ERROR_TYPES)


def test_every_ending_has_a_key_that_is_told():
    assert {ending.key for ending in SKIP_REASONS} <= RESERVED


def test_every_key_that_a_template_names_is_told():
    named = set()
    for template in TEMPLATES.glob("*.html"):
        for part in template.read_text().split('data-key="')[1:]:
            named.add(part.partition('"')[0])
    assert {key for key in named if not key.startswith("{{")} <= RESERVED
