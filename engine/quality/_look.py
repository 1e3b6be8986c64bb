"""Applying all rules to a dataset."""

import sys
import traceback
from itertools import islice
from typing import Any

from lamina.discovery import discover

from ._base import Finding, Rule
from ._data import Data

RULES = discover("engine.quality", Rule)  # type: ignore[type-abstract]

ORDER = ("error", "warning", "hint")
MOST_OF_A_RULE = 20
_MOST_COLUMNS = 20


def look(data: Data) -> list[dict[str, Any]]:
    """All findings as advice of the source `data`, the gravest first; pointers into the dataset.

    Of one rule no more than 20 are told, with a last one that counts the others. A rule that fails
    costs its own findings and no more; what went wrong goes to stderr.
    """
    found = []
    for rule in RULES.values():
        try:
            found += _of_rule(rule, data)
        except Exception:
            print(f"The rule {rule.name} failed:", file=sys.stderr)  # noqa: T201
            traceback.print_exc()
    return sorted(found, key=lambda one: ORDER.index(one["severity"]))


def _of_rule(rule: type[Rule], data: Data) -> list[dict[str, Any]]:
    every = rule().check(data)
    found = [_written(rule, finding, data) for finding in islice(every, MOST_OF_A_RULE)]
    if rest := sum(1 for _ in every):
        more = Finding((), f"{rest} more columns have the same.", {"columns": rest})
        found.append(_written(rule, more, data))
    return found


def _written(rule: type[Rule], finding: Finding, data: Data) -> dict[str, Any]:
    columns = list(finding.columns[:_MOST_COLUMNS])
    pointer = f"/columns/{data.schema.index(columns[0])}" if columns else "/rows"
    return {
        "rule": rule.name,
        "source": "data",
        "severity": finding.severity or rule.severity,
        "pointer": pointer,
        "columns": columns,
        "detail": finding.detail,
        "why": rule.why(),
        "handling": rule.handling,
        "evidence": finding.evidence,
        "fix": None,
        "more": None,
    }
