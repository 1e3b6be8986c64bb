"""API keys: made, listed and ended by administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Admin
from api.body import Document
from api.contract import accepts, refusals, resource
from api.lookup import KeyId, find
from api.paging import SliceDep
from api.presenters.key import present
from api.refusal import Refusal
from api.services import ReadingDep, SessionDep
from api.validation import read
from lamina.schemas.key import Key, KeyLimitsRequest, KeyPatch, KeyRequest
from lamina.schemas.page import Page
from models import key as table
from models.after_commit import after_commit
from models.project import Project

router = APIRouter(prefix="/v1/keys", tags=["service"])


@router.post(
    "",
    operation_id="keys_create",
    summary="Make an API key",
    status_code=201,
    openapi_extra=accepts(
        KeyRequest,
        plain={"name": "notebook"},
        reader={"name": "dashboard", "scopes": ["read"], "expires_in_days": 90},
        limited={"name": "students", "limits": {"running_jobs": 2, "gpu_seconds": 360_000}},
    ),
    responses={
        201: resource(Key, "The key; `secret` is shown only now.", Location="its address"),
        **refusals("too-large", "unsupported-media-type", "invalid-request"),
    },
)
def create_key(
    request: Request, session: SessionDep, caller: Admin, document: Document
) -> Response:
    """With the first key the service is closed to callers without one."""
    wanted = read(KeyRequest, document)
    project = _project(session, caller.project_id)
    if wanted.project is not None:
        project = Project.named(session, wanted.project)
    key, secret = table.Key.issue(
        session,
        project.id,
        wanted.name,
        list(wanted.scopes),
        wanted.expires_in_days,
        wanted.limits.model_dump(exclude_none=True),
    )
    _forget_after_commit(request, session)
    headers = {"Location": f"/v1/keys/{key.id}", "cache-control": "no-store"}
    return answer(present(key, project.name, secret), 201, headers)


@router.get(
    "",
    operation_id="keys_list",
    summary="List API keys",
    responses={200: resource(Page[Key], "A page, newest first; without secrets.")},
)
def list_keys(session: ReadingDep, caller: Admin, part: SliceDep) -> Response:
    """The keys of the caller's project."""
    project = _project(session, caller.project_id)
    rows = table.Key.page(session, project.id, part.asked, part.after)
    return part.page(rows, lambda shown: [present(row, project.name) for row in shown])


@router.get(
    "/{key_id}",
    operation_id="keys_get",
    summary="Get an API key",
    responses={200: resource(Key, "The key, without its secret."), **refusals("not-found")},
)
def get_key(key_id: KeyId, session: ReadingDep, caller: Admin) -> Response:
    """Scopes, dates and last use of a key."""
    key = find(session, table.Key, caller, key_id)
    return answer(present(key, _project(session, caller.project_id).name))


@router.patch(
    "/{key_id}",
    operation_id="keys_change",
    summary="Change the limits of an API key",
    openapi_extra=accepts(
        KeyPatch,
        limited={"limits": {"requests_per_second": 10, "running_jobs": 2}},
        default={"limits": {"running_jobs": None}},
    ),
    responses={
        200: resource(Key, "The key as it is now."),
        **refusals("not-found", "too-large", "unsupported-media-type", "invalid-request"),
    },
)
def change_key(
    key_id: KeyId, request: Request, session: SessionDep, caller: Admin, document: Document
) -> Response:
    """Limits that are named change, null is the service's default; `limits: null` for all of them.

    So do those of the keys that it replaced or was replaced by. What runs already goes on.
    """
    key = find(session, table.Key, caller, key_id)
    wanted = read(KeyPatch, document)
    if "limits" in wanted.model_fields_set:
        limits = wanted.limits or KeyLimitsRequest()
        key.limit(session, limits.model_dump(exclude_unset=wanted.limits is not None))
        _forget_after_commit(request, session)
    return answer(present(key, _project(session, caller.project_id).name))


@router.delete(
    "/{key_id}",
    operation_id="keys_revoke",
    summary="Revoke an API key",
    responses={200: resource(Key, "The key, ended now or before."), **refusals("not-found")},
)
def revoke_key(key_id: KeyId, request: Request, session: SessionDep, caller: Admin) -> Response:
    """The key opens nothing from now on; its record stays."""
    key = find(session, table.Key, caller, key_id)
    key.revoke(session)
    _forget_after_commit(request, session)
    return answer(present(key, _project(session, caller.project_id).name))


@router.post(
    "/{key_id}/rotate",
    operation_id="keys_rotate",
    summary="Replace an API key",
    status_code=201,
    responses={
        201: resource(Key, "The new key; `secret` is shown only now.", Location="its address"),
        **refusals("not-found", "wrong-state"),
    },
)
def rotate_key(
    key_id: KeyId,
    request: Request,
    session: SessionDep,
    caller: Admin,
    overlap_hours: Annotated[
        float, Query(ge=0, le=720, description="how long the old key goes on working")
    ] = 24,
) -> Response:
    """A new key with the same name, scopes, limits and end; the old one ends after the overlap.

    What the old one has used counts for both.
    """
    key = find(session, table.Key, caller, key_id)
    made = key.rotate(session, overlap_hours)
    if made is None:
        raise Refusal("wrong-state", "The key has ended already; make a new one.")
    heir, secret = made
    _forget_after_commit(request, session)
    headers = {"Location": f"/v1/keys/{heir.id}", "cache-control": "no-store"}
    return answer(present(heir, _project(session, caller.project_id).name, secret), 201, headers)


def _project(session: Session, project_id: str) -> Project:
    return session.get_one(Project, project_id)


def _forget_after_commit(request: Request, session: Session) -> None:
    after_commit(session, request.app.state.guard.forget)
