"""The dashboard for Grafana asks for figures that there are, in PromQL that Prometheus takes."""

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.api.monitoring.test_alerts import tool
from tests.api.running import Running
from tests.fixtures.databases import ROOT

GRAFANA = ROOT / "monitoring" / "grafana"
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "lamina.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
_PROMETHEUS_S_OWN = {"up"}


def queries() -> Iterator[str]:
    """What the panels ask."""
    for panel in PANELS:
        for target in panel.get("targets", []):
            yield target["expr"].replace("$__rate_interval", "1m")


def expressions(file: Path) -> Iterator[str]:
    """What the alerts ask."""
    for group in yaml.safe_load(file.read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]


def test_every_figure_that_is_asked_for_is_told(fresh: Running) -> None:
    fresh.client.get("/healthz")
    families = list(text_string_to_metric_families(fresh.client.get("/metrics").text))
    kinds = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    told = {family.name + ending for family in families for ending in kinds.get(family.type, ("",))}
    asked = " ".join([*queries(), *expressions(ROOT / "monitoring" / "alerts.yml")])
    names = set(re.findall(r"\b(?:lamina_\w+|up)\b(?!\s*=)", asked))
    assert names - told - _PROMETHEUS_S_OWN == set()
    shown = " ".join(queries())
    forgotten = {family.name for family in families if family.name not in shown}
    assert {name for name in forgotten if not name.endswith("_created")} == set()


def test_every_query_is_of_prometheus_s_language(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": asked} for number, asked in enumerate(queries())]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    command = [tool("promtool"), "check", "rules", str(file)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_panels_stand_beside_each_other() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    places = [panel["gridPos"] for panel in PANELS]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or apart


def test_what_is_provisioned_fits_together() -> None:
    """From the file of the dashboard to the Prometheus that it asks."""
    assert DASHBOARD["schemaVersion"] == 41
    assert {panel["type"] for panel in PANELS} == {"row", "stat", "timeseries"}
    [variable] = DASHBOARD["templating"]["list"]
    asked = {panel["datasource"]["uid"] for panel in PANELS if "datasource" in panel}
    assert asked == {f"${{{variable['name']}}}"}
    provisioning = GRAFANA / "provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    assert (source["type"], source["isDefault"]) == (variable["query"], True)
    [provider] = yaml.safe_load((provisioning / "dashboards" / "lamina.yml").read_text())[
        "providers"
    ]
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    mounted = [volume.split(":")[:2] for volume in services["grafana"]["volumes"]]
    assert ["./monitoring/grafana/dashboards", provider["options"]["path"]] in mounted
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services
