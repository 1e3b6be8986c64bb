"""Pictures of a job: which there are, and each as SVG or PNG."""

from dataclasses import replace
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.ask import ask
from api.auth import Caller, Reader
from api.conditional import IfNoneMatch, etag, is_current, not_modified
from api.contract import refusals, resource
from api.lookup import JobId, find
from api.materials import evaluated, measured
from api.plots import PLOTS, Material
from api.raster import png
from api.refusal import Refusal, shown
from api.services import Services, ServicesDep
from lamina.schemas.page import Page
from lamina.schemas.plot import Plot
from models.job import Job
from models.model import TrainedModel

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

Name = Annotated[str, PathParameter(max_length=40, description="such as `curves`")]
Output = Annotated[
    str | None,
    Query(max_length=200, description="of several outputs, which; else the first that fits"),
]


@router.get(
    "/{job_id}/plots",
    operation_id="jobs_plots",
    summary="List a job's plots",
    responses={
        200: resource(Page[Plot], "Those that there is something to draw of."),
        **refusals("not-found"),
    },
)
async def list_plots(
    job_id: JobId, services: ServicesDep, caller: Reader, output: Output = None
) -> Response:
    """Curves while the job runs, the others when it has ended."""
    job, material = await _gathered(services, caller, job_id, output)
    path = f"/v1/jobs/{job.id}/plots"
    found = [
        Plot(name=name, title=plot.title, svg=f"{path}/{name}.svg", png=f"{path}/{name}.png")
        for name, plot in PLOTS.items()
        if plot.fits(material)
    ]
    return answer(Page[Plot](data=found, next_page_token=None, has_more=False))


@router.get(
    "/{job_id}/plots/{plot}.svg",
    operation_id="jobs_plot_svg",
    summary="Draw a plot",
    response_class=Response,
    responses={
        200: {
            **resource(None, "The picture.", ETag="changes with the job"),
            "content": {"image/svg+xml": {"schema": {"type": "string"}}},
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_svg(
    job_id: JobId,
    plot: Name,
    services: ServicesDep,
    caller: Reader,
    output: Output = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """As SVG: dark where the reader's screen is."""
    job, material = await _gathered(services, caller, job_id, output)
    tag = etag(job.id, job.version, plot, "svg", output or "")
    if is_current(if_none_match, tag):
        return not_modified(tag)
    picture = await _drawn(services, job, plot, material)
    return Response(picture, headers={"ETag": tag}, media_type="image/svg+xml")


@router.get(
    "/{job_id}/plots/{plot}.png",
    operation_id="jobs_plot_png",
    summary="Draw a plot as PNG",
    response_class=Response,
    responses={
        200: {
            **resource(None, "The picture.", ETag="changes with the job"),
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        },
        304: resource(None, "Unchanged."),
        **refusals("not-found"),
    },
)
async def get_png(
    job_id: JobId,
    plot: Name,
    services: ServicesDep,
    caller: Reader,
    output: Output = None,
    width: Annotated[int, Query(ge=100, le=2400, description="pixels")] = 840,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """As PNG: dark on white."""
    job, material = await _gathered(services, caller, job_id, output)
    tag = etag(job.id, job.version, plot, width, output or "")
    if is_current(if_none_match, tag):
        return not_modified(tag)
    picture = await _drawn(services, job, plot, material)
    content = await anyio.to_thread.run_sync(png, picture, width)
    return Response(content, headers={"ETag": tag}, media_type="image/png")


async def _gathered(
    services: Services, caller: Caller, job_id: str, output: str | None
) -> tuple[Job, Material]:
    """The job and what there is to draw from. Raises Refusal (404) for an unknown output."""

    def look(session: Session) -> tuple[Job, Material]:
        job = find(session, Job, caller, job_id)
        return job, measured(session, job, output)

    job, material = await services.reading(look)
    more = await anyio.to_thread.run_sync(evaluated, services.storage, job)
    material = replace(material, **more)
    if output is not None and not material.outputs():
        there = ", ".join(material.report.outputs) if material.report else "none is evaluated yet"
        raise Refusal("not-found", f"There is no output {shown(output)}; there are: {there}.")
    return job, material


async def _drawn(services: Services, job: Job, name: str, material: Material) -> str:
    """The picture. Raises Refusal (404), naming those that there are."""
    plot = PLOTS.get(name)
    if plot is None or not plot.fits(material):
        there = ", ".join(one for one, kind in PLOTS.items() if kind.fits(material)) or "none yet"
        raise Refusal("not-found", f"The job has no plot {shown(name)}; it has: {there}.")
    if name == "filters":
        material = replace(material, filters=await _filters(services, job))
    return await anyio.to_thread.run_sync(plot.draw, material)


async def _filters(services: Services, job: Job) -> dict[str, object]:
    def look(session: Session) -> TrainedModel:
        identifier = TrainedModel.ids_of_jobs(session, [job.id]).get(job.id)
        model = session.get(TrainedModel, identifier) if identifier else None
        if model is None:
            raise Refusal("not-found", "The job's model was deleted; its filters with it.")
        return model

    model = await services.reading(look)
    folder = await anyio.to_thread.run_sync(services.shelf.fetch, model)
    payload = {"model": str(folder), "digest": model.id}
    return await ask(services, "filters", payload, services.settings.predict_seconds, "too-large")
