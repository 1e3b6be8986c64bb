"""The OpenAPI 3.1 document: what FastAPI derives, made exact.

Bodies are read by the JSON gate and errors are answered by our own handlers, so routes declare
both with `accepts` and `refusals`; `document` adds what all operations share.
"""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.layers import add_layers
from lamina.codes import PROBLEMS
from lamina.schemas._base import Request
from lamina.schemas.job import Job
from lamina.schemas.problem import Problem

_SCHEMAS = "#/components/schemas/"
_EVERYWHERE = (
    *("malformed-request", "unauthenticated", "forbidden", "rate-limited"),
    *("internal", "unavailable", "head-too-large"),
)
_WRITING = ("post", "put", "patch", "delete")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")

TAGS = {
    "files": "Side files: word vectors and arrays that layers start from.",
    "datasets": "Data: uploaded, read, typed and checked by the service.",
    "uploads": "Uploads in pieces that survive broken connections, by tus 1.0.",
    "stacks": "Layer stacks: networks as data.",
    "jobs": "Training: submit, watch, steer.",
    "models": "Trained models: download, look into, predict with.",
    "webhooks": "Being told: signed requests to an address of yours when something happens.",
    "catalog": "What stacks and settings may be made of.",
    "service": "The service itself: health, limits, workers, keys.",
}


def refusals(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for these problems."""
    by_status: dict[int, list[str]] = {}
    for slug in slugs:
        by_status.setdefault(PROBLEMS[slug][0], []).append(slug)
    return {status: _problem(found) for status, found in by_status.items()}


def accepts(model: type[BaseModel], **examples: Any) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads a JSON body of this model."""
    named = {name: {"value": value} for name, value in examples.items()}
    content = {"schema": {"$ref": _SCHEMAS + model.__name__}, "examples": named}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def resource(model: type[BaseModel] | None, description: str, **headers: str) -> dict[str, Any]:
    """One successful response: its model and the headers that come with it."""
    found: dict[str, Any] = {"description": description}
    if model is not None:
        found["model"] = model
    if headers:
        found["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return found


def queued(description: str) -> dict[str, Any]:
    """The 202 of a route that puts a job into the queue."""
    return resource(
        *(Job, description),
        Location="its address",
        Retry_After="seconds",
        Link='the stream of its events, rel="monitor"',
    )


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": "/"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _own_schemas()
    add_layers(schemas)
    for path, entry in found["paths"].items():
        for method in entry.keys() & set(_METHODS):
            _complete(method, entry[method], private=path.startswith("/v1/"))
    return found


def operations(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All operations of a document, each with its path."""
    for path, entry in found["paths"].items():
        for method in _METHODS:
            if method in entry:
                yield path, entry[method]


def methods_of(found: dict[str, Any], path: str) -> list[str]:
    """The methods of the resource at a path, by the document: Starlette knows only one route's."""
    methods: set[str] = set()
    for template, entry in found["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            methods |= {method.upper() for method in entry}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)


def _own_schemas() -> dict[str, Any]:
    models = [Problem, *_subclasses(Request)]
    wanted: list[Any] = [(model, "validation") for model in models]
    _, found = models_json_schema(wanted, ref_template=_SCHEMAS + "{model}")
    own: dict[str, Any] = found["$defs"]
    return own


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for inner in model.__subclasses__():
        yield inner
        yield from _subclasses(inner)


def _complete(method: str, operation: dict[str, Any], private: bool) -> None:
    responses = operation["responses"]
    automatic = responses.get("422", {}).get("content", {}).get("application/json", {})
    if "HTTPValidationError" in str(automatic):
        del responses["422"]
    slugs = _EVERYWHERE if private else ("malformed-request", "internal", "head-too-large")
    for slug in (*slugs, "storage-full", "too-slow") if method in _WRITING else slugs:
        status = str(PROBLEMS[slug][0])
        responses.setdefault(status, _problem([slug]))
    operation["responses"] = dict(sorted(responses.items()))


def _problem(slugs: list[str]) -> dict[str, Any]:
    described = " · ".join(f"`{slug}`: {PROBLEMS[slug][1].lower()}" for slug in slugs)
    content = {"application/problem+json": {"schema": {"$ref": _SCHEMAS + "Problem"}}}
    return {"description": described, "content": content}
