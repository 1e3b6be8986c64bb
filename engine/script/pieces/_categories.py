"""What the pieces of categories share."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, as_text
from engine.encodings._categories import Categorical


def places(
    values: Values, categories: list[str], unseen: list[str], other: int, absent: int
) -> Values:
    """int64[rows]: the place of each category; `other` of unknown ones, `absent` of missing."""
    place: dict[str | None, int] = {text: number for number, text in enumerate(categories)}
    place.update(dict.fromkeys(unseen, other))
    place[None] = absent
    return np.array([place.get(text, other) for text in as_text(values)], np.int64)


def learned(encoding: Categorical) -> dict[str, Any]:
    """The arguments of `places`."""
    state = encoding.state()
    kept, shared = state["size"], state["shared"]
    return {
        "categories": state["categories"],
        "unseen": state["unseen"],
        "other": kept if shared else -1,
        "absent": kept + shared if encoding.missing == "category" else -1,
    }
