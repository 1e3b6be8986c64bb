"""Bodies that no client should send: a corpus for every operation that takes JSON."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Body:
    """What is sent, and how it must be answered; `pointer` is where the fault is, if it has one."""

    content: bytes
    statuses: tuple[int, ...]
    pointer: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def _nested(text: str, times: int) -> bytes:
    opening, _, closing = text.partition("1")
    return (opening * times + "1" + closing * times).encode()


UNREADABLE = {
    "empty": b"",
    "spaces": b" \n\t ",
    "half an object": b'{"a":',
    "half a text": b'{"a":"',
    "a comment": b'{"a":1/*x*/}',
    "a comma too many": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "two documents": b"{}{}",
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":[Infinity]}',
    "minus Infinity": b'{"a":-Infinity}',
    "hexadecimal": b'{"a":0x10}',
    "a leading zero": b'{"a":01}',
    "a plus": b'{"a":+1}',
    "a point alone": b'{"a":.5}',
    "a number of 5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "a key twice": b'{"a":1,"a":2}',
    "a key twice, spelled otherwise": b'{"a":1,"\\u0061":2}',
    "a key twice within": b'{"a":[{"b":1,"b":1}]}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-32": '{"a":1}'.encode("utf-32-le"),
    "Latin-1": '{"a":"é"}'.encode("latin-1"),
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "a NUL byte": b'{"a":"\x00"}',
    "a line break in a text": b'{"a":"\n"}',
    "a bad escape": b'{"a":"\\x41"}',
    "half an escape": b'{"a":"\\u00"}',
    "a pickle": b"\x80\x04\x95\x00.",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "YAML": b"a: !!python/object/apply:os.system [id]",
}
TOO_LARGE = {
    "10,000 lists in lists": _nested("[1]", 10_000),
    "100,000 lists in lists": _nested("[1]", 100_000),
    "100,000 objects in objects": _nested('{"a":1}', 100_000),
    "lists that never end": b"[" * 100_000,
    "65 levels": b'{"a":' + _nested("[1]", 64) + b"}",
    "5,000 values": b'{"a":[' + b"0," * 5000 + b"0]}",
    "2 MiB": b'{"a":"' + b"x" * 2**21 + b'"}',
}
FORBIDDEN_VALUES = {
    "a float beyond all": (b'{"a":[1,1e999]}', "/a/1"),
    "a negative float beyond all": (b'{"a":-1e999}', "/a"),
    "an integer beyond 2^53": (b'{"a":9007199254740993}', "/a"),
    "400 digits": (b'{"a":{"b":1' + b"0" * 400 + b"}}", "/a/b"),
    "half a surrogate pair": (b'{"a":"\\ud800"}', "/a"),
    "a pair the wrong way round": (b'{"a":["\\udc00\\ud800"]}', "/a/0"),
    "half a surrogate in a key": (b'{"a":{"\\udfff":1}}', "/a"),
    "NUL": (b'{"a":"x\\u0000"}', "/a"),
    "NUL in a key": (b'{"a":{"\\u0000":1}}', "/a"),
    "NUL below a key to be escaped": (b'{"~/":"\\u0000"}', "/~0~1"),
}
CODED = {
    "gzip": gzip.compress(b" " * 10_000_000),
    "br": b"\x0b\x02\x80{}\x03",
    "deflate, gzip": b"x",
}
OTHER_TYPES = ("text/plain", "application/x-yaml", "application/xml", "application/jsonx", "", "/")
STRANGE = {
    "a long key": {"k" * 100_000: 1},
    "an empty key": {"": 1},
    "a prototype": {"__proto__": {"admin": True}, "constructor": {"prototype": {}}},
    "a class": {"__class__": "os", "class_name": "os.system", "py/object": "os.system"},
    "a path": {"../../etc/passwd": "../../etc/passwd"},
    "a template": {"template": "{{7*7}}${jndi:ldap://x}<script>alert(1)</script>' OR 1=1 --"},
    "directions": {"\u202ename\u2066": "\ufeff\u200b\U000e0001"},
    "an astral key": {"\U0001f600" * 1000: "\U0010ffff"},
    "many keys": {f"k{number}": number for number in range(2000)},
}
"""Sound JSON that no schema here allows."""
OTHER_SHAPES = (
    b"null",
    b"true",
    b"0",
    b"-0",
    b"-0.0",
    b"1e-400",
    b'"text"',
    b"[]",
    b"[[[]]]",
    b"[null]",
)


def corpus() -> dict[str, Body]:
    """All of them by name."""
    bodies = {name: Body(content, (400,)) for name, content in UNREADABLE.items()}
    bodies |= {name: Body(content, (413,)) for name, content in TOO_LARGE.items()}
    bodies |= {
        name: Body(content, (422,), pointer)
        for name, (content, pointer) in FORBIDDEN_VALUES.items()
    }
    for name, content in CODED.items():
        bodies[name] = Body(content, (415,), headers={"content-encoding": name})
    return bodies


VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**53, -(2**53), 1e308, 5e-324, 0.5, "", " ", "\u202e\U0001f600"),
    *(
        "x" * 100_000,
        "../../etc/passwd",
        "1e999",
        "NaN",
        [],
        {},
        [[]],
        [None],
        {"": {}},
        {"a": "b"},
    ),
)
"""What stands in the place of each value of a sound body."""


def places(document: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values of a document."""
    inner: Any = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    return [here, *(place for key, value in inner for place in places(value, (*here, key)))]


def replaced(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The document with another value at this place."""
    if not place:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[place[0]] = replaced(copy[place[0]], place[1:], value)
    return copy


def resolves(document: Any, pointer: str) -> bool:
    """Whether all but the last part of a JSON Pointer leads somewhere in the document."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in parts[:-1]:
        if isinstance(document, list) and part.isdigit() and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict) and part in document:
            document = document[part]
        else:
            return False
    return True


def encoded(document: Any) -> bytes:
    """As a client would send it."""
    return json.dumps(document).encode()
