"""Reading a filter: `state = "failed" AND (tags:vision OR NOT metrics.loss.best > 0.5)`.

As AIP-160 (google.aip.dev/160) has it: OR binds tighter than AND, a minus is NOT, fields stand on
the left. Left out are words without a field, functions, and AND for terms side by side.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast

from .error import QueryError

LENGTH = 2000
_TERMS = 20
_NESTING = 20
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
      | (?P<operator><= | >= | != | = | < | > | :)
      | (?P<mark>[()])
      | (?P<word>[^\s()"'=!<>:]+)
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

Operator = Literal["=", "!=", "<", "<=", ">", ">=", ":"]
Value = str | float | bool | None


@dataclass(frozen=True)
class Comparison:
    """A field compared with a value. `quoted` values are texts, whatever they look like."""

    path: tuple[str, ...]
    operator: Operator
    value: Value
    written: str
    quoted: bool


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    term: "Node"


@dataclass(frozen=True)
class All:
    """What must hold together."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    """Of which one must hold."""

    terms: tuple["Node", ...]


Node = Comparison | Not | All | Any


def parse(text: str) -> Node:
    """The tree of a filter. Raises QueryError."""
    if len(text) > LENGTH:
        raise QueryError(f"A filter has at most {LENGTH:,} characters.")
    reader = _Reader(_tokens(text))
    tree = reader.all(0)
    if reader.kind is not None:
        raise QueryError(f"{reader.text!r} was not expected; AND or OR stands between terms.")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise QueryError(f"The filter cannot be read from {text[place : place + 20]!r} on.")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        place = match.end()
    if not found:
        raise QueryError("The filter is empty; leave it out instead.")
    return found


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._place, self._terms = tokens, 0, 0

    @property
    def kind(self) -> str | None:
        """Of the token that comes next; None at the end."""
        return self._tokens[self._place][0] if self._place < len(self._tokens) else None

    @property
    def text(self) -> str:
        """The token that comes next."""
        return self._tokens[self._place][1] if self._place < len(self._tokens) else "the end"

    def all(self, depth: int) -> Node:
        """Terms with AND between them."""
        terms = [self._any(depth)]
        while self._takes("AND"):
            terms.append(self._any(depth))
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _any(self, depth: int) -> Node:
        terms = [self._term(depth)]
        while self._takes("OR"):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def _term(self, depth: int) -> Node:
        if depth > _NESTING:
            raise QueryError(f"Parentheses and NOT nest at most {_NESTING} deep.")
        if self._takes("NOT") or self._takes_minus():
            return Not(self._term(depth + 1))
        if self.kind == "mark" and self.text == "(":
            self._place += 1
            inner = self.all(depth + 1)
            if self.kind != "mark" or self.text != ")":
                raise QueryError("A parenthesis is not closed.")
            self._place += 1
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        self._terms += 1
        if self._terms > _TERMS:
            raise QueryError(f"A filter has at most {_TERMS} terms.")
        if self.kind != "word":
            raise QueryError(f"A field was expected, not {self.text!r}.")
        path = tuple(self._next().split("."))
        if self.kind != "operator":
            raise QueryError(
                f"After {'.'.join(path)!r} comes one of = != < <= > >= and :, not {self.text!r}."
            )
        operator = cast(Operator, self._next())
        if self.kind not in ("word", "text"):
            raise QueryError(f"After {operator!r} comes a value, not {self.text!r}.")
        quoted = self.kind == "text"
        written = self._next()
        if quoted:
            written = re.sub(r"\\(.)", r"\1", written[1:-1])
        return Comparison(path, operator, written if quoted else _value(written), written, quoted)

    def _next(self) -> str:
        text = self.text
        self._place += 1
        return text

    def _takes(self, word: str) -> bool:
        found = self.kind == "word" and self.text == word
        self._place += found
        return found

    def _takes_minus(self) -> bool:
        """A minus before a field, which tokens carry in front of it."""
        if self.kind != "word" or not self.text.startswith("-"):
            return False
        rest = self.text[1:]
        if rest:
            self._tokens[self._place] = ("word", rest)
        else:
            self._place += 1
        return True


def _value(word: str) -> Value:
    if word in ("true", "false"):
        return word == "true"
    if word == "null":
        return None
    return float(word) if _NUMBER.fullmatch(word) else word
