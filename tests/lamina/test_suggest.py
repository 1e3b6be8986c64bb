"""From data to a trained model with nothing written by hand."""

import json
from pathlib import Path

import pytest

from lamina import Client
from lamina.client.problems import DataStackMismatch
from tests.fixtures.service import Service
from tests.lamina.cli.command import lamina


def test_a_suggestion_trains_as_it_comes(client: Client, table: Path, tmp_path: Path) -> None:
    found = client.suggest(table, target="label")
    assert {reason.pointer for reason in found.reasons} >= {"/stack/layers/0", "/compile/loss"}
    handle = client.train(found.request, epochs=15)
    job = handle.wait(120)
    assert job.evaluation is not None
    assert job.evaluation.part == "test"
    assert job.evaluation.baseline is not None
    assert job.evaluation.baseline["predictor"] == "majority"
    lift = job.evaluation.lift_over_baseline
    assert isinstance(lift, float)
    assert lift > 0.2
    report = handle.evaluation()
    (output,) = report.outputs.values()
    assert (report.part, report.metrics) == ("test", job.evaluation.metrics)
    assert output.metrics["accuracy"] == pytest.approx(job.evaluation.metrics["accuracy"])
    assert output.confusion is not None
    assert sum(map(sum, output.confusion.counts)) == report.rows
    done = lamina("evaluation", handle.id, url=client.url)
    assert "(macro average)" in done.stdout, done.stderr
    assert "over the baseline (majority)" in done.stdout
    assert "confusion_matrix" in {plot.name for plot in handle.plots()}
    assert handle.plot("roc", tmp_path).name == "roc.svg"
    done = lamina("plot", handle.id, "curves", tmp_path / "curves.png", url=client.url)
    assert (tmp_path / "curves.png").read_bytes()[:4] == b"\x89PNG", done.stderr
    named = client.suggest(found.request["data"]["dataset"], target="label", features=["a"])
    assert named.request["data"]["features"] == ["a"]
    with pytest.raises(DataStackMismatch, match="label"):
        client.suggest(found.request["data"]["dataset"])


def test_the_command_writes_a_job(service: Service, table: Path, tmp_path: Path) -> None:
    done = lamina("suggest", table, "--target", "label", url=service.url)
    assert done.returncode == 0, done.stderr
    assert "/compile/loss: " in done.stderr
    file = tmp_path / "job.json"
    file.write_text(done.stdout)
    assert lamina("validate", file, url=service.url).returncode == 0
    dataset = json.loads(done.stdout)["data"]["dataset"]
    whole = json.loads(
        lamina("suggest", dataset, "--target", "label", "--json", url=service.url).stdout
    )
    assert whole["request"] == json.loads(done.stdout)
    assert whole["reasons"]
