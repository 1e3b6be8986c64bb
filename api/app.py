"""The application: services, middleware, handlers and every route."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from prometheus_client import CollectorRegistry

from api import failures
from api.auth import Guard, identity
from api.contract import document
from api.departure import Departure
from api.door import Door
from api.feed import Feed
from api.gauges import Gauges
from api.pace import Pace
from api.query import refuse_unknown
from api.services import Services
from api.tracing import Tracing
from api.traffic import Traffic
from api.tus import Tus
from lamina import __version__
from lamina.discovery import modules

_BUSIEST = "jobs"
"""The routes that are asked most come first: they are tried one after the other."""


class Application(FastAPI):
    """FastAPI with our OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self)
        return self.openapi_schema


def create_app(services: Services) -> Application:
    """The application over these services, which it starts and closes."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        services.start()
        try:
            yield
        finally:
            await services.close()

    app = Application(
        title="Lamina",
        summary="Train Keras models over HTTP",
        description="Post a layer stack and a dataset; watch the training; use the model.",
        version=__version__,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = services
    app.state.guard = Guard(services.database)
    app.state.feed = Feed(services)
    app.state.registry = CollectorRegistry()
    app.state.registry.register(Gauges(services.database))
    app.add_middleware(Pace, settings=services.settings)
    app.add_middleware(Departure)
    app.add_middleware(Tus)
    app.add_middleware(Door)
    app.add_middleware(Tracing)
    app.add_middleware(Traffic, registry=app.state.registry)  # added last: the outermost
    failures.install(app)
    found = modules("api.routes")
    for name in sorted(found, key=_BUSIEST.__ne__):
        _include(app, name, found[name].router)
    return app


def _include(app: FastAPI, name: str, router: object) -> None:
    if not isinstance(router, APIRouter):
        raise TypeError(f"api.routes.{name}.router must be an APIRouter")
    private = router.prefix.startswith("/v1")
    app.include_router(router, dependencies=[Depends(identity if private else refuse_unknown)])
