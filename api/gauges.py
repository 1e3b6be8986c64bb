"""The census of the service in Prometheus's form, taken anew at each scrape."""

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.census import Census
from models.database import Database

QUANTILES = (0.5, 0.95)


class Gauges(Collector):
    """Asks the database when it is scraped; every process of the API gives the same answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Nothing is asked when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All gauges of the service."""
        with self._database.reading() as session:
            census = Census.take(session)
        yield from _of_jobs(census)
        yield from _of_ended(census)
        yield from _of_hosts(census)
        yield from _of_gpus(census)
        yield from _pending(census)


def _of_jobs(census: Census) -> Iterator[Metric]:
    yield _gauge("lamina_jobs", "Jobs that have not ended.", ("state",), census.jobs)
    told = "Jobs that are due and wait for a slot of this kind."
    yield _gauge("lamina_queue_jobs", told, ("slots",), census.queued)
    told = "Age of the oldest job that waits for a slot of this kind."
    yield _gauge("lamina_queue_oldest_seconds", told, ("slots",), census.oldest)
    told = "Leases of jobs that ran out and were not reaped yet."
    yield GaugeMetricFamily("lamina_leases_overdue", told, census.overdue)


def _of_ended(census: Census) -> Iterator[Metric]:
    ended = GaugeMetricFamily(
        "lamina_jobs_ended_last_hour", "Jobs that ended.", labels=("state", "code")
    )
    for (state, code), count in sorted(census.ended.items()):
        ended.add_metric((state, code), count)
    yield ended
    for name, told, values in (
        ("lamina_job_wait_seconds_last_hour", "From POST to the first start.", census.waited),
        ("lamina_job_run_seconds_last_hour", "From the first start to the end.", census.ran),
    ):
        family = GaugeMetricFamily(name, told, labels=("quantile",))
        for quantile in QUANTILES if values else ():
            family.add_metric((str(quantile),), _quantile(values, quantile))
        yield family


def _of_hosts(census: Census) -> Iterator[Metric]:
    workers = {state: census.workers[state] for state in ("alive", "lost", "stopped")}
    yield _gauge("lamina_workers", "Workers heard of within a day.", ("state",), workers)
    slots = GaugeMetricFamily("lamina_slots", "Slots.", labels=("host", "kind", "state"))
    for host, kind in sorted({(host, kind) for host, kind, _ in census.slots}):
        for busy, state in ((True, "busy"), (False, "free")):
            slots.add_metric((host, kind, state), census.slots[(host, kind, busy)])
    yield slots


def _of_gpus(census: Census) -> Iterator[Metric]:
    labels = ("host", "device", "name")
    memory = GaugeMetricFamily("lamina_gpu_memory_bytes", "Memory of a GPU.", labels=labels)
    told = "Memory of a GPU in use, whoever holds it."
    used = GaugeMetricFamily("lamina_gpu_memory_used_bytes", told, labels=labels)
    told = "Share of the last moments in which kernels ran on a GPU, 0 to 1."
    busy = GaugeMetricFamily("lamina_gpu_utilization_ratio", told, labels=labels)
    for slot in census.gpus:
        card = (slot.host, slot.device, slot.name or "")
        memory.add_metric(card, slot.memory_bytes)
        if slot.used_bytes is not None:
            used.add_metric(card, slot.used_bytes)
        if slot.utilization is not None:
            busy.add_metric(card, slot.utilization)
    yield from (memory, used, busy)


def _pending(census: Census) -> Iterator[Metric]:
    for what, told, (count, age) in (
        ("datasets_reading", "Datasets that are being read or wait for it.", census.reading),
        ("deliveries_pending", "Deliveries of webhooks on their way.", census.deliveries),
    ):
        yield GaugeMetricFamily(f"lamina_{what}", told, count)
        yield GaugeMetricFamily(f"lamina_{what}_oldest_seconds", "Age of the oldest.", age)


def _gauge(name: str, told: str, labels: Sequence[str], values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for label, value in values.items():
        family.add_metric((label,), value)
    return family


def _quantile(values: list[float], quantile: float) -> float:
    """By the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]
