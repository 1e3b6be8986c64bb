"""Side files as clients see them."""

from collections.abc import Sequence

from lamina.schemas.file import File
from models import file as table


def present(row: table.File) -> File:
    """A row as a resource."""
    path = f"/v1/files/{row.id}"
    names = ("id", "name", "filename", "form", "description", "bytes", "digest", "created_at")
    links = {"self": path, "content": f"{path}/content"}
    return File.model_validate({**{name: getattr(row, name) for name in names}, "links": links})


def present_all(rows: Sequence[table.File]) -> list[File]:
    """Rows as resources."""
    return [present(row) for row in rows]
