"""How long the client waits on the network."""

import httpx2

CONNECT = 5.0
"""Seconds for a connection to open."""


def limits(seconds: float, wait: float) -> httpx2.Timeout:
    """Timeouts of a call that the server may hold for `wait` seconds."""
    return httpx2.Timeout(seconds, connect=CONNECT, read=seconds + wait)
