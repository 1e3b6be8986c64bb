"""Datasets as clients see them."""

from collections.abc import Sequence
from typing import Any

from lamina.schemas.dataset import Column, Dataset, DatasetError
from models import dataset as table


def present(row: table.Dataset) -> Dataset:
    """A row as a resource."""
    path = f"/v1/datasets/{row.id}"
    found: dict[str, Any] = row.schema or {}
    columns = [Column.model_validate(column) for column in found.get("columns", [])]
    return Dataset.model_validate(
        {
            "id": row.id,
            "state": row.state,
            "name": row.name,
            "version": row.name_version,
            "filename": row.filename,
            "format": row.format,
            "bytes": row.bytes,
            "digest": row.digest,
            "duplicate_of": row.duplicate_of,
            "rows": row.rows,
            "columns": columns if row.schema is not None else None,
            "classes": row.classes,
            "advice": row.advice or [],
            "progress": row.progress if row.state == "reading" else None,
            "notes": row.notes,
            "tags": row.tags,
            "metadata": row.labels,
            "error": DatasetError.model_validate(row.error) if row.error else None,
            "pinned": row.pinned,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "links": {"self": path, "preview": f"{path}/preview", "stats": f"{path}/stats"},
        }
    )


def present_all(rows: Sequence[table.Dataset]) -> list[Dataset]:
    """Rows as resources."""
    return [present(row) for row in rows]
