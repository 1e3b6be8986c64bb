"""Text: an Embedding and the average of its vectors, beside the other columns if there are any."""

from engine.dataset.schema import Column

from . import table
from .draft import Draft
from .subject import Subject

_LENGTH = 200


def build(draft: Draft, subject: Subject) -> None:
    """Inputs, encodings and layers for the first text column and the columns beside it."""
    text = subject.of_kind("text")[0]
    others = subject.of_kind("number", "integer", "boolean", "category", "date")
    words = min(20_000, max(1_000, 10 * subject.rows))
    _inputs(draft, text, others, words)
    vector = 16 if subject.rows < table.DEEP_ROWS else 32
    if others:
        draft.layer("Input", name="text")
    draft.layer(
        "Embedding",
        f"Text is preceded by an Embedding, which turns words into vectors; {vector} numbers each"
        f" for {subject.rows:,} texts. mask_zero makes later layers pass over the padding.",
        input_dim=words,
        output_dim=vector,
        mask_zero=True,
    )
    because = "The average of the word vectors learns from few texts; a recurrent layer needs more."
    draft.layer("GlobalAveragePooling1D", because, name="meaning")
    if others:
        draft.layer("Input", name="table")
        because = "The columns beside the text join its summary."
        draft.layer("Concatenate", because, inputs=["meaning", "table"])
    table.hidden(draft, subject, vector + table.width(others))


def _inputs(draft: Draft, text: Column, others: list[Column], words: int) -> None:
    tokens = {"class_name": "tokens", "length": _LENGTH, "max_tokens": words}
    inputs = {"text": {"columns": [text.name], "encoding": tokens}}
    if others:
        inputs["table"] = {"columns": [column.name for column in others]}
    draft.put(
        "data",
        "inputs",
        inputs,
        f"Words become numbers: the {words:,} most frequent ones, the first {_LENGTH} of a text.",
    )
