"""`Idempotency-Key` (as Stripe has it): the answer is stored with the thing it created.

The record is written in the same transaction as the thing, under (project, route, key). So a
request that failed leaves none and may be tried again, and of two that run at once the later one
loses at the primary key, creates nothing, and answers what the first one stored.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth import Caller
from api.canonical import canonical
from api.refusal import Refusal, item
from models.audit import enter_nothing
from models.database import Database
from models.idempotency import IdempotencyRecord

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Answer:
    """What is sent, and sent again: a status, some headers, and JSON."""

    status: int
    headers: dict[str, str]
    content: bytes

    @classmethod
    def of(cls, resource: BaseModel, status: int, headers: dict[str, str]) -> "Answer":
        """A resource as JSON; pydantic writes NaN and infinities as null."""
        return cls(status, headers, resource.model_dump_json().encode())

    @property
    def body(self) -> dict[str, Any]:
        """The JSON document that is sent."""
        body: dict[str, Any] = json.loads(self.content)
        return body

    def response(self, replayed: bool = False) -> Response:
        """The answer as a response."""
        marks = {"Idempotency-Replayed": "true"} if replayed else {}
        headers = {"cache-control": "private, no-cache", **self.headers, **marks}
        return Response(self.content, self.status, headers, "application/json")


@dataclass(frozen=True)
class Once:
    """The Idempotency-Key of a request, if it has one."""

    key: str | None
    route: str
    project_id: str

    def stored(self, session: Session, digest: str) -> Answer | None:
        """What was answered to this key. Raises Refusal (422) when the request was another."""
        if self.key is None:
            return None
        record = IdempotencyRecord.find(session, self.project_id, self.route, self.key)
        if record is None:
            return None
        if record.body_digest != digest:
            detail = "This Idempotency-Key came with another body before; use a new one."
            raise Refusal("idempotency-key-reused", detail)
        enter_nothing(session)
        return Answer(record.status, record.headers, json.dumps(record.body).encode())

    def create(
        self, database: Database, digest: str, make: Callable[[Session], Answer]
    ) -> tuple[Answer, bool]:
        """Run `make(session)` in one transaction and store its answer; or answer what is stored.

        Returns the answer and whether it is a replay, in which case nothing was made.
        """
        try:
            with database.session() as session:
                return self.within(session, digest, make)
        except IntegrityError:
            if self.key is None:
                raise
            with database.reading() as session:
                if stored := self.stored(session, digest):
                    return stored, True
            raise

    def within(
        self, session: Session, digest: str, make: Callable[[Session], Answer]
    ) -> tuple[Answer, bool]:
        """As `create`, in a transaction that is there; a key may still be lost at its commit."""
        if stored := self.stored(session, digest):
            return stored, True
        made = make(session)
        self._store(session, digest, made)
        return made, False

    def forget(self, session: Session) -> None:
        """Drop what was stored under this key, so that the request may be tried again."""
        if self.key is not None:
            record = IdempotencyRecord.find(session, self.project_id, self.route, self.key)
            if record is not None:
                session.delete(record)

    def _store(self, session: Session, digest: str, made: Answer) -> None:
        if self.key is None:
            return
        session.add(
            IdempotencyRecord(
                project_id=self.project_id,
                route=self.route,
                key=self.key,
                body_digest=digest,
                status=made.status,
                headers=made.headers,
                body=made.body,
            )
        )


IdempotencyKey = Annotated[
    str | None, Header(description="up to 255 visible characters; the same key creates only once")
]


async def get_once(request: Request, idempotency_key: IdempotencyKey = None) -> Once:
    """The key of this request, bare or quoted. Raises Refusal (400)."""
    route = f"{request.method} {request.scope['route'].path}"[:100]
    caller: Caller = request.state.caller
    if idempotency_key is None:
        return Once(None, route, caller.project_id)
    key = idempotency_key.strip()
    if len(key) > 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        found = item(
            "",
            "bad-value",
            "It must be 1 to 255 visible ASCII characters.",
            parameter="Idempotency-Key",
        )
        raise Refusal("malformed-request", "The Idempotency-Key cannot be used.", [found])
    return Once(key, route, caller.project_id)


OnceDep = Annotated[Once, Depends(get_once)]


def digest_of(document: Any) -> str:
    """SHA-256 of a JSON document, however its keys were ordered and spaced."""
    return hashlib.sha256(canonical(document)).hexdigest()
