"""The window of a request over its series: whether the data have the columns and the rows."""

from typing import Any

from engine.dataset.schema import Column, Schema
from engine.dataset.windows import Window
from engine.stack import Findings
from engine.stack.pointer import join

from .columns import column_of

_ORDERED = ("date", "number", "integer")


def bind_window(
    data: dict[str, Any], schema: Schema, pointer: str, findings: Findings
) -> Window | None:
    """The canonical window, None when none was asked for.

    Without `order` the only column of dates gives the order, else the rows stay as they are.
    """
    given = data.get("window")
    if not given:
        return None
    place = join(pointer, "window")
    key = _key(given.get("key"), schema, join(place, "key"), findings)
    order = _order(given.get("order"), schema, join(place, "order"), findings)
    known = {name: given[name] for name in ("horizon", "stride") if name in given}
    window = Window(
        int(given["length"]),
        key=key.name if key else None,
        order=order.name if order else None,
        **known,
    )
    longest = schema.rows - ((key.distinct or 1) - 1 if key else 0)
    if longest < window.reach:
        most = longest - window.horizon
        where = join(place, "length")
        fix = [{"op": "replace", "path": where, "value": most}] if most > 0 else None
        detail = (
            f"A sample takes {window.length} rows and one {window.horizon} later; no series has"
            f" more than {longest} rows."
        )
        findings.add(where, "too-few-rows", detail, fix=fix)
    return window


def samples(window: Window, schema: Schema) -> int:
    """How many samples there will be: exact for one series, else as if all were equally long."""
    series = schema.column(window.key).distinct or 1 if window.key else 1
    rows = schema.rows // series
    return max(1, series * max(0, (rows - window.reach) // window.stride + 1))


def canonical(window: Window | None) -> dict[str, Any] | None:
    """The window with every field, as a request holds it."""
    if window is None:
        return None
    names = ("length", "horizon", "stride", "key", "order")
    return {name: getattr(window, name) for name in names}


def _key(name: Any, schema: Schema, place: str, findings: Findings) -> Column | None:
    column = column_of(name, schema, place, findings) if name is not None else None
    if column is not None and (not column.flat or column.kind == "number"):
        detail = f"{column.name!r} is {column.kind}; a key tells series apart by name or number."
        findings.add(place, "bad-value", detail)
        return None
    return column


def _order(name: Any, schema: Schema, place: str, findings: Findings) -> Column | None:
    if name is None:
        dates = [column for column in schema.columns if column.kind == "date"]
        return dates[0] if len(dates) == 1 and not dates[0].missing else None
    column = column_of(name, schema, place, findings)
    if column is not None and (column.kind not in _ORDERED or column.missing):
        why = f"has {column.missing} missing values" if column.missing else f"is {column.kind}"
        detail = f"{column.name!r} {why}; an order needs dates or numbers in every row."
        findings.add(place, "bad-value", detail)
        return None
    return column
