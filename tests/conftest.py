"""Fixtures for all tests: real databases, a real Redis-protocol server, a real service."""

# In the order of their imports: pytest rewrites asserts only in what it imports first.
pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.redis",
    "tests.fixtures.service",
    "tests.fixtures.bucket",
    "tests.fixtures.disk",
]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names for binary values: gzip and ZIP hold the time, and all processes must name alike."""
    return argname if isinstance(val, bytes) and not val.isascii() else None
