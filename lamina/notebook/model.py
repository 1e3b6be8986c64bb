"""A model and a dataset in a notebook."""

from lamina.schemas.dataset import Dataset
from lamina.schemas.model import Model

from .markup import Markup, element, pairs, table

_MOST = 60


def model(found: Model) -> Markup:
    """What it is and the forms that it can be had in."""
    facts = [
        ("id", found.id),
        ("job", found.job),
        ("network", found.architecture),
        ("parameters", (found.parameters or {}).get("total")),
    ]
    files = [(file.format, file.bytes) for file in found.files]
    return element(
        "div",
        element("strong", found.display_name or "model"),
        pairs(facts),
        table(("form", "bytes"), files),
    )


def dataset(found: Dataset) -> Markup:
    """Its columns with their kinds, or why it could not be read."""
    facts = [
        ("id", found.id),
        ("state", found.state),
        ("format", found.format),
        ("rows", found.rows),
        ("failed with", found.error.detail if found.error else None),
    ]
    columns = [(c.name, c.kind, c.missing, c.distinct) for c in (found.columns or [])[:_MOST]]
    left = len(found.columns or []) - len(columns)
    return element(
        "div",
        element("strong", found.name or "dataset"),
        pairs(facts),
        table(("column", "kind", "missing", "distinct"), columns) if columns else None,
        element("p", f"and {left} more columns") if left else None,
    )
