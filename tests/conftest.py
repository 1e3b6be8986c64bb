"""Fixtures for all tests: real databases, a real Redis-protocol server, a real service."""

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.redis",
    "tests.fixtures.service",
]
