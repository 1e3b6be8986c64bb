"""Finding things by id: what is not there, not ours, or of another kind is a 404 that says so."""

from typing import Annotated, Protocol, TypeVar

from fastapi import Path
from sqlalchemy.orm import Session

from api.auth import Caller
from api.refusal import Refusal, shown
from lamina import ids
from models import trash

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

JobId = Annotated[str, Path(max_length=200, examples=["job_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
DatasetId = Annotated[str, Path(max_length=200, examples=["ds_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
ModelId = Annotated[str, Path(max_length=200, examples=["mdl_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
FileId = Annotated[str, Path(max_length=200, examples=["file_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
UploadId = Annotated[str, Path(max_length=200, examples=["upl_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
KeyId = Annotated[str, Path(max_length=200, examples=["key_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
WebhookId = Annotated[str, Path(max_length=200, examples=["whk_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
DeliveryId = Annotated[str, Path(max_length=200, examples=["dlv_01kaz8v7m2f5q0r9x3n6t4w1yc"])]

_PREFIXES = {
    "Job": "job",
    "Dataset": "ds",
    "TrainedModel": "mdl",
    "File": "file",
    "Upload": "upl",
    "Key": "key",
    "Webhook": "whk",
    "Delivery": "dlv",
}


class Findable(Protocol[T_co]):
    """A table whose rows belong to projects."""

    __name__: str

    def find(self, session: Session, project_id: str, identifier: str, /) -> T_co | None:
        """The project's row of this id."""


def find(session: Session, table: Findable[T], caller: Caller, identifier: str) -> T:
    """The caller's row of this id. Raises Refusal (404)."""
    refuse_foreign(table.__name__, identifier)
    found = table.find(session, caller.project_id, identifier)
    if found is None:
        detail = f"There is no {noun(table.__name__)} {shown(identifier)}."
        if trash.find(session, caller.project_id, identifier) is not None:
            detail += " It was deleted, and can still be restored: POST …/restore."
        raise Refusal("not-found", detail)
    return found


def refuse_foreign(table: str, identifier: str) -> None:
    """Raise Refusal (404) for what cannot be an id of this table; say what it is the id of."""
    prefix = _PREFIXES[table]
    if ids.is_id(identifier, prefix):
        return
    other = ids.kind_of(identifier)
    if other is not None and other != ids.PREFIXES[prefix]:
        article = "an" if other[0] in "aeiou" else "a"
        detail = f"{shown(identifier)} is {article} {other} id; a {noun(table)} id is needed here."
    else:
        detail = f"{shown(identifier)} is no {noun(table)} id; they look like {prefix}_01kaz8v7…"
    raise Refusal("not-found", detail)


def noun(table: str) -> str:
    """What a row of the table is called in messages."""
    return ids.PREFIXES[_PREFIXES[table]]
