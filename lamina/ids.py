"""Prefixed, sortable identifiers such as `job_01kaz8v7m2f5q0r9x3n6t4w1yc`.

The body is a UUIDv7 (RFC 9562, section 5.7) in 26 lower-case characters of Crockford's
base 32: ids sort by creation time and survive a double click.
"""

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BODY_LENGTH = 26
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)

PREFIXES = {
    "job": "job",
    "ds": "dataset",
    "mdl": "model",
    "file": "file",
    "upl": "upload",
    "evt": "event",
    "key": "key",
    "whk": "webhook",
    "dlv": "delivery",
    "aud": "audit entry",
    "prj": "project",
    "wrk": "worker",
    "cnt": "content",
    "req": "request",
}
"""What each prefix stands for, in words for a message."""


def uuid7() -> int:
    """A UUIDv7 as a 128-bit integer: 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    high, low = random >> 62 & 0xFFF, random & (1 << 62) - 1
    return (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low


def new(prefix: str) -> str:
    """A fresh id with this prefix."""
    if prefix not in PREFIXES:
        raise ValueError(f"unknown id prefix {prefix!r}; one of {', '.join(PREFIXES)}")
    number = uuid7()
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}"


def is_id(text: str, prefix: str) -> bool:
    """Whether `text` has the form of an id with this prefix."""
    head, _, body = text.partition("_")
    return head == prefix and len(body) == _BODY_LENGTH and set(body) <= set(_ALPHABET)


def kind_of(text: str) -> str | None:
    """What an id stands for by its prefix (`"dataset"`), or None when it has none of ours."""
    return PREFIXES.get(text.partition("_")[0])
