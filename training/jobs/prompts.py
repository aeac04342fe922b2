"""Prompts as the policy receives them."""

from typing import Any

from transformers import PreTrainedTokenizerBase

from training.jobs.errors import JobError


def prompt_ids(tokenizer: PreTrainedTokenizerBase, messages: list[Any]) -> list[int]:
    """Return the tokens before the response.

    Uses the chat template or, for a model without one, the plain text and a line break. Raises
    JobError for messages without content.
    """
    try:
        text = "\n".join(message["content"] for message in messages)
    except (TypeError, KeyError) as error:
        raise JobError("A prompt of the export is not a list of messages with content.") from error
    if tokenizer.chat_template:
        ids: Any = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, tokenize=True, return_dict=False
        )
        return list(ids)
    return list(tokenizer(text + "\n", verbose=False)["input_ids"])
