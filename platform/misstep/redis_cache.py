"""The cache in Redis, which a page does without while Redis is away."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """A cache that is empty while Redis cannot be reached, and keeps nothing until it is back.

    Everything in it can be computed again, so a page is slower then and shows no error.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            _note(error)
            return default

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError as error:
            _note(error)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Return True while Redis is away: nobody else's value is known."""
        try:
            return super().add(key, value, timeout, version)
        except RedisError as error:
            _note(error)
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as error:
            _note(error)
            return False


def _note(error: RedisError) -> None:
    logger.warning("The cache is away: %s", error)
