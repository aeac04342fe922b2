"""A server that speaks S3, for exports that are kept in a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

BUCKET = "exports"


@contextmanager
def serving_bucket(settings: Any, environment: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start a store that the settings name, and return its client."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environment.setenv(name, "testing")
    environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings.EXPORT_S3_ENDPOINT = f"http://{host}:{port}"
    settings.EXPORT_S3_BUCKET = BUCKET
    settings.EXPORT_S3_PREFIX = "team"
    # What it keeps, it keeps for all servers of the process.
    httpx.post(f"{settings.EXPORT_S3_ENDPOINT}/moto-api/reset")
    client = boto3.client("s3", endpoint_url=settings.EXPORT_S3_ENDPOINT)
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()
