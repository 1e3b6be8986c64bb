"""The address of Redis as its clients spell it."""


def broker_url(url: str) -> str:
    """The URL as kombu spells it: a Unix socket is `redis+socket://`."""
    return url.replace("unix://", "redis+socket://", 1)


def client_url(url: str) -> str:
    """The URL as redis-py spells it: a Unix socket is `unix://`."""
    return url.replace("redis+socket://", "unix://", 1)
