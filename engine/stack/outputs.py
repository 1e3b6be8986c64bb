"""The outputs of a stack: those that it names, else the layers that nobody consumes."""

from typing import Any

from .findings import Findings
from .pointer import join
from .references import Scope, resolve
from .stack import Stack, references


def read_outputs(given: Any, stack: Stack, scope: Scope, findings: Findings) -> None:
    """Settle the outputs: those that are given, else the loose ends."""
    names = [line.name for line in stack.lines]
    stack.outputs = []
    if given is None:
        stack.outputs = _ends(stack)
    else:
        _name_outputs(resolve(given, scope) if scope else given, stack, names, findings)
    if findings.items:
        return
    if not stack.outputs:
        findings.add(stack.layers_pointer, "empty-stack", "The stack has no layer after its Input.")
    else:
        _check_reached(stack, findings)


def _name_outputs(given: Any, stack: Stack, names: list[str], findings: Findings) -> None:
    place = join(stack.pointer, "outputs")
    members = [given] if isinstance(given, str) else given
    if not isinstance(members, list) or not members:
        findings.add(place, "bad-type", "'outputs' must be a list of layer names.")
        return
    for index, name in enumerate(members):
        if name in names and name not in stack.outputs:
            stack.outputs.append(name)
        else:
            where = place if isinstance(given, str) else join(place, index)
            _bad_output(name, where, names, findings)


def _bad_output(name: Any, where: str, names: list[str], findings: Findings) -> None:
    if name in names:
        findings.add(where, "duplicate-name", f"The output {name!r} is listed twice.")
    else:
        close = findings.suggest(name, names) if isinstance(name, str) else []
        findings.add(where, "unknown-output", f"No layer is called {str(name)[:100]!r}.", close)


def _ends(stack: Stack) -> list[str]:
    """The layers that nobody consumes, in order."""
    used = {ref.layer for line in stack.lines for ref in references(line)}
    return [line.name for line in stack.lines if line.name not in used and not line.is_input]


def _check_reached(stack: Stack, findings: Findings) -> None:
    """Every layer must have a way to an output: a network would leave the others out."""
    reached = set(stack.outputs)
    for line in reversed(stack.lines):
        if line.name in reached:
            reached |= {ref.layer for ref in references(line)}
    for line in stack.lines:
        if line.name not in reached:
            detail = f"Nothing leads from {line.name!r} to an output."
            findings.add(line.pointer, "bad-value", detail)
