"""Padding read as words."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import REVIEWS, dense, layer, on
from ._kinds import DROPOUTS, RECURRENT
from ._sent import set_argument

_WORDS = {"input_dim": 10_000, "output_dim": 16}


class MaskZero(Rule):
    """Short texts are filled up with zeros at the end. Without `mask_zero` a recurrent layer
    reads them as words and forgets the text before it has to answer.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(
            REVIEWS,
            layer("Embedding", **_WORDS),
            layer("LSTM", units=8),
            dense(2, "softmax"),
        ),
    )
    stays_quiet = (
        on(
            REVIEWS,
            layer("Embedding", **_WORDS, mask_zero=True),
            layer("LSTM", units=8),
            dense(2, "softmax"),
        ),
        on(
            REVIEWS,
            layer("Embedding", **_WORDS),
            layer("GlobalMaxPooling1D"),
            dense(2, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An Embedding of tokens, without mask, that a recurrent layer takes."""
        padded = {
            line.name
            for line, _, encoding, _ in context.fed()
            if encoding["class_name"] in ("tokens", "characters")
        }
        for line in context.lines("Embedding"):
            source, taker = context.before(line), context.past(line, DROPOUTS)
            if source is None or source.name not in padded or context.value(line, "mask_zero"):
                continue
            core = context.core(taker) if taker is not None else None
            if core is not None and core.entry.name in RECURRENT:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} does not mask the padding before {taker.name!r}."
                    if taker
                    else "",
                    {"feeds": taker.name if taker else None},
                    set_argument(line, mask_zero=True),
                    "Embedding",
                )
