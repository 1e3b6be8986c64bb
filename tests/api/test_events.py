"""Types of events: one list, which the attempts keep to and the dashboard listens by."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lamina.codes import EVENTS
from worker.reporter import Reporter

_ROOT = Path(__file__).parents[2]
_ENGINE = [_ROOT / "engine" / "training", _ROOT / "engine" / "tasks"]
_OF_OTHERS = {"read.py", "predict.py"}


def _named(calls: dict[str, int], paths: Iterator[Path]) -> set[str]:
    """The text that is given to these methods at this place."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = calls.get(node.func.attr)
            if place is None or len(node.args) <= place:
                continue
            kind = node.args[place]
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                found.add(kind.value)
    return found


def test_every_event_that_is_stored_is_listed() -> None:
    sources = (path for folder in _ENGINE for path in folder.rglob("*.py"))
    told = _named({"emit": 0}, (path for path in sources if path.name not in _OF_OTHERS))
    passed_on = {name for name in told if not hasattr(Reporter, f"_on_{name.replace('-', '_')}")}
    doors = iter([_ROOT / "models" / "attempt.py", _ROOT / "worker" / "reporter.py"])
    written = _named({"_append": 1, "report": 1, "report_choice": 1}, doors) - {"state"}
    assert {"warning", "embedding-coverage"} <= passed_on
    assert {"epoch", "advice"} <= written
    assert passed_on | written | {"job.state", "job.done"} == set(EVENTS)


def test_the_dashboard_listens_to_every_event() -> None:
    source = _ROOT / "api" / "dashboard" / "source" / "wire" / "events.ts"
    listed = re.findall(r'^  "([a-z.-]+)",$', source.read_text(), re.MULTILINE)
    assert listed == list(EVENTS)
