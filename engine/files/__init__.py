"""Side files: initial weights and word vectors. One form per file, found by folder.

An uploaded side file is read once, within limits, into our own form: `.npy` files, and the words
of word vectors as lines of text. Nothing else is read afterwards.
"""

from pathlib import Path

from engine.dataset.limits import refusal
from engine.files._base import Form
from lamina.discovery import discover

FORMS = discover("engine.files", Form)  # type: ignore[type-abstract]

_HEAD = 4096


def recognise(path: Path) -> type[Form]:
    """The form of a file, by its content. Raises Fault when it is of none."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise refusal("empty", "The file is empty.")
    for form in FORMS.values():
        if form.recognises(path, head):
            return form
    raise refusal(
        "unknown-format",
        "The file is neither word vectors as text (GloVe or word2vec, plain or gzip) nor arrays"
        " of NumPy (.npy, .npz).",
    )
