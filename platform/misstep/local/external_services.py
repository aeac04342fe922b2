"""Checks that the PostgreSQL and Redis servers of the environment answer."""

import psycopg
import redis

from misstep.local import addresses
from misstep.local.errors import LocalServiceError

PATIENCE = 5


def require_answers() -> None:
    """Raise LocalServiceError for a server of the environment that can't be used."""
    if not addresses.own_database():
        _require_database(addresses.database_url())
    if not addresses.own_redis():
        _require_redis(addresses.cache_url())


def _require_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=PATIENCE).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise LocalServiceError(
            f"The PostgreSQL server of DATABASE_URL can't be used: {reason}. Start it, correct "
            "DATABASE_URL, or unset it to let Misstep run its own."
        ) from error


def _require_redis(url: str) -> None:
    try:
        with redis.from_url(url, socket_connect_timeout=PATIENCE) as connection:
            connection.ping()
    except (redis.RedisError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise LocalServiceError(
            f"The Redis server of REDIS_URL can't be used: {reason} Start it, correct REDIS_URL, "
            "or unset it to let Misstep run its own."
        ) from error
