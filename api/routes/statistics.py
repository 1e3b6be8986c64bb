"""Statistics of datasets, as they were measured when these were read."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.lookup import DatasetId, find
from api.refusal import Refusal, item, shown
from api.services import ReadingDep, ServicesDep
from core.storage import Storage
from lamina.schemas.statistics import Statistics
from models.dataset import Dataset

router = APIRouter(prefix="/v1/datasets", tags=["datasets"])

_FILE = "statistics.json"
_FULL = 200
_COUNTED = ("name", "kind", "count", "missing", "unique")

Columns = Annotated[
    list[str] | None,
    Query(
        alias="column",
        max_length=_FULL,
        description=f"columns to tell of, at most {_FULL}; without, all are told of, "
        f"beyond {_FULL} of them by their counts alone",
    ),
]


@router.get(
    "/{dataset_id}/stats",
    operation_id="datasets_stats",
    summary="Get the statistics of the columns",
    responses={
        200: resource(Statistics, "By column, in their order.", ETag="changes with the dataset"),
        304: resource(None, "Unchanged."),
        **refusals("not-found", "not-ready", "invalid-request"),
    },
)
def get_statistics(
    dataset_id: DatasetId,
    session: ReadingDep,
    services: ServicesDep,
    caller: Reader,
    column: Columns = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Counts, quantiles, histograms, classes, words, sizes: measured once, when it was read."""
    row = find(session, Dataset, caller, dataset_id)
    if row.state != "ready":
        raise Refusal("not-ready", f"The dataset is {row.state}; statistics need it ready.")
    tag = etag(row.id, row.version)
    if is_current(if_none_match, tag):
        return not_modified(tag)
    every = _stored(services.storage, row)
    full = column is not None or len(every) <= _FULL
    chosen = every if column is None else _chosen(every, column)
    if not full:
        chosen = [{name: one[name] for name in _COUNTED} for one in chosen]
    found = Statistics.model_validate(
        {
            "dataset": row.id,
            "rows": row.rows,
            "detail": "full" if full else "counts",
            "columns": chosen,
        }
    )
    return answer(found, headers={"ETag": tag})


def _stored(storage: Storage, row: Dataset) -> list[dict[str, Any]]:
    try:
        content = storage.read(f"{row.canonical_prefix}/{_FILE}")
    except FileNotFoundError:
        text = "The dataset was read before statistics were kept; upload it again."
        raise Refusal("not-found", text) from None
    found: list[dict[str, Any]] = json.loads(content)
    return found


def _chosen(every: list[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    known = {one["name"]: one for one in every}
    unknown = [name for name in names if name not in known]
    if unknown:
        text = f"The dataset has no column {shown(unknown[0])}."
        raise Refusal("invalid-request", text, [item("", "unknown-column", text)])
    return [known[name] for name in dict.fromkeys(names)]
