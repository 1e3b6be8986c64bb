"""Samples: small datasets to begin with."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import resource
from api.samples import SAMPLES
from lamina.schemas.page import Page
from lamina.schemas.sample import SampleDataset

router = APIRouter(prefix="/v1/samples", tags=["datasets"])


@router.get(
    "",
    operation_id="samples_list",
    summary="List samples",
    responses={200: resource(Page[SampleDataset], "All of them.")},
)
def list_samples(_caller: Reader) -> Response:
    """Small datasets that the service can make by itself, by `POST /v1/datasets`."""
    found = [
        SampleDataset(
            name=name,
            title=sample.title,
            summary=sample.summary,
            filename=sample.filename,
            rows=sample.rows,
            target=sample.target,
            source=sample.source,
            licence=sample.licence,
        )
        for name, sample in SAMPLES.items()
    ]
    return answer(Page[SampleDataset](data=found))
