"""The faults: each breaks one thing and, unless that is left to others, mends it again."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable

import redis

from tests.chaos.world import LEASE_SECONDS, WORKERS, World
from tests.fixtures.proxy import Proxy
from tests.service.jobs import training_children

Fault = Callable[[World, random.Random], None]


def worker_killed(world: World, dice: random.Random) -> None:
    """A worker ends with SIGKILL and another starts after a while."""
    name = dice.choice(WORKERS)
    world.service.kill(name)
    time.sleep(dice.uniform(0, 2))
    world.service.start(name)


def worker_frozen(world: World, dice: random.Random) -> None:
    """A worker stands still for longer than its leases last, and then goes on."""
    name = dice.choice(WORKERS)
    world.freeze(name)
    time.sleep(LEASE_SECONDS * dice.uniform(1.3, 2))
    world.thaw(name)


def worker_stopped(world: World, dice: random.Random) -> None:
    """A worker is asked to leave, as for a new release, and another starts."""
    name = dice.choice(WORKERS)
    world.service.stop(name)
    world.service.start(name)


def training_killed(world: World, dice: random.Random) -> None:
    """The process of a training ends with SIGKILL."""
    children = training_children(world.service)
    if children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(dice.choice(children), signal.SIGKILL)


def api_killed(world: World, dice: random.Random) -> None:
    """The API ends with SIGKILL and starts again."""
    world.service.kill("api")
    time.sleep(dice.uniform(0, 1))
    world.service.start("api")


def redis_killed(world: World, dice: random.Random) -> None:
    """The Redis server ends with SIGKILL and starts again, with what it had saved or less."""
    world.redis.kill()
    time.sleep(dice.uniform(0, 3))
    world.redis.start()


def redis_flushed(world: World, dice: random.Random) -> None:
    """All that Redis held is gone."""
    del dice
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(world.redis.url) as client:
        client.flushall()


def postgresql_killed(world: World, dice: random.Random) -> None:
    """The database server ends with SIGKILL and starts again."""
    if world.postgres:
        world.postgres.kill()
        time.sleep(dice.uniform(0, 2))
        world.postgres.start()


def redis_unreachable(world: World, dice: random.Random) -> None:
    """The network between one part and Redis is cut or stands still, and heals."""
    _break(dice.choice(list(world.to_redis.values())), dice, 3)


def postgresql_unreachable(world: World, dice: random.Random) -> None:
    """The network between one part and the database is cut or stands still, longer than leases."""
    if world.to_postgres:
        _break(dice.choice(list(world.to_postgres.values())), dice, LEASE_SECONDS * 2)


def _break(network: Proxy, dice: random.Random, seconds: float) -> None:
    dice.choice([network.cut, network.stall])()
    time.sleep(dice.uniform(seconds / 4, seconds))
    network.heal()


FAULTS: tuple[Fault, ...] = (
    worker_killed,
    worker_frozen,
    worker_stopped,
    training_killed,
    api_killed,
    redis_killed,
    redis_flushed,
    postgresql_killed,
    redis_unreachable,
    postgresql_unreachable,
)
