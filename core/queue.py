"""The Celery application and the wake-ups that go through it.

The database is the queue of record. What goes through Redis is only a wake-up: "there may be
something to do". Losing one costs time, never a job, because the relay sends it again.
"""

from typing import Any, Final

import redis
import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.redis_url import broker_url, client_url
from core.settings import get_settings

CPU: Final = "lamina.cpu"
GPU: Final = "lamina.gpu"
DATA: Final = "lamina.data"
RUN_JOB: Final = "lamina.run_job"
READ_DATASET: Final = "lamina.read_dataset"
TASK_OF: Final = {CPU: RUN_JOB, GPU: RUN_JOB, DATA: READ_DATASET}
"""Which task a wake-up on a queue starts."""

log = structlog.get_logger(__name__)


def _make_app() -> Celery:
    settings = get_settings()
    app = Celery("lamina", broker=broker_url(settings.redis_url))
    app.conf.update(
        # The database redelivers, not Redis: acknowledge at once, keep no results.
        task_acks_late=False,
        task_ignore_result=True,
        task_publish_retry=False,
        task_serializer="json",
        accept_content=["json"],
        # A message is taken only when a thread is free for it.
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=True,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_acquire_timeout=5,
        broker_transport_options={
            "global_keyprefix": "lamina:",
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "visibility_timeout": 86_400,
        },
    )
    return app


app = _make_app()


def wake(queue: str) -> bool:
    """Send one wake-up; best effort. False when Redis could not be reached."""
    try:
        app.send_task(TASK_OF[queue], queue=queue)
    except (OperationalError, redis.RedisError, OSError) as error:
        log.warning("wake-up not sent", queue=queue, error=str(error))
        return False
    return True


def outstanding(queue: str) -> int:
    """Wake-ups that no worker has taken yet. Raises redis.RedisError."""
    return int(_client().llen(f"lamina:{queue}"))


def missing(queue: str, enough: int) -> int:
    """How many wake-ups fewer than `enough` are outstanding; none where Redis is out of reach."""
    try:
        return max(0, enough - outstanding(queue))
    except redis.RedisError as error:
        log.warning("wake-ups not sent", queue=queue, error=str(error))
        return 0


def ping() -> None:
    """Raise redis.RedisError when Redis cannot be reached."""
    _client().ping()


_clients: dict[str, Any] = {}


def _client() -> Any:
    url = client_url(get_settings().redis_url)
    if url not in _clients:
        _clients[url] = redis.Redis.from_url(
            # Who asks whether Redis is there is not kept waiting until it is.
            url,
            socket_timeout=2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 0),
        )
    return _clients[url]
