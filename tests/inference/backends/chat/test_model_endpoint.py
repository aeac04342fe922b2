"""A model behind an endpoint is looked up once and described."""

import pytest

from inference.backends.chat.model_endpoint import ModelEndpoint, local_endpoint
from inference.backends.chat.options import ChatOptions
from inference.backends.interface import BackendError, Recipe
from inference.backends.vllm.server_address import ServerAddress
from tests.openai_server import Answer, completion, serving

LISTED = Answer({"data": [{"id": "critic-7b", "max_model_len": 4096}]})


def test_the_list_of_models_describes_the_model(reachable: None):
    with serving(completion("x"), models=LISTED) as server:
        options = ChatOptions(endpoint=server.url)
        endpoint = ModelEndpoint(Recipe("critic", "critic-7b"), options)
        assert endpoint.model_info["max_model_len"] == 4096
        assert (endpoint.device, endpoint.server) == ("", None)
        with pytest.raises(BackendError, match="has no model 'other'"):
            ModelEndpoint(Recipe("critic", "other"), options)


def test_the_workers_own_server_needs_no_permission():
    endpoint = local_endpoint(ServerAddress("http://127.0.0.1:8123", "key"))
    assert endpoint.url == "http://127.0.0.1:8123/v1"
    assert (endpoint.addresses, endpoint.port) == (("127.0.0.1",), 8123)
    assert endpoint.is_named
