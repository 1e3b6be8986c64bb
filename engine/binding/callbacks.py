"""Callbacks of a request: those of Keras that need no file, address or code."""

from typing import Any

from engine.catalog import suggestions
from engine.stack import Findings, Spec, read_object
from engine.stack.objects import create
from engine.stack.pointer import join

from .rates import check_scheduler


def read_callbacks(
    given: list[Any],
    pointer: str,
    keys: list[str],
    validated: bool,
    optimizer: Spec | None,
    findings: Findings,
) -> list[dict[str, Any]]:
    """Canonical callbacks. `keys` are the log keys of the training part, which they may watch."""
    watchable = watchable_keys(keys)
    found = []
    for index, value in enumerate(given):
        place = join(pointer, index)
        spec = read_object("callbacks", value, place, findings)
        if spec is None or create(spec, findings) is None:
            continue
        canonical = spec.to_json(full=True)
        if "monitor" in canonical:
            where = join(spec.base, "monitor")
            check_monitor(canonical["monitor"], where, watchable, validated, findings)
        if spec.entry.name == "LearningRateScheduler" and optimizer is not None:
            check_scheduler(spec, optimizer, findings)
        if spec.entry.name == "SwapEMAWeights" and optimizer is not None:
            _check_average(place, optimizer, findings)
        found.append(canonical)
    return found


def watchable_keys(keys: list[str]) -> list[str]:
    """The log keys of the training part and those of the validation part."""
    return keys + [f"val_{key}" for key in keys]


def check_monitor(
    name: Any, pointer: str, watchable: list[str], validated: bool, findings: Findings
) -> None:
    """Note a metric that is watched and that the training will not log."""
    if name not in watchable:
        close = suggestions(str(name), watchable)
        detail = f"Nothing called {str(name)[:100]!r} is logged; there are {', '.join(watchable)}."
        findings.add(pointer, "bad-value", detail, close)
    elif str(name).startswith("val_") and not validated:
        detail = f"{name!r} needs a validation part, and there is none."
        fix = [{"op": "add", "path": pointer, "value": str(name)[len("val_") :]}]
        findings.add(pointer, "bad-value", detail, fix=fix)


def _check_average(pointer: str, optimizer: Spec, findings: Findings) -> None:
    if not optimizer.arguments.get("use_ema"):
        detail = "SwapEMAWeights needs an optimizer with 'use_ema' true."
        findings.add(pointer, "bad-value", detail)
