"""How steps are executed: `jit_compile` and `steps_per_execution` of `compile`."""

from typing import Any

from engine.stack import Findings
from engine.stack.pointer import join

FIELDS = ("jit_compile", "steps_per_execution")
_MOST_STEPS = 100_000


def read_execution(given: dict[str, Any], pointer: str, findings: Findings) -> dict[str, Any]:
    """Both settings, `auto` where they are left out: then the training measures and chooses."""
    found = {name: given.get(name, "auto") for name in FIELDS}
    jit, steps = found["jit_compile"], found["steps_per_execution"]
    if jit != "auto" and not isinstance(jit, bool):
        detail = "'jit_compile' is true, false or \"auto\"."
        findings.add(join(pointer, "jit_compile"), "bad-value", detail)
    whole = isinstance(steps, int) and not isinstance(steps, bool)
    if steps != "auto" and not (whole and 1 <= steps <= _MOST_STEPS):
        detail = f"'steps_per_execution' is a whole number from 1 to {_MOST_STEPS:,} or \"auto\"."
        findings.add(join(pointer, "steps_per_execution"), "bad-value", detail)
    return found
