"""What a script is written of, and the functions that it has come to need."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.dataset.windows import Window

HELD_OUT = ("validation", "test")


@dataclass
class Subject:
    """A training: the canonical request, the stack with all that its layers learned from the
    data, what was learned of the columns, the dataset's schema and format.
    """

    request: dict[str, Any]
    stack: dict[str, Any]
    encoder: Encoder
    schema: Schema
    form: str
    functions: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The section `data` of the request."""
        found: dict[str, Any] = self.request["data"]
        return found

    @property
    def fit(self) -> dict[str, Any]:
        """The section `fit` of the request."""
        return {"batch_size": 32, **self.request["fit"]}

    @property
    def seed(self) -> int:
        """The seed of a request without one is 0."""
        return int(self.fit.get("seed") or 0)

    @property
    def window(self) -> Window | None:
        """The window of a training on series."""
        return Window.of_request(self.data)

    @property
    def has_texts(self) -> bool:
        """Whether an Input takes texts as they are."""
        return any(
            encoding.output(column)[1] == "string"
            for feed in self.encoder.feeds.values()
            for column, encoding in zip(feed.columns, feed.encodings, strict=True)
        )

    @property
    def columns(self) -> list[str]:
        """Every column that is looked at."""
        split = self.data.get("split") or {}
        window = self.data.get("window") or {}
        learned = [name for one in self.encoder.targets.values() for name in one.columns]
        more = [split.get("column"), window.get("key"), window.get("order")]
        named = [*self.encoder.columns, *learned, *self.needed, *filter(None, more)]
        return list(dict.fromkeys(named))

    @property
    def needed(self) -> list[str]:
        """The columns without which a row is left out: targets, but for lists of labels, which
        may be empty; and weight.
        """
        present = [one for one in self.encoder.targets.values() if not one.blank]
        targets = [name for one in present for name in one.columns]
        return [*targets, *filter(None, [self.data.get("sample_weight")])]

    def need(self, functions: Iterable[Callable[..., Any]]) -> None:
        """Put the source of these functions into the script, once each, in this order."""
        for function in functions:
            self.put(function.__name__, inspect.getsource(function))

    def put(self, name: str, source: str) -> None:
        """Put a function into the script under this name, once."""
        self.functions.setdefault(name, source + "\n")
