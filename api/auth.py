"""Who calls: API keys, their scopes, and the rule for a service without keys.

Without any key in the database the service is for this machine alone: it binds loopback only
(`api.server` sees to that), and answers only requests that name a loopback host and come from no
foreign web page, so that no site can reach it through the user's browser.
"""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.admission import count, refuse_overload
from api.query import refuse_unknown
from api.refusal import Refusal
from lamina.schemas.key import KeyLimits
from models.audit import Act, acting
from models.database import Database
from models.key import Key
from models.project import Project

Scope = Literal["read", "train", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "train", "admin")
COOKIE = "lamina_key"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_REMEMBERED_SECONDS = 2.0
_REMEMBERED_KEYS = 1000
_TOUCH_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Caller:
    """Whose request it is, what it may do, and what it may use, counted at its account."""

    project_id: str
    scopes: frozenset[str]
    key_id: str | None = None
    account: str | None = None
    limits: KeyLimits = field(default_factory=KeyLimits)


class Guard:
    """Knows callers by their secrets; remembers them for two seconds.

    So a revoked key may pass that long in other API processes, and limits that were changed hold
    there after that long; in this one at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._locked = False
        self._project: str | None = None
        self._open: tuple[float, Caller] | None = None
        self._known: dict[bytes, tuple[float, Caller]] = {}

    def forget(self) -> None:
        """Ask the database again from now on: keys have been changed."""
        self._open = None
        self._known.clear()

    @property
    def locked(self) -> bool:
        """Whether keys are known to exist."""
        return self._locked

    def without_key(self) -> Caller | None:
        """The caller of a service that has no keys; None when there are keys."""
        if self._locked:
            return None
        if (known := self.remembered_open()) is not None:
            return known
        with self._database.reading() as session:
            self._locked = Key.exists(session)
        if self._locked:
            return None
        if self._project is None:
            with self._database.session() as session:
                self._project = Project.default(session).id
        caller = Caller(self._project, frozenset(SCOPES))
        self._open = (time.monotonic() + _REMEMBERED_SECONDS, caller)
        return caller

    def remembered_open(self) -> Caller | None:
        """The caller of a service that had no keys a moment ago."""
        known = self._open
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def remembered(self, secret: str) -> Caller | None:
        """The caller whose secret was seen a moment ago."""
        known = self._known.get(_digest(secret))
        return known[1] if known and known[0] > time.monotonic() else None

    def by_secret(self, secret: str) -> Caller | None:
        """The caller with this secret, or None."""
        with self._database.reading() as session:
            key = Key.authenticate(session, secret)
        if key is None:
            return None
        if key.last_used_at is None or datetime.now(UTC) - key.last_used_at > _TOUCH_AFTER:
            with self._database.session() as session:
                Key.touch(session, key.id)
        caller = Caller(key.project_id, frozenset(key.scopes), key.id, key.account, key.may)
        if len(self._known) >= _REMEMBERED_KEYS:
            self._known.clear()
        self._known[_digest(secret)] = (time.monotonic() + _REMEMBERED_SECONDS, caller)
        return caller


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class Identity(HTTPBearer):
    """A dependency of every private route: it leaves who calls at `request.state.caller`.

    Parameters that the route does not know are refused to those only who may call.
    """

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Find out who calls, counted by its key. Raises Refusal (400, 401, 403, 429, 503)."""
        refuse_overload(request)
        caller = await _known(request, await super().__call__(request))
        await count(request, caller.account, caller.limits)
        if request.method not in _SAFE:
            acting.set(_act(request, caller))
        request.state.caller = caller
        await refuse_unknown(request)


identity = Identity(
    auto_error=False, scheme_name="key", description="An API key: `Authorization: Bearer lmn_…`"
)


def _act(request: Request, caller: Caller) -> Act:
    """What this request is about to do, for the audit log."""
    route = request.scope["route"]
    action = getattr(route, "operation_id", None) or request.method
    subject = next(reversed(request.path_params.values()), None)
    request_id = str(request.scope["state"].get("request_id", ""))
    return Act(caller.project_id, caller.key_id, action, subject, request_id)


async def _known(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Caller:
    guard: Guard = request.app.state.guard
    secret = credentials.credentials if credentials else from_cookie(request)
    if secret is not None and (known := guard.remembered(secret)):
        return known
    nobody = guard.remembered_open() or await anyio.to_thread.run_sync(guard.without_key)
    if nobody is not None:
        _check_local(request)
        return nobody
    if secret is None:
        raise _unauthenticated("An API key is needed: Authorization: Bearer lmn_…")
    found = await anyio.to_thread.run_sync(guard.by_secret, secret)
    if found is None:
        raise _unauthenticated("The API key is unknown, expired or revoked.")
    return found


def from_cookie(request: Request) -> str | None:
    """The key that the dashboard's cookie carries, if no other page can have caused the request.

    Ports of one host are one site to SameSite, so what the browser says of the origin counts too.
    """
    secret = request.cookies.get(COOKIE)
    if secret is None or request.headers.get("sec-fetch-site", "none") not in _OWN:
        return None
    if request.method in _SAFE:
        return secret
    return secret if _is_own(request, request.headers.get("origin", "")) else None


def refuse_foreign_page(request: Request) -> None:
    """Raise Refusal (403) when another web page has caused the request."""
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(request, origin):
        raise Refusal("forbidden", "Another web page may not do this.")


def _is_own(request: Request, origin: str) -> bool:
    return urlsplit(origin).netloc == request.headers.get("host")


def _unauthenticated(detail: str) -> Refusal:
    return Refusal("unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def _check_local(request: Request) -> None:
    """Refuse what a web page may have sent through the browser of this machine's user."""
    origin = request.headers.get("origin")
    foreign = origin is not None and not _is_own(request, origin)
    if foreign or request.url.hostname not in LOOPBACK:
        detail = "A service without API keys answers this machine only; make a key to open it."
        raise Refusal("forbidden", detail)


class Needs:
    """A dependency that demands a scope: `admin` holds the others, `train` holds `read`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.enough = frozenset(SCOPES[SCOPES.index(scope) :])

    async def __call__(self, request: Request) -> Caller:
        """The caller, if allowed. Raises Refusal (403)."""
        caller: Caller = request.state.caller
        if not self.enough & caller.scopes:
            detail = f"This needs a key with the scope {self.scope!r}."
            raise Refusal("forbidden", detail)
        return caller


trains = Needs("train")

Reader = Annotated[Caller, Depends(Needs("read"))]
Trainer = Annotated[Caller, Depends(trains)]
Admin = Annotated[Caller, Depends(Needs("admin"))]
