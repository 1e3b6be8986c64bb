"""`lamina validate --fix`: check, apply what the report proposes, check again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamina.fixing import apply_fixes

from . import screen, words

if TYPE_CHECKING:
    from lamina.client import ProblemError
    from lamina.schemas.plan import Plan

_ROUNDS = 50


class Fixed:
    """The body after all fixes; `plan` of it, or the `refusal` that is left."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.changes: list[str] = []
        self.plan: Plan | None = None
        self.refusal: ProblemError | None = None

    def result(self) -> "Plan":
        """The plan. Raises the refusal that no fix was for."""
        if self.refusal is not None:
            raise self.refusal
        if self.plan is None:
            raise RuntimeError("nothing was checked yet")
        return self.plan


def fix(body: dict[str, Any], check: Callable[[dict[str, Any]], "Plan"]) -> Fixed:
    """Check the body and apply the fixes of the report, until none is left or none applies.

    A body seen before ends it as well, should two fixes ever undo each other.
    """
    fixed, seen = Fixed(body), set()
    for _ in range(_ROUNDS):
        findings = list(_findings(fixed, check))
        seen.add(json.dumps(fixed.body, sort_keys=True))
        changed, taken = apply_fixes(fixed.body, [finding[2] for finding in findings])
        if not taken or json.dumps(changed, sort_keys=True) in seen:
            break
        fixed.body = changed
        fixed.changes += [f"{findings[i][0]}: {findings[i][1]}" for i in taken]
    return fixed


def _findings(
    fixed: Fixed, check: Callable[[dict[str, Any]], "Plan"]
) -> Iterator[tuple[str, str, Any]]:
    """Pointer, text and fix of all that a report holds, be it a plan or a refusal."""
    from lamina.client import ProblemError

    fixed.plan, fixed.refusal = None, None
    try:
        fixed.plan = check(fixed.body)
    except ProblemError as error:
        if error.status != 422:
            raise
        fixed.refusal = error
        for item in error.problem.errors:
            yield item.pointer, item.detail, item.fix
        return
    for advice in fixed.plan.advice:
        yield advice.pointer, f"{advice.detail} [{advice.rule}]", advice.fix


def write(fixed: Fixed, file: Path, output: Path | None) -> None:
    """Say what was changed, and write the document where it is wanted.

    A file that held a stack alone gets a stack, unless more than the stack belongs to it now.
    """
    for change in fixed.changes:
        screen.note(words.clean(f"fixed {change}"))
    target = output or file
    if not fixed.changes and output is None:
        screen.note("nothing to fix")
        return
    content = fixed.body if set(fixed.body) != {"stack"} else fixed.body["stack"]
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if str(target) == "-":
        print(text, end="")
        return
    target.write_text(text, "utf-8")
    screen.note(f"wrote {target}")
