"""Reading an object of ours: a name, or `{"class_name": name, arguments}`."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.catalog import suggestions
from engine.stack import Findings
from engine.stack.pointer import join

Described = TypeVar("Described", bound=BaseModel)
_MOST_TEXT = 100


def read_described(
    given: Any,
    known: Mapping[str, type[Described]],
    pointer: str,
    findings: Findings,
    what: str = "encoding",
) -> Described | None:
    """The object that a value describes; None after noting every mistake where it stands."""
    found = _form(given, pointer, findings, what)
    if found is None:
        return None
    name, arguments, place, base = found
    if name not in known:
        close = suggestions(name, list(known))
        fix = [{"op": "replace", "path": place, "value": close[0]}] if close else None
        detail = f"There is no {what} {name[:_MOST_TEXT]!r}; there are {', '.join(known)}."
        findings.add(place, "bad-encoding", detail, close, fix)
        return None
    try:
        return known[name].model_validate(arguments)
    except ValidationError as error:
        _note(error, known[name], name, arguments, base, findings)
        return None


def _form(
    given: Any, pointer: str, findings: Findings, what: str
) -> tuple[str, dict[str, Any], str, str] | None:
    """Name, arguments, where the name stands, where the arguments stand."""
    if isinstance(given, str):
        return given, {}, pointer, pointer
    if not isinstance(given, dict):
        detail = f"The name of an {what} or an object with 'class_name' belongs here."
        findings.add(pointer, "bad-type", detail)
        return None
    name, place = given.get("class_name"), join(pointer, "class_name")
    if not isinstance(name, str):
        code = "missing-field" if name is None else "bad-type"
        findings.add(place, code, f"'class_name' must name an {what}.")
        return None
    beside = {key: value for key, value in given.items() if key not in ("class_name", "config")}
    config = given.get("config")
    if config is None:
        return name, beside, place, pointer
    if not isinstance(config, dict) or beside:
        code = "mixed-forms" if beside else "bad-type"
        detail = "Arguments stand beside 'class_name' or as an object under 'config', not both."
        findings.add(pointer if beside else join(pointer, "config"), code, detail)
        return None
    return name, config, place, join(pointer, "config")


def _note(
    error: ValidationError,
    cls: type[BaseModel],
    name: str,
    arguments: dict[str, Any],
    base: str,
    findings: Findings,
) -> None:
    """One item for each place: a value that several types refuse is wrong once."""
    wrong: dict[tuple[Any, ...], list[Any]] = {}
    for one in error.errors(include_url=False):
        wrong.setdefault(_within(one["loc"], arguments, one["type"]), []).append(one)
    fields = list(cls.model_fields)
    for loc, errors in wrong.items():
        place, first = join(base, *loc), errors[0]
        if first["type"] == "extra_forbidden":
            argument = str(loc[-1])
            close = findings.suggest(argument, fields)
            fix = None
            if close and close[0] not in arguments:
                fix = [{"op": "move", "from": place, "path": join(base, close[0])}]
            takes = ", ".join(fields) or "none"
            detail = f"{name!r} has no argument {argument[:_MOST_TEXT]!r}; it has {takes}."
            findings.add(place, "unknown-argument", detail, close, fix)
        elif first["type"] == "missing":
            detail = f"{name!r} needs {str(first['loc'][-1])!r}."
            findings.add(base, "missing-argument", detail)
        else:
            _refused(name, loc, place, errors, findings)


def _within(loc: tuple[Any, ...], arguments: Any, kind: str) -> tuple[Any, ...]:
    """The part of a location that leads to a value: pydantic adds which type was tried."""
    if kind in ("missing", "extra_forbidden"):
        return loc
    found: list[Any] = []
    value = arguments
    for step in loc:
        inside = (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if not inside:
            break
        found.append(step)
        value = value[step]
    return tuple(found)


def _refused(
    name: str, loc: tuple[Any, ...], place: str, errors: list[Any], findings: Findings
) -> None:
    said = [re.sub(r"^(Value error, |Input should be )", "", one["msg"]) for one in errors]
    said = [text for text in dict.fromkeys(said) if text != "None"]
    own = any(one["type"] == "value_error" for one in errors)
    received = repr(errors[0]["input"])[:_MOST_TEXT] if loc else ""
    detail = (
        f"{name!r}: {' or '.join(said)}."
        if own
        else (
            f"{str(loc[-1]) if loc else name!r} must be {' or '.join(said)}; received {received}."
        )
    )
    types = all(one["type"].endswith("_type") for one in errors)
    given, close = errors[0]["input"], []
    if isinstance(given, str):
        words = [word for one in errors for word in re.findall(r"'([^']+)'", one["msg"])]
        close = findings.suggest(given, words)
    fix = [{"op": "replace", "path": place, "value": close[0]}] if close else None
    findings.add(place, "bad-type" if types else "bad-value", detail, close, fix)
