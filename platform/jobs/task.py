"""The base class of every Celery task."""

from typing import Any

from celery.contrib.django.task import DjangoTask
from celery.exceptions import Reject

from database.retry import is_connection_loss, retry_on_connection_loss


class DatabaseTask(DjangoTask):
    """A task that outlives a lost database connection.

    It is repeated while the database is away, for two minutes; then its message goes back to the
    queue. It is never acknowledged and lost. Every task can run twice.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return retry_on_connection_loss(lambda: self.run(*args, **kwargs))
        except Exception as error:
            if is_connection_loss(error):
                raise Reject(error, requeue=True) from error
            raise
