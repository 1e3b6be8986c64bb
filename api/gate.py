"""The JSON gate: what passes is unambiguous, of bounded size, and survives every later step.

Refused before any schema is asked: other encodings than UTF-8, duplicate keys, NaN and infinities
(also by overflow), integers that JavaScript and many databases would round, lone surrogates and
NUL (PostgreSQL stores neither), and documents too large, too deep or of too many values.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from api.refusal import Refusal, item, shown
from core.settings import Settings

_WIDEST = 2**53
Path = tuple[Any, ...]  # (parent path, key), or () at the root


@dataclass(frozen=True)
class Limits:
    """How large a JSON document may be."""

    size: int
    nodes: int
    depth: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits of this service."""
        return cls(settings.json_bytes, settings.json_nodes, settings.json_depth)


def parse(body: bytes, limits: Limits) -> Any:
    """Read a JSON document. Raises Refusal: 400 unreadable, 413 too large, 422 a bad value."""
    if len(body) > limits.size:
        raise too_large(limits.size)
    if not body.strip():
        raise Refusal("malformed-request", "The body is empty; JSON is expected.")
    document = _decode(body, limits)
    check(document, limits)
    return document


def too_large(size: int) -> Refusal:
    """The refusal of a body that exceeds `size` bytes."""
    return Refusal("too-large", f"The body has more than {size} bytes, the limit of this service.")


def _decode(body: bytes, limits: Limits) -> Any:
    try:
        text = body.decode("utf-8")
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except UnicodeDecodeError as error:
        detail = f"The body is not UTF-8 (byte {error.start})."
        raise Refusal("malformed-request", detail) from None
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise Refusal("malformed-request", detail) from None
    except RecursionError:
        raise _too_deep(limits) from None
    except ValueError:  # Python's own limit on the digits of an integer
        raise Refusal(
            "malformed-request", "The body holds a number with too many digits."
        ) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Refusal("malformed-request", f"The key {shown(twice)} stands twice in one object.")
    return document


def _constant(word: str) -> NoReturn:
    raise Refusal("malformed-request", f"{word} is not JSON; leave the value out or use null.")


def _too_deep(limits: Limits) -> Refusal:
    return Refusal("too-large", f"The body is nested deeper than {limits.depth} levels.")


def check(document: Any, limits: Limits) -> None:
    """Refuse what is too deep, has too many values, or values that cannot be kept."""
    left: list[tuple[Any, Path, int]] = [(document, (), 1)]
    nodes = 0
    while left:
        value, path, depth = left.pop()
        nodes += 1
        if isinstance(value, dict):
            for key in value:
                _check_text(key, path)
            inner = [(part, (path, key), depth + 1) for key, part in value.items()]
        elif isinstance(value, list):
            inner = [(part, (path, place), depth + 1) for place, part in enumerate(value)]
        else:
            _check_scalar(value, path)
            continue
        if inner and depth >= limits.depth:
            raise _too_deep(limits)
        if nodes + len(left) + len(inner) > limits.nodes:
            raise Refusal("too-large", f"The body holds more than {limits.nodes} values.")
        left += inner


def _check_scalar(value: Any, path: Path) -> None:
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _bad(path, "The number is too large for a 64-bit float.")
    elif isinstance(value, int) and not -_WIDEST <= value <= _WIDEST:
        raise _bad(path, "The integer lies outside ±2^53; send it as a string.")


def _check_text(text: str, path: Path) -> None:
    if text.isascii():
        if "\0" in text:
            raise _bad(path, "The text holds a NUL character.")
        return
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise _bad(path, "The text holds a NUL character or half of a surrogate pair.")


def _bad(path: Path, detail: str) -> Refusal:
    keys: list[Any] = []
    while path:
        path, key = path
        keys.append(key)
    found = item(pointer(reversed(keys)), "bad-value", detail)
    return Refusal("invalid-request", "The body holds a value that cannot be kept.", [found])


def pointer(keys: Any) -> str:
    """Keys and indices as a JSON Pointer (RFC 6901)."""
    escaped = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
    text = "".join(f"/{key}" for key in escaped)
    return text.encode("utf-8", "backslashreplace").decode()
