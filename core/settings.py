"""Settings of the service: environment variables `LAMINA_…`, each with a default."""

import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.outbound.allowance import Allowance


class Settings(BaseSettings):
    """Where things are, how long they may take, how large they may be."""

    model_config = SettingsConfigDict(env_prefix="LAMINA_", extra="ignore", frozen=True)

    home: Path = Field(
        default=Path.home() / ".lamina", description="folder for local files and scratch space"
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; default: SQLite in the home folder"
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0", description="Celery's broker; wake-ups only"
    )
    storage_url: str = Field(
        default="", description="object storage, file:///… or s3://…; default: in the home folder"
    )
    storage_options: dict[str, str] = Field(
        default={}, description="obstore's options for object storage, as a JSON object"
    )
    host: str = Field(default="127.0.0.1", description="address the API binds")
    port: int = Field(default=8000, ge=0, le=65535, description="port the API binds")
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="auto is console on a terminal, else JSON"
    )

    lease_seconds: float = Field(
        default=60, gt=0, description="how long a silent attempt keeps a job"
    )
    heartbeat_seconds: float = Field(default=15, gt=0, description="how often a lease is renewed")
    reap_seconds: float = Field(default=15, gt=0, description="how often lost attempts are sought")
    relay_seconds: float = Field(default=2, gt=0, description="how often wake-ups are sent again")
    sweep_seconds: float = Field(
        default=3600, gt=0, description="how often expired uploads and orphaned objects are sought"
    )
    orphan_hours: float = Field(
        default=24, gt=0, description="age at which stored objects without a row are deleted"
    )
    watch_seconds: float = Field(
        default=0.2, gt=0, description="how often waiting clients' objects are looked at"
    )
    max_failures: int = Field(default=3, ge=1, description="lost attempts after which a job fails")
    checkpoint_seconds: float = Field(
        default=30, ge=0, description="least time between two checkpoints"
    )

    engine_start: Literal["auto", "fork", "exec"] = Field(
        default="auto", description="how engine children start; auto: exec on GPU slots, else fork"
    )
    cpu_slots: int | None = Field(
        default=None,
        ge=0,
        description="CPU jobs at a time on a host; default: half its cores, two on two cores",
    )
    job_memory_bytes: int | None = Field(
        default=None, gt=0, description="memory of one training; default: 80 % of the host by slots"
    )
    read_memory_bytes: int = Field(
        default=2 * 2**30, gt=0, description="memory for reading one dataset"
    )
    read_seconds: float = Field(default=600, gt=0, description="time for reading one dataset")
    check_seconds: float = Field(default=30, gt=0, description="time for checking one stack")
    predict_seconds: float = Field(default=60, gt=0, description="time for one prediction request")
    predict_bytes: int = Field(
        default=64 * 2**20, gt=0, description="size of arrays and images sent for predictions"
    )
    warm_models: int = Field(
        default=2,
        ge=1,
        description="models that an API process keeps loaded for predictions, each in an engine "
        "child of its own; as many answer at a time",
    )
    warm_seconds: float = Field(
        default=300, gt=0, description="how long a loaded model that nobody asks is kept"
    )
    export_seconds: float = Field(
        default=300, gt=0, description="time for writing one model in another form"
    )
    stall_seconds: float = Field(
        default=1800, gt=0, description="silence after which a training counts as stalled"
    )

    json_bytes: int = Field(default=4 * 2**20, gt=0, description="size of a JSON body")
    json_nodes: int = Field(default=200_000, gt=0, description="values in a JSON body")
    json_depth: int = Field(default=64, gt=0, description="nesting of a JSON body")
    stack_layers: int = Field(default=2000, gt=0, description="layers of a stack")
    stack_nesting: int = Field(default=8, gt=0, description="nesting of a stack")
    upload_bytes: int = Field(default=5 * 2**30, gt=0, description="size of an upload")
    upload_hours: float = Field(
        default=24, gt=0, description="how long an upload in pieces is kept after its last byte"
    )
    uploads_open: int = Field(
        default=100, gt=0, description="uploads in pieces that a project may have open"
    )
    fetch_from: list[str] = Field(
        default=[],
        description="where datasets may be fetched from, a JSON list of the like of `https://*`, "
        "`https://*.example.org`, `s3://bucket`; none: nowhere",
    )
    fetch_private: list[str] = Field(
        default=[],
        description="networks that are not public and may be fetched from all the same, a JSON "
        "list of the like of `10.1.0.0/16`",
    )
    fetch_seconds: float = Field(default=600, gt=0, description="time for fetching one dataset")
    fetch_ca: Path | None = Field(
        default=None, description="file of further certificates to trust when fetching"
    )
    fetch_options: dict[str, str] = Field(
        default={}, description="obstore's options for `s3://` to fetch from, as a JSON object"
    )
    webhook_to: list[str] = Field(
        default=[],
        description="where webhooks may lead, a JSON list as for `LAMINA_FETCH_FROM` without "
        "`s3://`; none: nowhere",
    )
    webhook_private: list[str] = Field(
        default=[],
        description="networks that are not public and webhooks may lead to all the same, a JSON "
        "list of the like of `10.1.0.0/16`",
    )
    webhook_ca: Path | None = Field(
        default=None, description="file of further certificates to trust when sending to webhooks"
    )
    webhook_seconds: float = Field(
        default=15, gt=0, description="time for one delivery to a webhook"
    )
    webhook_retry_seconds: list[float] = Field(
        default=[5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
        description="waits before a delivery is tried again, as a JSON list; then it is given up",
    )
    webhook_overlap_hours: float = Field(
        default=24, ge=0, description="how long a webhook's secret before the last one signs too"
    )
    webhook_days: float = Field(
        default=30, gt=0, description="how long what webhooks were told is kept for replays"
    )
    trash_days: float = Field(
        default=7,
        ge=0,
        description="how long what was deleted can be brought back; 0: it is gone at once",
    )
    job_days: float = Field(
        default=0,
        ge=0,
        description="how long ended jobs are kept, with their models; 0: for ever, as pinned ones",
    )
    record_days: float = Field(
        default=0,
        ge=0,
        description="how long events, printed lines and curves by step of ended jobs are kept; 0: "
        "as long as the job",
    )
    checkpoint_days: float = Field(
        default=0,
        ge=0,
        description="how long an ended job can be retried from its checkpoint; 0: as long as it is "
        "kept",
    )
    dataset_days: float = Field(
        default=0,
        ge=0,
        description="how long datasets are kept that no job refers to; 0: for ever, as pinned ones",
    )
    file_days: float = Field(
        default=0,
        ge=0,
        description="how long side files are kept that no job and no model has been made with; 0: "
        "for ever",
    )
    audit_days: float = Field(default=365, gt=0, description="how long it is kept who changed what")
    webhooks_open: int = Field(default=50, gt=0, description="webhooks that a project may have")
    expanded_bytes: int = Field(default=20 * 2**30, gt=0, description="size of an upload, unpacked")
    dataset_rows: int = Field(default=100_000_000, gt=0, description="rows of a dataset")
    dataset_columns: int = Field(default=10_000, gt=0, description="columns of a dataset")
    archive_entries: int = Field(default=200_000, gt=0, description="entries of an archive")
    image_pixels: int = Field(default=25_000_000, gt=0, description="pixels of an image")
    cell_bytes: int = Field(default=65_536, gt=0, description="bytes of one cell of a table")
    queue_jobs: int = Field(
        default=10_000, gt=0, description="queued jobs of one project, counted once a second"
    )
    request_rate: int = Field(
        default=100,
        ge=0,
        description="requests a second that a key may make; 0: any number, as `lamina up` has it",
    )
    request_burst: int = Field(
        default=1000, gt=0, description="requests that a key may make at once after a rest"
    )
    head_seconds: float = Field(
        default=20, gt=0, description="time for the address and headers of a request to arrive"
    )
    body_seconds: float = Field(
        default=30,
        gt=0,
        description="time that a request's body may keep the service waiting, beside that for its "
        "bytes",
    )
    body_rate: int = Field(
        default=1024, gt=0, description="bytes of a body for which a second more is waited"
    )
    requests_waiting: int = Field(
        default=500,
        gt=0,
        description="requests of one API process that may wait for a thread; more are answered 503",
    )
    running_jobs: int = Field(
        default=1000,
        ge=0,
        description="jobs of one project that run at a time; 0: any number, as `lamina up` has it",
    )
    stored_bytes: int = Field(
        default=2**42,
        ge=0,
        description="bytes that one project may have uploaded and not deleted; 0: any number, as "
        "`lamina up` has it",
    )
    gpu_seconds: int = Field(
        default=36_000_000,
        ge=0,
        description="seconds on GPUs that the jobs of one project may take within "
        "`LAMINA_GPU_DAYS`; 0: any number, as `lamina up` has it",
    )
    gpu_days: float = Field(
        default=30, gt=0, description="days over which the seconds on GPUs are counted"
    )
    cache_bytes: int = Field(
        default=20 * 2**30, ge=0, description="fetched and encoded data that a worker's host keeps"
    )
    log_lines: int = Field(default=10_000, gt=0, description="log lines kept of one attempt")
    idempotency_hours: float = Field(
        default=24, gt=0, description="how long an Idempotency-Key is remembered"
    )

    @model_validator(mode="after")
    def _allow(self) -> Self:
        Allowance.parse(self.fetch_from, self.fetch_private)
        if any(text.lower().startswith("s3:") for text in self.webhook_to):
            raise ValueError("webhooks lead to https:// or http:// alone")
        Allowance.parse(self.webhook_to, self.webhook_private)
        return self

    @property
    def allowance(self) -> Allowance:
        """Where datasets may be fetched from."""
        return Allowance.parse(self.fetch_from, self.fetch_private)

    @property
    def webhook_allowance(self) -> Allowance:
        """Where webhooks may lead."""
        return Allowance.parse(self.webhook_to, self.webhook_private)

    @property
    def database(self) -> str:
        """The database URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'lamina.db'}"

    @property
    def storage(self) -> str:
        """The object storage URL, with the default filled in."""
        return self.storage_url or f"file://{self.home.resolve() / 'objects'}"

    @property
    def scratch(self) -> Path:
        """Folder for files that nobody misses after a crash."""
        return self.home.resolve() / "scratch"

    @property
    def cache(self) -> Path:
        """Folder for what a host has fetched or made of data, and can fetch or make again."""
        return self.home.resolve() / "cache"

    @property
    def cpu_share(self) -> int:
        """CPU slots of this host unless set: one for every two cores, two on two cores.

        Building a network keeps one core busy, so that two small jobs go side by side.
        """
        cores = os.cpu_count() or 1
        return self.cpu_slots if self.cpu_slots is not None else max(min(2, cores), cores // 2)


@cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
