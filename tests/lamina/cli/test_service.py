"""The command line against a running service."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.service import Service
from tests.lamina.cli.command import in_terminal, lamina
from tests.lamina.conftest import STACK


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """The file of a stack."""
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(STACK))
    return path


def test_train_in_plain_text_and_look_at_all_of_it(
    service: Service, stack: Path, table: Path, tmp_path: Path
) -> None:
    url = service.url
    done = lamina(
        *("train", stack, "--data", table, "--target", "label", "--epochs", "3"),
        *("--set", "compile.optimizer=adam", "--set", "compile.optimizer.learning_rate=0.01"),
        *("--name", "points"),
        url=url,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    job = lines[0].split()[0]
    assert lines[0] == f"{job} queued"
    epochs = [line for line in lines if line.startswith("epoch ")]
    assert [line.split()[1] for line in epochs] == ["1/3", "2/3", "3/3"]
    assert "loss" in epochs[0]
    assert "val_loss" in epochs[0]
    assert f"{job} succeeded" in lines
    model = next(line.split()[1] for line in lines if line.startswith("model "))

    shown = json.loads(lamina("show", job, "--json", url=url).stdout)
    assert shown["request"]["compile"]["optimizer"]["learning_rate"] == 0.01
    assert shown["display_name"] == "points"
    pairs = dict(line.split(None, 1) for line in _first_block(lamina("show", job, url=url).stdout))
    assert (pairs["state"], pairs["name"], pairs["model"]) == ("succeeded", "points", model)
    assert f"{job}  succeeded" in lamina("jobs", url=url).stdout
    assert job in lamina("jobs", "--state", "succeeded", "--limit", "200", url=url).stdout
    assert job not in lamina("jobs", "--state", "failed", "--limit", "200", url=url).stdout
    csv = lamina("metrics", job, "--csv", url=url).stdout.splitlines()
    assert csv[0].startswith("epoch,")
    assert len(csv) == 4
    table_lines = lamina("metrics", job, "--key", "loss", url=url).stdout.splitlines()
    assert table_lines[0].split() == ["epoch", "loss"]
    assert [line.split()[0] for line in table_lines[1:]] == ["1", "2", "3"]

    _look_at_model(url, model, tmp_path)
    _look_at_dataset(url, shown["dataset"])
    _clone(url, job, tmp_path)


def _first_block(text: str) -> list[str]:
    return text.partition("\n\n")[0].splitlines()


def _look_at_model(url: str, model: str, tmp_path: Path) -> None:
    got = lamina("models", "get", model, tmp_path, url=url)
    assert got.stdout == f"{tmp_path}/{model}.keras\n"
    assert Path(got.stdout.strip()).stat().st_size > 0
    assert model in lamina("models", "list", url=url).stdout
    assert "keras" in lamina("models", "show", model, url=url).stdout
    assert "Dense" in lamina("models", "summary", model, url=url).stdout
    predicted = lamina("predict", model, url=url, given="a,b\n9.5,0.1\n0.1,9.5\n")
    assert len([json.loads(line) for line in predicted.stdout.splitlines()]) == 2
    np.save(tmp_path / "rows.npy", np.array([[9.5, 0.1], [0.1, 9.5]]))
    asked = lamina("models", "predict", model, tmp_path / "rows.npy", url=url)
    assert asked.stdout == predicted.stdout, asked.stderr

    code = lamina("models", "code", model, url=url)
    compile(code.stdout, "code.py", "exec")
    written = lamina("models", "code", model, tmp_path / "code.py", url=url)
    assert written.stdout == f"{tmp_path}/code.py\n"
    assert (tmp_path / "code.py").read_text() == code.stdout.removesuffix("\n")


def _clone(url: str, job: str, tmp_path: Path) -> None:
    """The request once more, changed by options and watched, or by a file and left alone."""
    done = lamina(
        *("clone", job, "--epochs", "1", "--name", "again", "--json"),
        *("--set", "compile.optimizer.learning_rate=0.02"),
        url=url,
    )
    assert done.returncode == 0, done.stderr
    clone = json.loads(done.stdout.splitlines()[-1])
    assert (clone["state"], clone["cloned_from"], clone["display_name"]) == (
        *("succeeded", job),
        "again",
    )
    assert clone["request"]["fit"]["epochs"] == 1
    assert clone["request"]["compile"]["optimizer"]["learning_rate"] == 0.02
    changes = tmp_path / "changes.json"
    changes.write_text('[{"op": "replace", "path": "/stack/layers/1/units", "value": 3}]')
    left = lamina("clone", job, "--changes", changes, "--detach", url=url)
    identifier = left.stdout.strip()
    assert f"lamina watch {identifier}" in left.stderr
    lamina("cancel", identifier, url=url)
    shown = json.loads(lamina("show", identifier, "--json", url=url).stdout)
    assert shown["request"]["stack"]["layers"][1]["units"] == 3
    both = lamina("clone", job, "--changes", changes, "--epochs", "2", url=url)
    assert (both.returncode, "no other change" in both.stderr) == (2, True)
    changes.write_text("[")
    assert lamina("clone", job, "--changes", changes, url=url).returncode == 2


def _look_at_dataset(url: str, dataset: str) -> None:
    assert dataset in lamina("datasets", "list", url=url).stdout
    assert "label" in lamina("datasets", "show", dataset, url=url).stdout
    assert "label" in lamina("datasets", "stats", dataset, "label", url=url).stdout
    assert lamina("datasets", "report", dataset, url=url).stdout
    preview = lamina("datasets", "preview", dataset, "--rows", "2", url=url).stdout.splitlines()
    assert preview[0].split() == ["a", "b", "label"]
    assert len(preview) == 3


def test_json_lines(service: Service, stack: Path, table: Path) -> None:
    done = lamina(
        *("train", stack, "--data", table, "--target", "label", "--epochs", "2", "--json"),
        url=service.url,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["data"]["epoch"] for line in lines if line.get("type") == "epoch"] == [0, 1]
    assert lines[-1]["object"] == "job"
    assert lines[-1]["state"] == "succeeded"


def test_in_a_terminal_there_are_bars_and_a_curve(
    service: Service, stack: Path, table: Path
) -> None:
    drawn, code = in_terminal(
        *("train", stack, "--data", table, "--target", "label", "--epochs", "4"),
        url=service.url,
    )
    assert code == 0
    assert "epochs" in drawn
    assert "4/4" in drawn
    assert "━" in drawn
    assert "● loss" in drawn
    assert any("\u2800" < character <= "\u28ff" for character in drawn)


def test_detaching_leaves_the_job_running(service: Service, stack: Path, table: Path) -> None:
    url = service.url
    started = lamina(
        *("train", stack, "--data", table, "--target", "label", "--epochs", "5000", "--detach"),
        *("--set", "fit.batch_size=1"),
        url=url,
    )
    job = started.stdout.strip()
    assert f"lamina watch {job}" in started.stderr
    watch = subprocess.Popen(
        [sys.executable, "-m", "lamina", "--url", url, "watch", job],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert watch.stdout is not None
    while "epoch" not in watch.stdout.readline():
        assert watch.poll() is None
    watch.send_signal(signal.SIGINT)
    _, errors = watch.communicate(timeout=30)
    assert watch.returncode == 0
    assert f"detached; {job} goes on. Watch it again: lamina watch {job}" in errors
    assert json.loads(lamina("show", job, "--json", url=url).stdout)["state"] == "running"

    assert lamina("cancel", job, url=url).stdout == f"{job} cancelling\n"
    ended = lamina("watch", job, url=url)
    assert ended.returncode == 4
    assert ended.stderr == f"lamina: {job} was cancelled\n"


def test_stop_keeps_the_model(service: Service, stack: Path, table: Path) -> None:
    url = service.url
    arguments = ("train", stack, "--data", table, "--target", "label", "--epochs", "5000")
    job = lamina(*arguments, "--detach", "--set", "fit.batch_size=1", url=url).stdout.strip()
    deadline = time.monotonic() + 60
    while lamina("stop", job, url=url).returncode != 0:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    ended = lamina("watch", job, url=url)
    assert ended.returncode == 0
    assert f"{job} succeeded (user)" in ended.stdout


def test_validate(service: Service, stack: Path, table: Path, tmp_path: Path) -> None:
    url = service.url
    good = lamina("validate", stack, "--data", table, "--target", "label", url=url)
    assert good.returncode == 0, good.stderr
    assert "parameters" in good.stdout
    assert " 42" in good.stdout
    alone = tmp_path / "alone.json"
    alone.write_text(json.dumps([{"class_name": "Input", "shape": [2]}, *STACK]))
    assert " 42" in lamina("validate", alone, url=url).stdout
    alone.write_text(json.dumps([{"class_name": "Dense", "unit": 3}]))
    bad = lamina("validate", alone, url=url)
    assert bad.returncode == 2
    assert "did you mean units?" in bad.stderr


def test_doctor_finds_all_well(service: Service) -> None:
    done = lamina("doctor", "--json", url=service.url)
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout
    assert all(finding["ok"] for finding in findings)
    assert {"client", "database", "server", "workers"} <= {finding["name"] for finding in findings}
