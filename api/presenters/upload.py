"""Uploads as clients see them."""

from collections.abc import Sequence

from api.tus import read_metadata
from lamina.schemas.upload import Upload
from models import upload as table


def present(row: table.Upload) -> Upload:
    """A row as a resource."""
    return Upload(
        id=row.id,
        length=row.length,
        offset=row.offset,
        complete=row.is_complete,
        metadata=read_metadata(row.described),
        created_at=row.created_at,
        expires_at=row.expires_at,
        links={"self": f"/v1/uploads/{row.id}"},
    )


def present_all(rows: Sequence[table.Upload]) -> list[Upload]:
    """Rows as resources."""
    return [present(row) for row in rows]
