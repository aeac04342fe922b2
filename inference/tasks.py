from celery import shared_task

from inference import reviving, shards


@shared_task(name="inference.score_shard")
def score_shard(shard_id: int) -> None:
    shards.score(shard_id)


@shared_task(name="inference.requeue_silent_shards")
def requeue_silent_shards() -> None:
    reviving.requeue_silent()
    reviving.resend_lost()
