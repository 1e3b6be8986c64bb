"""Applying the fixes of a report: of advice, and of what a refusal found wrong.

Every fix is a JSON Patch against the document as it was sent. Fixes that touch the same place,
or that shift the members of the same list, do not go together: the rest waits for the report on
the changed document.
"""

from collections.abc import Sequence
from typing import Any

from .patch import PatchError, Step, apply, look


def apply_fixes(document: Any, fixes: Sequence[list[Step] | None]) -> tuple[Any, list[int]]:
    """The document after as many fixes as go together, and which ones those were.

    None stands for a finding without a fix; one that does not apply is passed over.
    """
    taken: list[int] = []
    touched: list[str] = []
    shifted: set[str] = set()
    order = sorted(range(len(fixes)), key=lambda index: bool(_lists(document, fixes[index])))
    changed = document
    for index in order:
        fix = fixes[index]
        if not fix:
            continue
        lists = _lists(document, fix)
        if any(_overlap(one, other) for one in lists for other in shifted):
            continue
        places = [step[key] for step in fix for key in ("path", "from") if key in step]
        if any(_overlap(place, other) for place in places for other in touched):
            continue
        try:
            changed = apply(changed, fix)
        except PatchError:
            continue
        taken.append(index)
        touched += places
        shifted |= lists
    return changed, sorted(taken)


def _lists(document: Any, fix: list[Step] | None) -> set[str]:
    """The pointers of the lists in which a fix shifts members."""
    found = set()
    for step in fix or []:
        for key in ("path", "from"):
            above = step.get(key, "").rpartition("/")[0]
            if step["op"] in ("add", "remove", "move") and _is_list(document, above):
                found.add(above)
    return found


def _is_list(document: Any, pointer: str) -> bool:
    try:
        return isinstance(look(document, pointer), list)
    except PatchError:
        return False


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")
