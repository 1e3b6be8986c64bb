"""Trained models as clients see them."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from lamina.schemas.model import KeptWeights, Model, ModelExport, ModelFile
from models.export import Export
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


_KEPT = re.compile(r"(best|last|epoch)-(\d+)\.weights\.h5")


def kept(row: TrainedModel) -> dict[str, KeptWeights]:
    """The weights of single epochs by the names of their files: the best, every N-th, the last."""
    found = {}
    for name, file in sorted(row.files.items()):
        if match := _KEPT.fullmatch(name):
            told = {"kind": match[1], "epoch": int(match[2]), **file}
            found[name] = KeptWeights.model_validate(told)
    return found


def present(session: Session, row: TrainedModel) -> Model:
    """A row as a resource."""
    return present_all(session, [row])[0]


def present_all(session: Session, rows: Sequence[TrainedModel]) -> list[Model]:
    """Rows as resources."""
    exports = Export.of_models(session, [row.id for row in rows])
    return [_present(row, exports[row.id]) for row in rows]


def _present(row: TrainedModel, exports: Sequence[Export]) -> Model:
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
        checkpoints=list(kept(row).values()),
        exports=[_export(export) for export in exports],
        pinned=row.pinned,
        created_at=row.created_at,
        links={
            "self": path,
            "job": f"/v1/jobs/{row.job_id}",
            "content": f"{path}/content?format=keras",
            "summary": f"{path}/summary",
            "code": f"{path}/code",
            "predict": f"{path}/predict",
            "receipt": f"{path}/receipt",
        },
    )


def _export(row: Export) -> ModelExport:
    file = row.file or {}
    return ModelExport(
        format=row.form,
        state=row.state,
        bytes=file.get("bytes"),
        digest=file.get("digest"),
        **(row.report or {}),
        error=row.error,
        created_at=row.created_at,
    )
