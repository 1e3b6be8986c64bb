"""Arguments, exit codes and messages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from lamina.cli.help import PANELS
from lamina.cli.options import choices, setting
from lamina.discovery import modules
from tests.lamina import resources
from tests.lamina.cli.command import lamina
from tests.lamina.outside import Reply, in_turn, outside, problem

_NOWHERE = "http://127.0.0.1:9"


def test_every_command_stands_under_a_heading() -> None:
    listed = [name for names in PANELS.values() for name in names]
    assert sorted(listed) == sorted(modules("lamina.cli.commands"))
    text = lamina("--help").stdout
    assert all(f"\n  {name} " in text for name in listed)
    assert "..." not in text.partition("Train:")[2], "each first line fits"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b=1e-4", ("a.b", 1e-4)),
        ("a=adam", ("a", "adam")),
        ('a={"b": [1]}', ("a", {"b": [1]})),
        ("a=x=y", ("a", "x=y")),
        ("a=", ("a", "")),
        ("a=null", ("a", None)),
    ],
)
def test_settings(text: str, expected: tuple[str, object]) -> None:
    assert setting(text) == expected


@pytest.mark.parametrize("text", ["a", "=1", "a..b=1", ".a=1"])
def test_what_is_no_setting(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        setting(text)


def test_options_that_are_not_given_say_nothing() -> None:
    assert choices(None, None, None, None, None) == {"settings": {}}
    assert choices("d", "t", 3, "n", ["a=1"]) == {
        "dataset": "d",
        "target": "t",
        "epochs": 3,
        "display_name": "n",
        "settings": {"a": 1},
    }


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("jbos",), "Did you mean 'jobs'?"),
        (("train",), "Missing argument"),
        (("train", "nowhere.json"), "cannot read 'nowhere.json'"),
        (("train", "x.json", "--set", "y"), "not of the form field.field=value"),
        (("train", "x.json", "--epochs", "0"), "Invalid value"),
        (("metrics", "job_1", "--csv", "--json"), "--csv goes with none of"),
        (("keys", "limit", "key_1", "jobs=2"), "names none of requests_per_second, "),
        (("keys", "create", "--limit", "queued_jobs=x"), "not of the form NAME=NUMBER"),
        (("--url", "here", "jobs"), "no http:// or https:// URL"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], text: str) -> None:
    done = lamina(*arguments, url=_NOWHERE)
    assert done.returncode == 2
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_no_connection_exits_with_3() -> None:
    done = lamina("jobs", url=_NOWHERE)
    assert done.returncode == 3
    assert done.stderr.startswith(f"lamina: cannot reach the service at {_NOWHERE}")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [("invalid-stack", 422, 2), ("unauthenticated", 401, 2), ("internal", 500, 3)],
)
def test_a_refusal_exits_by_whose_fault_it_is(slug: str, status: int, code: int) -> None:
    items = [{"pointer": "/stack/0", "code": "c", "detail": "Bad [b]layer[/b]."}]
    with outside(in_turn(problem(slug, status, errors=items))) as world:
        done = lamina("jobs", url=world.url)
    assert done.returncode == code
    assert "  /stack/0: Bad [b]layer[/b]. [c]\n" in done.stderr


def test_too_many_requests_are_no_usage() -> None:
    quota = problem("quota-exceeded", 429, headers={"Retry-After": "0"})
    with outside(in_turn(quota)) as world:
        assert lamina("jobs", url=world.url).returncode == 3


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("failed", 1), ("cancelled", 4)])
def test_watching_a_job_that_has_ended(state: str, code: int) -> None:
    error = {"code": "diverged", "blame": "spec", "retryable": False, "detail": "NaN."}
    job = resources.job(state, error=error if state == "failed" else None)

    with outside(lambda asked: Reply(204) if "stream" in asked.path else Reply(200, job)) as world:
        done = lamina("watch", resources.JOB_ID, url=world.url)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == f"{resources.JOB_ID} {state}"


def test_a_terminal_without_unicode_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    page = Reply(200, resources.page(resources.job("running", display_name="größer\x1b[2J")))
    with outside(in_turn(page)) as world:
        done = lamina("jobs", url=world.url)
    assert done.returncode == 0, done.stderr
    assert "  gr??er?[2J  " in done.stdout


def test_a_reader_that_leaves_early_is_no_error() -> None:
    many = Reply(200, resources.page(*[resources.job()] * 200))
    with outside(in_turn(many)) as world:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lamina",
                "--url",
                world.url,
                "jobs",
                "--json",
                "--limit",
                "200",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.read(100)
        process.stdout.close()
        assert process.stderr is not None
        with process.stderr:
            assert process.stderr.read() == b""
        process.wait(timeout=30)


def test_data_that_cannot_be_read_is_usage(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x")
    error = {"code": "empty", "detail": "There are no rows."}
    failed = Reply(202, resources.dataset("failed", error=error, filename="x.csv"))
    with outside(in_turn(failed)) as world:
        done = lamina("datasets", "add", tmp_path / "x.csv", url=world.url)
    assert done.returncode == 2
    assert done.stderr == "lamina: x.csv could not be read: There are no rows. [empty]\n"


def test_limits_of_a_key_are_changed() -> None:
    changed = resources.key(limits={"gpu_seconds": 0, "queued_jobs": None})
    with outside(in_turn(Reply(200, changed))) as world:
        done = lamina(
            "keys", "limit", "key_1", "gpu_seconds=0", "queued_jobs=default", url=world.url
        )
    assert done.stdout == "key_1 may use: gpu_seconds=0\n"
    assert json.loads(world.asked[0].body) == {"limits": {"gpu_seconds": 0, "queued_jobs": None}}
    assert (world.asked[0].method, world.asked[0].path) == ("PATCH", "/v1/keys/key_1")


def test_doctor_tells_what_is_wrong() -> None:
    readiness = {
        "ready": False,
        "checks": [
            {"name": "database", "ok": True},
            {"name": "redis", "ok": False, "detail": "Connection refused."},
        ],
    }
    with outside(
        lambda asked: Reply(503, readiness) if asked.path == "/readyz" else problem("internal", 500)
    ) as world:
        done = lamina("doctor", url=world.url)
    assert done.returncode == 3
    assert "ok    database\nFAIL  redis: Connection refused.\nFAIL  service: " in done.stdout
