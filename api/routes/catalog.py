"""The catalogue: what stacks and settings may be made of, by introspection of Keras."""

import asyncio
import hashlib
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.answers import answer
from api.ask import ask
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.refusal import Refusal, item, shown
from api.services import Services, ServicesDep
from lamina.schemas.catalog import CatalogEntry
from lamina.schemas.page import Page

router = APIRouter(prefix="/v1/catalog", tags=["catalog"])

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
    "formats",
]
KindPath = Annotated[Kind, Path(description="what kind of thing")]


class Catalog:
    """Asked of the engine once for each kind; it cannot change while the service runs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._known: dict[str, list[CatalogEntry]] = {}
        self._tags: dict[str, str] = {}

    async def entries(self, kind: Kind) -> tuple[list[CatalogEntry], str]:
        """The entries of a kind and their ETag. Raises Refusal (503)."""
        async with self._lock:
            if kind not in self._known:
                found = await ask(self._services, "catalog", {"kind": kind}, _SECONDS)
                self._known[kind] = [CatalogEntry.model_validate(entry) for entry in found["data"]]
                digest = hashlib.sha256(repr(found).encode()).hexdigest()[:24]
                self._tags[kind] = etag(kind, digest)
        return self._known[kind], self._tags[kind]


def _catalog(request: Request, services: Services) -> Catalog:
    state: Any = request.app.state
    if not hasattr(state, "catalog"):
        state.catalog = Catalog(services)
    found: Catalog = state.catalog
    return found


@router.get(
    "/{kind}",
    operation_id="catalog_list",
    summary="List what there is of a kind",
    responses={
        200: resource(Page[CatalogEntry], "All of this kind.", ETag="changes with the versions"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def list_catalog(
    kind: KindPath,
    request: Request,
    services: ServicesDep,
    _caller: Reader,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Names, arguments, defaults and a sentence on each."""
    entries, tag = await _catalog(request, services).entries(kind)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    return answer(Page[CatalogEntry](data=entries), headers=_headers(tag))


@router.get(
    "/{kind}/{name}",
    operation_id="catalog_get",
    summary="Look one up",
    responses={
        200: resource(CatalogEntry, "The entry.", ETag="changes with the versions"),
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_catalog_entry(
    kind: KindPath,
    name: Annotated[str, Path(max_length=200, description="its name or an alias")],
    request: Request,
    services: ServicesDep,
    _caller: Reader,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One layer, optimizer, loss…"""
    entries, tag = await _catalog(request, services).entries(kind)
    for entry in entries:
        if name == entry.name or name in entry.aliases:
            if is_current(if_none_match, tag):
                return not_modified(tag)
            return answer(entry, headers=_headers(tag))
    names = [entry.name for entry in entries]
    near = item("", "bad-value", f"No such name among the {kind}.", (name, names), parameter="name")
    raise Refusal("not-found", f"There is nothing called {shown(name)} among the {kind}.", [near])


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "cache-control": "private, max-age=3600"}
