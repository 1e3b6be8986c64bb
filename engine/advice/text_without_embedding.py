"""Words as quantities."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import REVIEWS, dense, layer, on, raw_input

_MEANINGLESS = ("Dense", "Flatten", "Reshape", "BatchNormalization", "LayerNormalization")


class TextWithoutEmbedding(Rule):
    """Text arrives as numbers of words in a vocabulary: word 7 is not more than word 3. An
    Embedding first gives every word a vector that is learned.
    """

    severity = "error"
    source = "data"
    sets_off = (
        on(REVIEWS, dense(16), dense(2, "softmax"), data=raw_input("tokens", "review")),
        on(REVIEWS, dense(16), dense(2, "softmax"), data=raw_input("characters", "review")),
    )
    stays_quiet = (
        on(REVIEWS, dense(16), dense(2, "softmax")),
        on(
            REVIEWS,
            layer("Embedding", input_dim=10_000, output_dim=16),
            layer("GlobalAveragePooling1D"),
            dense(2, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Tokens that go into a layer which computes with them as numbers."""
        for line, column, encoding, _ in context.fed():
            if encoding["class_name"] not in ("tokens", "characters"):
                continue
            for taker in context.stack.consumers(line.name):
                if taker.class_name not in _MEANINGLESS:
                    continue
                words = encoding["max_tokens"]
                embedding = {"class_name": "Embedding", "input_dim": words, "output_dim": 64}
                pooling = {"class_name": "GlobalAveragePooling1D"}
                only = taker.class_name == "Dense" and len(context.stack.inputs) == 1
                yield Finding(
                    taker.pointer,
                    f"{taker.name!r} takes the word numbers of {column.name!r} as quantities.",
                    {"column": column.name, "max_tokens": words},
                    context.inserted(taker, embedding, pooling) if only else None,
                    "Embedding",
                )
