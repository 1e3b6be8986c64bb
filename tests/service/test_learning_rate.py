"""A learning rate that is left to the service."""

import httpx2
from typer.testing import CliRunner

import lamina
from lamina.cli.app import build
from tests.fixtures.service import Service
from tests.service.jobs import await_job, events, submit, upload_iris


def test_the_rate_is_found_told_and_used(service: Service) -> None:
    optimizer = {"class_name": "Adam", "learning_rate": "auto"}
    job = await_job(
        service, submit(service, upload_iris(service), compile={"optimizer": optimizer})
    )
    assert job["state"] == "succeeded", job["error"]
    rate = job["chosen"]["learning_rate"]
    assert 1e-4 < rate < 1
    assert job["chosen"]["steps_per_execution"] >= 1
    assert job["request"]["compile"]["optimizer"]["learning_rate"] == "auto"
    (told,) = [
        event["data"] for event in events(service, job["id"]) if event["type"] == "range-test"
    ]
    assert told["learning_rate"] == rate
    rates = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/metrics?x=rate").json()["data"]
    assert abs(rates["learning_rate"][0] - rate) < 1e-6

    picture = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/plots/range_test.svg")
    assert picture.is_success
    assert picture.text.startswith("<svg")
    code = httpx2.get(f"{service.url}/v1/models/{job['model']}/code", timeout=60).text
    assert f"learning_rate={rate!r}" in code
    receipt = httpx2.get(f"{service.url}/v1/models/{job['model']}/receipt").json()
    assert receipt["chosen"] == job["chosen"]
    with lamina.Client(service.url) as client:
        found = client.jobs.get(job["id"]).range_test()
        assert found is not None
        assert found.losses == told["losses"]

    environment = {"LAMINA_URL": service.url}
    shown = CliRunner().invoke(build(), ["show", job["id"]], env=environment)
    assert "found (lamina metrics --range-test)" in shown.output
    table = CliRunner().invoke(build(), ["metrics", job["id"], "--range-test"], env=environment)
    assert table.exit_code == 0, table.output
    assert len(table.output.splitlines()) > len(told["rates"])
    assert f"learning rate {rate:.4g}" in table.output
