"""Findings of a training: what its course tells. One rule per file, found by folder."""

from typing import Any

from engine.findings._base import Finding, Record, Rule
from lamina.discovery import discover

RULES = discover("engine.findings", Rule)  # type: ignore[type-abstract]
STOPPING = sorted(rule.name for rule in RULES.values() if rule.during)
"""The rules that may end a training."""

__all__ = ["RULES", "STOPPING", "Finding", "Record", "Rule", "look"]


def look(record: Record) -> list[dict[str, Any]]:
    """All findings as advice of the source `training`; while it runs, those that can be told."""
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
        for rule in (kind() for kind in RULES.values() if kind.during or record.over)
        for finding in rule.check(record)
    ]
