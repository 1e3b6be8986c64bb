"""What the engine knows of Keras, asked once and kept."""

import asyncio
import hashlib
from typing import Annotated, Any, Literal

from fastapi import Depends, Request

from api.ask import ask
from api.conditional import etag
from api.services import Services, ServicesDep
from lamina.schemas.catalog import CatalogEntry

_SECONDS = 60.0

Kind = Literal[
    "layers",
    "operations",
    "optimizers",
    "losses",
    "metrics",
    "callbacks",
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "schedules",
    "encodings",
    "targets",
    "formats",
]


class Catalog:
    """Asked of the engine once for each kind; it cannot change while the service runs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._known: dict[str, list[CatalogEntry]] = {}
        self._tags: dict[str, str] = {}
        self._curves: dict[str, Any] | None = None

    async def entries(self, kind: Kind) -> tuple[list[CatalogEntry], str]:
        """The entries of a kind and their ETag. Raises Refusal (503)."""
        async with self._lock:
            if kind not in self._known:
                found = await ask(self._services, "catalog", {"kind": kind}, _SECONDS)
                self._known[kind] = [CatalogEntry.model_validate(entry) for entry in found["data"]]
                digest = hashlib.sha256(repr(found).encode()).hexdigest()[:24]
                self._tags[kind] = etag(kind, digest)
        return self._known[kind], self._tags[kind]

    async def curves(self) -> dict[str, Any]:
        """The curves of all activations, as the engine's task gives them. Raises Refusal (503)."""
        async with self._lock:
            if self._curves is None:
                self._curves = await ask(self._services, "curves", {}, _SECONDS)
        return self._curves


def get_catalog(request: Request, services: ServicesDep) -> Catalog:
    """The catalogue of this process."""
    state: Any = request.app.state
    if not hasattr(state, "catalog"):
        state.catalog = Catalog(services)
    found: Catalog = state.catalog
    return found


CatalogDep = Annotated[Catalog, Depends(get_catalog)]
