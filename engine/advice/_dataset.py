"""What of a dataset's report concerns a job: findings on the columns that it uses."""

from collections.abc import Iterable
from typing import Any

from engine.quality import RULES

from ._columns import place_of, without
from ._context import Context

_BY_NAME = {rule.name: rule for rule in RULES.values()}
_OWN = frozenset({"duplicate-rows", "sorted-rows", "uneven-classes", "copied-columns"})
"""Told by rules of the plan, which know the target, the features and the split."""


def of_dataset(report: Iterable[dict[str, Any]], context: Context) -> list[dict[str, Any]]:
    """The errors and warnings on the job's columns, with pointers and fixes into the sent body."""
    targets = {target.column.name for target in context.targets.values()}
    used = {column.name for _, column, _, _ in context.fed()} | targets
    found = []
    for one in report:
        rule = _BY_NAME.get(one["rule"])
        concerned = [name for name in one.get("columns") or [] if name in used]
        if rule is None or one["severity"] == "hint" or rule.name in _OWN or not concerned:
            continue
        features = [name for name in concerned if name not in targets]
        fix = without(context, features) if rule.drop and features else None
        found.append({**one, "pointer": place_of(context, concerned[0]), "fix": fix})
    return found
