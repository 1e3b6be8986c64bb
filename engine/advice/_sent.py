"""The body as it was sent, and JSON Patches (RFC 6902) that apply to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.stack import Stack
from engine.stack.line import Line
from engine.stack.pointer import join

Patch = list[dict[str, Any]]


@dataclass(frozen=True)
class Sent:
    """The sections of a body (those left out are None) and the pointer of each."""

    sections: Mapping[str, Any]
    pointers: Mapping[str, str]

    def section(self, name: str) -> dict[str, Any]:
        """A section that is an object, empty when it was left out."""
        found = self.sections.get(name)
        return found if isinstance(found, dict) else {}

    def place(self, section: str, *parts: str | int) -> str:
        """The pointer of something in a section."""
        return join(self.pointers[section], *parts)

    def look(self, pointer: str) -> Any:
        """What was sent at a pointer, None when there is nothing."""
        section = self._section(pointer)
        if section is None:
            return None
        found = self.sections.get(section)
        rest = pointer[len(self.pointers[section]) :]
        for part in rest.split("/")[1:]:
            found = _member(found, part.replace("~1", "/").replace("~0", "~"))
        return found

    def assign(self, base: str, name: str, value: Any) -> Patch:
        """Give the object at `base` a member.

        An object that is only a name (`"adam"`) is written out, one in Keras's form gets it in
        its `config`, and one that was left out is made.
        """
        sent = self.look(base)
        if isinstance(sent, dict):
            inside = isinstance(sent.get("config"), dict) and "class_name" in sent
            return [{"op": "add", "path": join(base, *(["config"] * inside), name), "value": value}]
        if isinstance(sent, str):
            written = {"class_name": sent, name: value}
            return [{"op": "replace", "path": base, "value": written}]
        parent, _, own = base.rpartition("/")
        made = {name: value}
        if base in self.pointers.values() or self.look(parent) is not None:
            return [{"op": "add", "path": base, "value": made}]
        return self.assign(parent, own, made)

    def append(self, section: str, value: Any) -> Patch:
        """Put a value at the end of a section that is a list."""
        if self.sections.get(section) is None:
            return [{"op": "add", "path": self.pointers[section], "value": [value]}]
        return [{"op": "add", "path": self.place(section, "-"), "value": value}]

    def _section(self, pointer: str) -> str | None:
        for name, own in self.pointers.items():
            if pointer == own or pointer.startswith(own + "/"):
                return name
        return None


def _member(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return None


def set_argument(line: Line, **values: Any) -> Patch:
    """Give a layer other arguments."""
    base = line.spec.base if line.spec else line.pointer
    return [
        {"op": "add", "path": join(base, name), "value": value} for name, value in values.items()
    ]


def rename(line: Line, class_name: str) -> Patch:
    """Make a layer one of another class, its arguments kept."""
    path = join(line.pointer, "class_name")
    return [{"op": "replace", "path": path, "value": class_name}]


def removal(line: Line, stack: Stack, sent: Sent) -> Patch | None:
    """Leave a layer out; None where others refer to it, or may come to mean another one."""
    takers = stack.consumers(line.name)
    plain = not line.explicit and not any(taker.explicit or taker.kwargs for taker in takers)
    named = line.name in stack.outputs and (
        "outputs" in sent.section("stack") or isinstance(sent.section("data").get("target"), dict)
    )
    if line.made or not plain or len(takers) > 1 or named or not _free(line.class_name, stack):
        return None
    return [{"op": "remove", "path": line.pointer}]


def insertion(line: Line, stack: Stack, *layers: dict[str, Any]) -> Patch | None:
    """Put layers between a layer and the one above it; None where it names its inputs."""
    if line.explicit or line.made or line.is_input:
        return None
    if not all(_free(layer["class_name"], stack) for layer in layers):
        return None
    return [{"op": "add", "path": line.pointer, "value": layer} for layer in reversed(layers)]


def _free(class_name: str, stack: Stack) -> bool:
    """Whether no reference by name can come to mean another layer of the class."""
    if not any(line.explicit or line.kwargs for line in stack.lines):
        return True
    return not any(line.class_name == class_name for line in stack.lines)
