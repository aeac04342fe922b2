"""Steps get tags that count from 0."""

from inference.backends.critic.step_tags import tag_steps


def test_steps_are_tagged_in_order():
    assert tag_steps(["a", "b\nc"]) == (
        "<paragraph_0>\na\n</paragraph_0>\n\n<paragraph_1>\nb\nc\n</paragraph_1>"
    )
    assert tag_steps([]) == ""
