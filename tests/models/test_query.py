"""The language of filters: what is read, how it binds, and what is refused."""

import pytest

from models.job_fields import FIELDS
from models.query import QueryError, condition, parse
from models.query.grammar import All, Any, Comparison, Not


def term(path: str, operator: str, value: object, quoted: bool = False) -> Comparison:
    written = str(value) if not isinstance(value, float) else f"{value:g}"
    return Comparison(tuple(path.split(".")), operator, value, written, quoted)  # type: ignore[arg-type]


def test_or_binds_tighter_than_and() -> None:
    a, b, c = term("state", "=", "a"), term("state", "=", "b"), term("attempt", "<", 3.0)
    assert parse("state = a OR state=b AND attempt<3") == All((Any((a, b)), c))
    assert parse("(state=a AND state=b)OR attempt < 3") == Any((All((a, b)), c))


def test_not_and_minus() -> None:
    a, tag = term("state", "=", "a"), term("tags", ":", "x y", quoted=True)
    assert parse('NOT state=a AND -tags:"x y"') == All((Not(a), Not(tag)))
    assert parse("-(state=a)") == Not(a)


def test_values() -> None:
    assert parse("a = -1.5e3") == Comparison(("a",), "=", -1500.0, "-1.5e3", False)
    assert parse('a = "say \\"no\\""') == term("a", "=", 'say "no"', quoted=True)
    assert parse("a = '1'") == term("a", "=", "1", quoted=True)
    assert parse("a = null").value is None  # type: ignore[union-attr]
    assert parse("a = true").value is True  # type: ignore[union-attr]
    assert parse("a.b-c.d_0 >= 2") == term("a.b-c.d_0", ">=", 2.0)


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "state", "state =", "= a", "state = a b = c", "state = a AND", "(state = a"),
        *("state = a)", "NOT", "state == a", 'state = "a', "state ~ a", "AND state = a", "()"),
        "(" * 500 + "state=a" + ")" * 500,
        "NOT " * 400 + "state=a",
        " AND ".join(["state=a"] * 21),
        "state = " + "a" * 2000,
    ],
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stat = a", "There is no field 'stat'"),
        ("state.x = a", "has nothing within it"),
        ("metrics.loss > 1", "a metric and one of last, best"),
        ("metrics.loss.mean > 1", "not 'mean'"),
        ("parameters > many", "'parameters' is a number"),
        ("parameters : 3", "compared with"),
        ("created_at > yesterday", "'created_at' is a moment"),
        ("created_at > 2026-01-01", "'created_at' is a moment"),
        ("tags > a", "is a list"),
        ("request = a", "a path into the request"),
        ('metadata."; DROP TABLE jobs = a', "cannot be read from"),
        ("request.a'b = 1", "cannot be read from"),
        ("request.{x} = 1", "is no name of a field"),
        ("state < null", "null is compared"),
    ],
)
def test_what_there_is_not(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        condition(parse(text), FIELDS, "sqlite")
