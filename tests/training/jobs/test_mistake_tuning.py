"""The texts that mistake tuning and its controls train on."""

from tests.training.tiny import rationale_rows
from training.jobs.job_settings import MistakeTuningSettings
from training.jobs.mistake_tuning import MistakeTuningJob


def texts_of(tokenizer, rows, **settings):
    job = MistakeTuningJob(MistakeTuningSettings(base="x", **settings))
    return [
        tokenizer.decode(example.ids, skip_special_tokens=True)
        for example in job.examples(rows, tokenizer)
    ]


def test_the_loss_covers_question_prefix_rationale_and_end_token(tokenizer):
    job = MistakeTuningJob(MistakeTuningSettings(base="x"))
    (example,) = job.examples([rationale_rows()[1]], tokenizer)
    assert example.labels == example.ids
    assert example.ids[-1] == tokenizer.eos_token_id
    assert tokenizer.decode(example.ids, skip_special_tokens=True) == (
        "What is 1 + 1?\n[CORRECT RATIONALE]\n1 + 1 = 2."
    )


def test_the_controls_drop_the_tag_or_the_wrong_rationales(tokenizer):
    rows = rationale_rows(4)
    expected = [f"{row['question']}\n{row['rationale']}" for row in rows]
    assert texts_of(tokenizer, rows, prefix=False) == expected
    correct = [row["text"] for row in rows if row["is_correct"]]
    assert texts_of(tokenizer, rows, rationales="correct") == correct
    assert len(correct) == 2


def test_the_exported_text_is_used_unchanged(tokenizer):
    row = {**rationale_rows()[1], "text": "What is 1 + 1?\n1 + 1 = 2."}  # exported without a tag
    assert texts_of(tokenizer, [row]) == [row["text"]]
