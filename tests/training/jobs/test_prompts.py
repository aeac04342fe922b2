import pytest

from tests.training.tiny import make_trained_tokenizer
from training.jobs.errors import JobError
from training.jobs.prompts import prompt_ids

MESSAGES = [{"role": "user", "content": "What is 2 + 3?"}]


def test_a_model_without_a_chat_template_gets_the_text_and_a_line_break():
    tokenizer = make_trained_tokenizer()
    ids = prompt_ids(tokenizer, MESSAGES)
    assert tokenizer.decode(ids, skip_special_tokens=True) == "What is 2 + 3?\n"


def test_a_chat_template_is_used_with_a_generation_prompt():
    tokenizer = make_trained_tokenizer()
    tokenizer.chat_template = (
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}<assistant>{% endif %}"
    )
    text = tokenizer.decode(prompt_ids(tokenizer, MESSAGES), skip_special_tokens=True)
    assert text == "<user>What is 2 + 3?<assistant>"


@pytest.mark.parametrize("messages", [["What is 2 + 3?"], [{"role": "user"}], [{"content": 3}]])
def test_a_prompt_that_is_not_a_list_of_messages_is_refused(messages):
    with pytest.raises(JobError, match="is not a list of messages with content"):
        prompt_ids(make_trained_tokenizer(), messages)
