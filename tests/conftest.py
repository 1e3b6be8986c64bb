"""Fixtures for all tests: real databases, a real Redis-protocol server, a real service."""

# In the order of their imports: pytest rewrites asserts only in what it imports first.
pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.redis",
    "tests.fixtures.service",
    "tests.fixtures.bucket",
]
