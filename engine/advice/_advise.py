"""Applying all rules to a sound request."""

import sys
import traceback
from collections.abc import Iterator
from typing import Any

from lamina.discovery import discover

from ._base import Finding, Rule
from ._context import Context

RULES = discover("engine.advice", Rule)  # type: ignore[type-abstract]

_ORDER = ("error", "warning", "hint")


def advise(context: Context) -> list[dict[str, Any]]:
    """All advice as plain JSON: errors first, then by rule.

    A rule that fails costs its own advice and no more; what went wrong goes to stderr.
    """
    found = []
    for rule in sorted(RULES.values(), key=lambda rule: _ORDER.index(rule.severity)):
        try:
            found += [_written(rule, finding) for finding in rule().check(context)]
        except Exception:
            print(f"The rule {rule.name} failed:", file=sys.stderr)  # noqa: T201
            traceback.print_exc()
    return found


def findings(rule: type[Rule], context: Context) -> Iterator[Finding]:
    """What one rule finds. Raises whatever the rule raises."""
    return rule().check(context)


def _written(rule: type[Rule], finding: Finding) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "source": rule.source,
        "severity": rule.severity,
        "pointer": finding.pointer,
        "detail": finding.detail,
        "why": rule.why(),
        "evidence": finding.evidence,
        "fix": finding.fix,
        "more": f"/v1/catalog/layers/{finding.layer}" if finding.layer else None,
    }
