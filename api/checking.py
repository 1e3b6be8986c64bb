"""Checking a request as a whole: its form here, its stack and data in the engine, all at once."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.ask import ask
from api.auth import Caller
from api.refusal import Refusal, item, shown
from api.services import Services
from api.sources import Sources, named, start_of
from api.validation import attempt, refusal
from api.waiting import until
from lamina import ids
from lamina.schemas.data_request import DataRequest
from lamina.schemas.job_request import FitRequest, JobRequest, StackCheckRequest
from lamina.schemas.problem import ProblemItem
from models.dataset import Dataset
from models.model import TrainedModel

R = TypeVar("R", JobRequest, StackCheckRequest)

READING_SECONDS = 30
"""How long a request waits for a dataset that is still being read."""

_ROLES = ("dataset", "validation", "test")
_PARTS = ("stack", "data", "compile", "fit", "callbacks", "resources", "init_from")


@dataclass(frozen=True)
class Checked(Generic[R]):
    """A request that can be carried out, its plan, and the datasets by their role."""

    request: R
    plan: dict[str, Any]
    datasets: Mapping[str, Dataset]
    sources: Sources
    is_trusting: bool = False
    """Whether the datasets were taken as last seen, so that their versions are to be looked for."""


async def check(
    services: Services, caller: Caller, model: type[R], document: Any, *, is_trusting: bool = False
) -> Checked[R]:
    """Check a document. Raises Refusal (409, 422, 503) with every finding.

    With `is_trusting` datasets that were seen lately are not looked for again, unless what is to
    be refused may be so because they have changed.
    """
    if is_trusting and _is_familiar(services, caller, document):
        with contextlib.suppress(Refusal):
            return await _check(services, caller, model, document, is_trusting=True)
    return await _check(services, caller, model, document)


def _is_familiar(services: Services, caller: Caller, document: Any) -> bool:
    """Whether a document names a dataset that was seen lately."""
    data = document.get("data") if isinstance(document, dict) else None
    named = [data.get(role) for role in _ROLES] if isinstance(data, dict) else []
    known = services.familiar.known
    return any(isinstance(name, str) and known(caller.project_id, name) for name in named)


async def _check(
    services: Services, caller: Caller, model: type[R], document: Any, *, is_trusting: bool = False
) -> Checked[R]:
    request, items = attempt(model, document)
    parts = _sound_parts(request, document)
    datasets: dict[str, Dataset] = {}
    if (data := parts.get("data")) is not None:
        datasets, troubles = await datasets_of(services, caller, data, is_trusting=is_trusting)
        items += troubles
        parts["data"] = {**data, **{role: row.id for role, row in datasets.items()}}
    if "dataset" not in datasets:
        parts.pop("data", None)
    sources, start, troubles = await _beginnings(services, caller, parts)
    items += troubles
    plan = None
    if "stack" in parts:
        try:
            plan = await _planned(services, _payload(services, parts, datasets, sources))
        except Refusal as error:
            if not items or not error.items:
                raise
            items += error.items
    if request is None or plan is None or items:
        raise refusal(items)
    if start is not None and "init" in plan:
        plan["init"]["job"] = start.job_id
    return Checked(request, plan, datasets, sources, is_trusting)


async def _planned(services: Services, payload: dict[str, Any]) -> dict[str, Any]:
    """What the engine says of a check, now or when it was asked the same before."""
    key = services.plans.key(payload)
    known = services.plans.find(key)
    if known is not None:
        return known
    plan = await ask(services, "check", payload, services.settings.check_seconds)
    services.plans.keep(key, plan)
    return plan


async def _beginnings(
    services: Services, caller: Caller, parts: dict[str, Any]
) -> tuple[Sources, TrainedModel | None, list[ProblemItem]]:
    """As `_origins`, without asking the database where nothing is named."""
    if "init_from" not in parts and not any(named(parts.get("stack"))):
        return Sources(), None, []
    return await services.reading(_origins, caller.project_id, parts)


def _origins(
    session: Session, project_id: str, parts: dict[str, Any]
) -> tuple[Sources, TrainedModel | None, list[ProblemItem]]:
    """What first weights come from, and the model of `init_from`, which `parts` then names."""
    sources = Sources.find(session, project_id, parts.get("stack"))
    wanted = parts.pop("init_from", None)
    if wanted is None:
        return sources, None, []
    start, trouble = start_of(session, project_id, wanted)
    if start is None:
        return sources, None, [trouble] if trouble else []
    parts["init_from"] = {"model": start.id}
    return sources.beside(start), start, []


def _sound_parts(request: BaseModel | None, document: Any) -> dict[str, Any]:
    """The parts of the body that the engine can look at, though others may be wrong."""
    if request is not None:
        found = request.model_dump(mode="json", include=set(_PARTS), exclude_unset=True)
        return {name: part for name, part in found.items() if part is not None}
    if not isinstance(document, dict):
        return {}
    kinds: dict[str, tuple[type, ...]] = {
        "stack": (list, dict),
        "compile": (dict,),
        "callbacks": (list,),
    }
    parts = {
        name: document[name] for name, kind in kinds.items() if isinstance(document.get(name), kind)
    }
    models: dict[str, type[BaseModel]] = {"data": DataRequest, "fit": FitRequest}
    for name, model in models.items():
        found_part, _ = attempt(model, document.get(name))
        if found_part is not None:
            parts[name] = found_part.model_dump(mode="json", exclude_unset=True)
    return parts


async def datasets_of(
    services: Services, caller: Caller, data: Mapping[str, Any], *, is_trusting: bool = False
) -> tuple[dict[str, Dataset], list[ProblemItem]]:
    """The datasets that a `data` section names, by role, once read; and what is wrong with them.

    Raises Refusal (409, 503) when one is still being read after `READING_SECONDS`.
    """
    found: dict[str, Dataset] = {}
    items: list[ProblemItem] = []
    for role in _ROLES:
        identifier = data.get(role)
        if identifier is None:
            continue
        row = services.familiar.known(caller.project_id, identifier) if is_trusting else None
        row = row or await ready(services, caller, identifier)
        if row is None:
            items.append(_unknown(role, identifier))
        elif row.state == "failed":
            why = (row.error or {}).get("detail", "")
            text = f"The dataset could not be read: {why}"
            items.append(item(f"/data/{role}", "dataset-not-ready", text))
        else:
            found[role] = row
    return found, items


async def ready(services: Services, caller: Caller, reference: str) -> Dataset | None:
    """The dataset once it has been read. Raises Refusal (409, 503) when that takes too long."""
    row = await services.reading(services.familiar.find, caller.project_id, reference)
    if row is None or row.state != "reading":
        return row
    identifier = row.id

    def look(session: Session) -> Dataset | None:
        return Dataset.find(session, caller.project_id, identifier)

    row = await until(
        services,
        identifier,
        READING_SECONDS,
        look,
        lambda row: row is None or row.state != "reading",
    )
    if row is not None and row.state == "reading":
        if services.hub.closing.is_set():
            raise Refusal("shutting-down", "The service is stopping; send it again soon.")
        detail = f"The dataset {identifier} is still being read."
        found = item("/data/dataset", "dataset-not-ready", detail)
        raise Refusal("not-ready", detail, [found], headers={"Retry-After": "5"})
    return row


def _unknown(role: str, identifier: str) -> ProblemItem:
    kind = ids.kind_of(identifier)
    if kind is not None and kind != "dataset":
        text = f"{shown(identifier)} is the id of a {kind}; a dataset's begins with ds_."
    else:
        text = (
            f"There is no dataset {shown(identifier)}: neither an id, nor a name, nor one with a "
            "version (`name@2`, `name@latest`)."
        )
    return item(f"/data/{role}", "unknown-dataset", text)


def limits(services: Services) -> dict[str, int]:
    """How large a stack may be."""
    settings = services.settings
    return {"layers": settings.stack_layers, "nesting": settings.stack_nesting}


def _payload(
    services: Services,
    parts: Mapping[str, Any],
    datasets: Mapping[str, Dataset],
    sources: Sources,
) -> dict[str, Any]:
    dataset = datasets.get("dataset")
    return {
        **{name: parts.get(name) for name in _PARTS},
        "schema": dataset.schema if dataset is not None else None,
        "classes": dataset.classes if dataset is not None else None,
        "profile": dataset.profile if dataset is not None else None,
        "report": dataset.advice if dataset is not None else None,
        "held_out": {
            role: datasets[role].schema for role in ("validation", "test") if role in datasets
        },
        "files": sources.files,
        "models": sources.models,
        "limits": limits(services),
        "pointers": {name: f"/{name}" for name in _PARTS},
    }
