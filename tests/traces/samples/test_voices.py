from collections import Counter

import pytest

from traces.samples.voices import VOICES


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES.keys())
def test_a_voice_draws_its_errors_by_weight(voice):
    assert Counter(voice.deck) == Counter(voice.kinds)
    assert 0 < voice.error_rate < 1
    assert 0 <= voice.terse <= 1 and 0 <= voice.restates <= 1


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES.keys())
def test_every_closing_names_the_answer(voice):
    for phrase in voice.closings + voice.typeset_closings:
        assert {"concludes", "answer"} >= phrase.names >= {"answer"}


def test_names_tell_that_a_voice_is_no_language_model():
    assert all(name.startswith("sample-") for name in VOICES)
    assert len({voice.error_rate for voice in VOICES.values()}) == len(VOICES)
