"""Stacks inside a stack, laid out flat before the layers are read.

A layer of the list may itself be a stack, a block: `{"layers": [...]}` with `name`, `repeat`,
`inputs` and `outputs` if wanted. Its layers take its place as `block.layer`, or `block.1.layer`,
`block.2.layer` … when repeated, each repetition fed by the one before. An Input inside it stands
for what feeds the block. `{"shared": "block"}` lays it out again with the same weights.
"""

from collections import ChainMap
from dataclasses import dataclass
from typing import Any

from engine.catalog.operations import PREFIX

from .block import is_block, outputs, repetitions, unknown
from .findings import Findings
from .layers import Names, given_name
from .line import snake
from .pointer import join
from .references import LINKS, Scope, listed, resolve, resolve_call, sharing

Member = tuple[Any, str]
_INPUTS = ("Input", "InputLayer")


class _TooLargeError(Exception):
    """More layers than a stack may have."""


def expand(
    members: list[Member], names: Names, most: int, findings: Findings
) -> tuple[list[Member], Scope]:
    """The layers without blocks, and what the names of the stack mean among them.

    What is wrong with blocks is noted. A plain stack stays as it is.
    """
    scope: Scope = ChainMap()
    if not any(is_block(value) for value, _ in members):
        return members, scope
    layout = _Layout(names, most, findings)
    try:
        layout.lay(members, _Around("", scope, 0), None)
    except _TooLargeError:
        detail = f"A stack may have {most} layers, those of repeated blocks included."
        findings.add(members[0][1].rpartition("/")[0], "too-large", detail)
        return [], scope
    return layout.lines, scope


@dataclass
class _Block:
    """A block that was laid out: as sent, the lines that it became, what it gives."""

    value: dict[str, Any]
    pointer: str
    lines: list[Member]
    results: list[Any]


@dataclass(frozen=True)
class _Around:
    """What stands around a member: the prefix of names, what they mean, how deep it is."""

    prefix: str
    scope: Scope
    depth: int


class _Layout:
    """Lays members out, counting each step so that no document makes it work for long."""

    def __init__(self, names: Names, most: int, findings: Findings) -> None:
        self.names, self.most, self.findings = names, most, findings
        self.lines: list[Member] = []
        self._blocks: dict[int, _Block] = {}
        self._steps = 0
        self._links = 0

    def _step(self) -> None:
        self._steps += 1
        steps, links = self._steps > 8 * self.most, self._links > LINKS
        if steps or links or len(self.lines) > self.most:
            raise _TooLargeError

    def lay(self, members: list[Member], around: _Around, feed: list[Any] | None) -> list[Any]:
        """Add the lines of these members; what the last of them gives."""
        above = feed
        stems: dict[str, int] = {}
        waiting = list(feed or [])
        for value, pointer in members:
            self._step()
            if not isinstance(value, dict):
                self.lines.append((value, pointer))
                continue
            inputs = value.get("inputs")
            self._links += len(inputs) if isinstance(inputs, list) else 1
            self._step()
            taken = above if inputs is None else listed(resolve(inputs, around.scope))
            if is_block(value):
                above = self._block(value, pointer, around, taken)
            elif isinstance(around.scope.get(str(value.get("shared"))), list):
                above = self._again(value, pointer, around, taken)
            elif around.depth and value.get("class_name") in _INPUTS:
                above = self._entry(value, pointer, around.scope, waiting)
            else:
                above = self._line(value, pointer, around, above, stems)
        return above or []

    def _entry(
        self, value: dict[str, Any], pointer: str, scope: Scope, waiting: list[Any]
    ) -> list[Any] | None:
        """An Input of a block: another name for what feeds it."""
        if not waiting:
            detail = "Nothing feeds this Input of a block; name more layers in its 'inputs'."
            self.findings.add(pointer, "unknown-input", detail)
            return None
        fed = [waiting.pop(0)]
        name = given_name(value)
        if isinstance(name, str):
            scope[name] = fed
        return fed

    def _line(
        self,
        value: dict[str, Any],
        pointer: str,
        around: _Around,
        above: list[Any] | None,
        stems: dict[str, int],
    ) -> list[Any]:
        prefix, scope = around.prefix, around.scope
        given = given_name(value)
        name = given if given is not None else self._stem(value, prefix, stems)
        flat = f"{prefix}{name}" if isinstance(name, str) else name
        line = {**value, "name": flat}
        last = self.lines[-1][0] if self.lines else None
        if value.get("inputs") is not None:
            line["inputs"] = resolve(value["inputs"], scope)
        elif above and not (isinstance(last, dict) and above == [last.get("name")]):
            line["inputs"] = above[0] if len(above) == 1 else above
        if isinstance(value.get("kwargs"), dict):
            kwargs = value["kwargs"].items()
            line["kwargs"] = {key: resolve_call(member, scope) for key, member in kwargs}
        if isinstance(value.get("shared"), str):
            line["shared"] = scope.get(value["shared"], value["shared"])
        if isinstance(name, str):
            scope[name] = flat
        self.lines.append((line, pointer))
        return [flat]

    def _stem(self, value: dict[str, Any], prefix: str, stems: dict[str, int]) -> str:
        """A name for an unnamed layer: of the whole stack, or within its block."""
        class_name = value.get("class_name", value.get("shared"))
        plain = str(class_name).removeprefix(PREFIX)[:64]
        stem = snake(plain) if plain.isalnum() else "layer"
        if class_name in _INPUTS:
            stem = "input"
        if not prefix:
            return self.names.fresh(stem)
        stems[stem] = stems.get(stem, -1) + 1
        return f"{stem}_{stems[stem]}" if stems[stem] else stem

    def _block(
        self, value: dict[str, Any], pointer: str, around: _Around, feed: list[Any] | None
    ) -> list[Any] | None:
        """Lay a block out as often as it says; its outputs."""
        if around.depth >= self.findings.nesting:
            detail = f"Stacks may be nested {self.findings.nesting} deep."
            self.findings.add(pointer, "too-large", detail)
            return feed
        scope = around.scope
        repeat = repetitions(value, pointer, self.names.pattern, self.findings)
        given = value.get("name")
        name = given if isinstance(given, str) else self.names.fresh("block")
        if given is not None and name in scope.maps[0]:
            detail = f"Another layer is called {name[:100]!r} already."
            self.findings.add(join(pointer, "name"), "duplicate-name", detail)
        if not repeat:
            return feed
        start, place = len(self.lines), join(pointer, "layers")
        members = [(layer, join(place, index)) for index, layer in enumerate(value["layers"])]
        for count in range(1, repeat + 1):
            self._step()
            number = "" if repeat == 1 else f"{count}."
            inside = f"{around.prefix}{name}.{number}"
            inner = _Around(inside, scope.new_child(), around.depth + 1)
            last = self.lay(members, inner, feed)
            feed = outputs(value, pointer, inner.scope, last, self.most, self.findings)
        results = list(feed or [])
        scope[name] = results
        self._blocks[id(results)] = _Block(value, pointer, self.lines[start:], results)
        return feed

    def _again(
        self, value: dict[str, Any], pointer: str, around: _Around, feed: list[Any] | None
    ) -> list[Any] | None:
        """Lay out a block once more; its layers are those of the first time."""
        block = self._blocks.get(id(around.scope[value["shared"]]))
        if block is None:
            detail = "An Input of a block is no layer that could be shared."
            self.findings.add(join(pointer, "shared"), "bad-value", detail)
            return feed
        for key in value:
            if key not in ("shared", "name", "inputs"):
                unknown(key, pointer, ["shared", "name", "inputs"], self.findings)
        start = len(self.lines)
        given = {"name": value["name"]} if value.get("name") is not None else {}
        again = {key: member for key, member in block.value.items() if key != "name"} | given
        results = self._block(again, block.pointer, around, feed)
        for place, (first, _) in zip(range(start, len(self.lines)), block.lines, strict=False):
            line = self.lines[place][0]
            if isinstance(line, dict) and isinstance(first, dict):
                self.lines[place] = (sharing(line, first), pointer)
        return results
