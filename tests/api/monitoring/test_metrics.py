"""The figures for Prometheus are those of the database and of the requests."""

from prometheus_client.parser import text_string_to_metric_families

from models.job import Job
from models.slot import Slot
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running


def figures(service: Running) -> dict[tuple[str, str], float]:
    """Name, and values of the labels in the order of their names, of every sample; its value."""
    answer = service.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, ",".join(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_queue_slots_and_ends_are_told(fresh: Running) -> None:
    database, project = fresh.database, fresh.project()
    dataset = make_dataset(database, project)
    running, ended = (make_job(database, project, dataset) for _ in range(2))
    assert claim_job(database, "host-a").job.id == running
    make_job(database, project, dataset, gpus=None)
    with database.session() as session:
        found = session.get(Job, ended)
        assert found is not None
        error = {"code": "crashed", "detail": "for the test"}
        assert found.move(session, "queued", "failed", {"error": error}, error=error)
        Slot.note(session, ("host-a", "cpu:0"), 0.25, 7)  # as of a GPU
    told = figures(fresh)
    assert told["lamina_gpu_utilization_ratio", "cpu:0,host-a,"] == 0.25
    assert told["lamina_gpu_memory_used_bytes", "cpu:0,host-a,"] == 7
    assert told["lamina_jobs", "running"] == 1
    assert told["lamina_jobs", "queued"] == 1
    assert told["lamina_queue_jobs", "any"] == 1
    assert told["lamina_queue_jobs", "cpu"] == 0
    assert told["lamina_jobs_ended_last_hour", "crashed,failed"] == 1
    assert told["lamina_slots", "host-a,cpu,busy"] == 1
    assert told["lamina_slots", "host-a,cpu,free"] == 0
    assert told["lamina_workers", "alive"] == 0
    assert told["lamina_leases_overdue", ""] == 0
    assert told["lamina_datasets_reading", ""] == 0


def test_requests_are_counted_by_route_and_not_by_address(fresh: Running) -> None:
    for number in range(3):
        fresh.client.get(f"/v1/jobs/job_{number}")
        fresh.client.get(f"/nothing/{number}")
    told = figures(fresh)
    assert told["lamina_http_requests_total", "GET,/v1/jobs/{job_id},404"] == 3
    assert told["lamina_http_requests_total", "GET,none,404"] == 3
    assert told["lamina_http_request_seconds_count", "GET,none"] == 3


def test_both_databases_give_figures(service: Running) -> None:
    assert ("lamina_jobs", "queued") in figures(service)
