"""The cache with Redis there, gone and back."""

import time
from collections.abc import Iterator

import pytest

from misstep.redis_cache import ForgivingRedisCache
from tests.jobs.own_broker import Broker, own_broker


@pytest.fixture
def redis() -> Iterator[Broker]:
    with own_broker() as server:
        yield server


@pytest.fixture
def cache(redis: Broker) -> ForgivingRedisCache:
    options = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}
    return ForgivingRedisCache(f"redis://127.0.0.1:{redis.port}/0", {"OPTIONS": options})


def test_it_keeps_what_it_is_given(cache: ForgivingRedisCache):
    cache.set("a", [1, 2])
    assert cache.get("a") == [1, 2]
    assert (cache.add("b", 1), cache.add("b", 2), cache.get("b")) == (True, False, 1)
    assert (cache.delete("b"), cache.get("b", "gone")) == (True, "gone")


def test_without_redis_it_is_empty_and_raises_nothing(cache: ForgivingRedisCache, redis: Broker):
    cache.set("a", 1)
    redis.stop()
    start = time.monotonic()
    cache.set("a", 2)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 3) is True
    assert cache.delete("a") is False
    assert time.monotonic() - start < 5
    redis.start()
    cache.set("a", 4)
    assert cache.get("a") == 4
