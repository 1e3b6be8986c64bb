"""Plans of the engine that are remembered, so that a known stack is checked at once."""

import hashlib
import json
from collections import OrderedDict
from typing import Any

from api.canonical import canonical

_BYTES = 16 * 2**20


class Plans:
    """The plans last asked for, by all that they depend on; of one process, in its event loop.

    What the engine makes of a check depends on nothing but its payload: ids of files and models
    stand for contents that do not change. Refusals are not kept.
    """

    def __init__(self, most: int = _BYTES) -> None:
        self._most = most
        self._held = 0
        self._plans: OrderedDict[bytes, bytes] = OrderedDict()

    @staticmethod
    def key(payload: dict[str, Any]) -> bytes:
        """What a payload is known by."""
        return hashlib.sha256(canonical(payload)).digest()

    def find(self, key: bytes) -> dict[str, Any] | None:
        """A plan of its own for whoever asks, if it is remembered."""
        if key not in self._plans:
            return None
        self._plans.move_to_end(key)
        plan: dict[str, Any] = json.loads(self._plans[key])
        return plan

    def keep(self, key: bytes, plan: dict[str, Any]) -> None:
        """Remember a plan; the one that was not asked for longest makes room."""
        if key in self._plans:
            return
        # Python's own writer: counts of parameters may be larger than 64 bits.
        self._plans[key] = json.dumps(plan, separators=(",", ":")).encode()
        self._held += len(self._plans[key])
        while self._held > self._most:
            _, oldest = self._plans.popitem(last=False)
            self._held -= len(oldest)
