"""The engine without the service."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fixtures.databases import ROOT


def run(task: str, payload: dict[str, Any], folder: Path) -> tuple[int, list[dict[str, Any]]]:
    spec = folder / f"{task}.json"
    spec.write_text(json.dumps(payload))
    done = subprocess.run(
        [sys.executable, "-m", "engine", task, str(spec)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_reading_checking_and_training_alone(tmp_path: Path) -> None:
    rows = "\n".join(f"{x / 100},{'yes' if x > 50 else 'no'}" for x in range(100))
    (tmp_path / "data.csv").write_text(f"x,answer\n{rows}\n")
    (tmp_path / "canonical").mkdir()
    (tmp_path / "out").mkdir()
    limits = {
        "expanded_bytes": 10**9, "rows": 10**6, "columns": 100, "entries": 1000,
        "pixels": 10**6, "cell_bytes": 10**5,
    }  # fmt: skip
    status, lines = run(
        "read",
        {
            "path": str(tmp_path / "data.csv"),
            "filename": "data.csv",
            "content_type": None,
            "out": str(tmp_path / "canonical"),
            "limits": limits,
        },
        tmp_path,
    )
    assert status == 0
    schema = lines[-1]["value"]["schema"]

    stack = [{"class_name": "Dense", "units": 2, "activation": "softmax"}]
    status, lines = run(
        "check",
        {
            "stack": stack,
            "data": {"dataset": "ds_1", "target": "answer"},
            "schema": schema,
            "compile": {},
            "fit": {"epochs": 2, "seed": 1},
            "callbacks": [],
            "resources": {},
            "limits": {"layers": 100, "nesting": 8},
            "pointers": {"stack": "/stack", "data": "/data"},
        },
        tmp_path,
    )
    assert status == 0
    plan = lines[-1]["value"]

    status, lines = run(
        "train",
        {
            "request": plan["request"],
            "schema": schema,
            "data": str(tmp_path / "canonical"),
            "validation_data": None,
            "test_data": None,
            "out": str(tmp_path / "out"),
            "resume": None,
            "threads": 1,
            "gpus": 0,
            "checkpoint_seconds": 10,
        },
        tmp_path,
    )
    assert status == 0
    assert [line["event"] for line in lines if line["event"] == "epoch"] == ["epoch"] * 2
    assert lines[-1]["value"]["outcome"] == "finished"
    assert (tmp_path / "out" / "model" / "network.keras").is_file()


def test_a_refusal_is_a_fault_and_exit_status_1(tmp_path: Path) -> None:
    payload = {
        "stack": [{"class_name": "Dens"}],
        "data": None,
        "schema": None,
        "compile": {},
        "fit": {},
        "callbacks": [],
        "resources": {},
        "limits": {"layers": 100, "nesting": 8},
        "pointers": {"stack": "/stack"},
    }
    status, lines = run("check", payload, tmp_path)
    assert status == 1
    assert lines[-1]["event"] == "fault"
    assert lines[-1]["errors"][0]["pointer"] == "/stack/0/class_name"
