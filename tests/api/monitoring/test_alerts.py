"""Alert rules fire where they should; the guide says what to do about each."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import yaml

from tests.api.running import Running
from tests.fixtures.databases import ROOT
from tests.fixtures.service import free_port

FOLDER = ROOT / "monitoring"


def tool(name: str) -> str:
    """The path of a tool of Prometheus; without it the test says that it did not run."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: Debian's package prometheus has it")
    return found


def test_the_guide_names_each_alert() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
    guide = (ROOT / "docs" / "operations.md").read_text()
    assert [rule["alert"] for rule in rules if f"- **{rule['alert']}.**" not in guide] == []


def test_rules_fire_and_keep_quiet() -> None:
    command = [tool("promtool"), "test", "rules", str(FOLDER / "alerts.test.yml")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_prometheus_scrapes_the_service(fresh: Running, tmp_path: Path) -> None:
    port = free_port()
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    target = fresh.url.removeprefix("http://")
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [target]
    config["global"]["scrape_interval"] = "1s"
    shutil.copy(FOLDER / "alerts.yml", tmp_path)
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    server = subprocess.Popen(
        [
            tool("prometheus"),
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert scraped(port, 'lamina_jobs{job="lamina",state="queued"}') == "0"
    finally:
        server.terminate()
        server.wait(timeout=30)


def scraped(port: int, name: str) -> str | None:
    """The value of a series, once Prometheus has it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={quote(name)}") as answer:
                result = json.load(answer)["data"]["result"]
        except OSError:
            result = []
        if result:
            return str(result[0]["value"][1])
        time.sleep(0.3)
    return None
