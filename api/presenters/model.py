"""Trained models as clients see them."""

from collections.abc import Sequence

from lamina.schemas.model import Model, ModelFile
from models.model import TrainedModel

FORMATS = {
    "keras": "network.keras",
    "weights": "network.weights.h5",
    "json": "network.json",
    "stack": "stack.json",
    "encoding": "encoding.json",
}
"""Format: the file that holds it."""

MEDIA = {
    "keras": "application/zip",
    "weights": "application/x-hdf5",
    "json": "application/json",
    "stack": "application/json",
    "encoding": "application/json",
}


def present(row: TrainedModel) -> Model:
    """A row as a resource."""
    path = f"/v1/models/{row.id}"
    files = [
        ModelFile(format=name, **row.files[file])
        for name, file in FORMATS.items()
        if file in row.files
    ]
    return Model(
        id=row.id,
        job=row.job_id,
        dataset=row.dataset_id,
        display_name=row.display_name,
        architecture=row.architecture,
        parameters=row.parameters,
        stack=row.stack,
        files=files,
        created_at=row.created_at,
        links={
            "self": path,
            "job": f"/v1/jobs/{row.job_id}",
            "content": f"{path}/content?format=keras",
            "summary": f"{path}/summary",
            "predict": f"{path}/predict",
        },
    )


def present_all(rows: Sequence[TrainedModel]) -> list[Model]:
    """Rows as resources."""
    return [present(row) for row in rows]
