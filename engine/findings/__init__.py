"""Findings of a training: what its course tells. One rule per file, found by folder."""

from typing import Any

from engine.findings._base import Finding, Record, Rule
from lamina.discovery import discover

RULES = discover("engine.findings", Rule)  # type: ignore[type-abstract]

__all__ = ["RULES", "Finding", "Record", "Rule", "look"]


def look(record: Record) -> list[dict[str, Any]]:
    """All findings as advice of the source `training`."""
    return [
        {
            "rule": rule.name,
            "source": "training",
            "severity": rule.severity,
            "pointer": finding.pointer,
            "detail": finding.detail,
            "why": rule.why(),
            "evidence": finding.evidence,
            "fix": finding.fix,
            "more": finding.layer and f"/v1/catalog/layers/{finding.layer}",
        }
        for rule in (kind() for kind in RULES.values())
        for finding in rule.check(record)
    ]
