"""Applying all rules to the parts of a training."""

import sys
import traceback
from typing import Any

from engine.training.parts import Division
from lamina.discovery import discover

from ._base import Finding, Rule
from ._parts import Part, Parts

RULES = discover("engine.division", Rule)  # type: ignore[type-abstract]


def look(division: Division, request: dict[str, Any], targets: list[str]) -> list[dict[str, Any]]:
    """All findings as advice of the source `data`; none of windows, which overlap by nature.

    A rule that fails costs its own findings and no more; what went wrong goes to stderr.
    """
    data = request["data"]
    if data.get("window"):
        return []
    fed = [name for given in data["inputs"].values() for name in given["columns"]]
    parts = Parts(
        {
            name: Part(source.dataset.schema, source.rows, source.dataset.values)
            for name, source in division.parts.items()
        },
        list(dict.fromkeys(fed)),
        targets,
        (data.get("split") or {}).get("by") or "random",
        frozenset(name for name in division.parts if data.get(name)),
    )
    found = []
    for rule in RULES.values():
        try:
            found += [_written(rule, finding) for finding in rule().check(parts)]
        except Exception:
            print(f"The rule {rule.name} failed:", file=sys.stderr)  # noqa: T201
            traceback.print_exc()
    return found


def _written(rule: type[Rule], finding: Finding) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "source": "data",
        "severity": finding.severity or rule.severity,
        "pointer": finding.pointer,
        "detail": finding.detail,
        "why": rule.why(),
        "evidence": finding.evidence,
        "fix": None,
        "more": None,
    }
