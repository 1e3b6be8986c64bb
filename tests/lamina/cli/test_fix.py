"""`lamina validate --fix`: what a report proposes, written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.service import Service
from tests.lamina.cli.command import lamina
from tests.lamina.outside import Asked, Reply, outside, problem


def dense(units: int, activation: str | None = None, **more: Any) -> dict[str, Any]:
    named = {"activation": activation} if activation else {}
    return {"class_name": "Dense", "units": units, **named, **more}


INPUT = {"class_name": "Input", "shape": [4]}
FLAWED = [INPUT, {"class_name": "Dropout", "rate": 0.9}, dense(8), dense(3, "sofmax")]
SOUND = [INPUT, dense(8, "relu"), dense(3, "softmax")]


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    """A stack with a misspelt activation, Dropout behind the input and a linear hidden layer."""
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(FLAWED))
    return path


def test_a_stack_is_put_right_in_place(service: Service, flawed: Path) -> None:
    done = lamina("validate", flawed, "--fix", url=service.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(flawed.read_text()) == SOUND
    assert "fixed /stack/3/activation: " in done.stderr
    assert "[dropout-after-input]" in done.stderr
    assert f"wrote {flawed}\n" in done.stderr
    assert "parameters" in done.stdout

    again = lamina("validate", flawed, "--fix", url=service.url)
    assert (again.returncode, again.stderr) == (0, "nothing to fix\n")


def test_a_job_is_written_elsewhere_with_what_was_added(
    service: Service, table: Path, tmp_path: Path
) -> None:
    job, out = tmp_path / "job.json", tmp_path / "out.json"
    body = {"stack": [dense(8), dense(2, "softmax")], "fit": {"epochs": 1}}
    job.write_text(json.dumps(body))
    done = lamina(
        *("validate", job, "--data", table, "--target", "label"),
        *("--fix", "--output", out),
        url=service.url,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(job.read_text()) == body
    written = json.loads(out.read_text())
    assert written["stack"] == [dense(8, "relu"), dense(2, "softmax")]
    assert written["fit"] == {"epochs": 10}
    assert written["data"]["dataset"].startswith("ds_")
    plain = lamina("validate", out, url=service.url)
    assert plain.returncode == 0, plain.stderr
    assert "at /stack" not in plain.stdout  # the made-up rows repeat, which stays a warning


def test_to_standard_output_without_the_plan(service: Service, flawed: Path) -> None:
    done = lamina("validate", flawed, "--fix", "--output", "-", url=service.url)
    assert json.loads(done.stdout) == SOUND
    assert json.loads(flawed.read_text()) == FLAWED


def test_what_cannot_be_fixed_is_told_after_the_rest(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.write_text(json.dumps([INPUT, dense(8, "rellu"), dense(-3)]))
    done = lamina("validate", path, "--fix", url=service.url)
    assert done.returncode == 2
    assert "/stack/2/units" in done.stderr
    assert json.loads(path.read_text()) == [INPUT, dense(8, "relu"), dense(-3)]


def test_fixes_that_undo_each_other_come_to_an_end(flawed: Path) -> None:
    def reply(asked: Asked) -> Reply:
        rate = json.loads(asked.body)["stack"][1]["rate"]
        fix = [{"op": "replace", "path": "/stack/1/rate", "value": 0.9 - rate}]
        item = {"pointer": "/stack/1/rate", "code": "bad-value", "detail": "No.", "fix": fix}
        return problem("invalid-stack", 422, errors=[item])

    with outside(reply) as world:
        done = lamina("validate", flawed, "--fix", url=world.url)
    assert done.returncode == 2
    assert len(world.asked) == 2


def test_other_refusals_change_nothing(flawed: Path) -> None:
    with outside(lambda _: problem("unauthenticated", 401)) as world:
        done = lamina("validate", flawed, "--fix", url=world.url)
    assert done.returncode == 2
    assert json.loads(flawed.read_text()) == FLAWED


def test_output_goes_with_fix(flawed: Path) -> None:
    done = lamina("validate", flawed, "--output", "x.json", url="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "--output goes with --fix" in done.stderr
