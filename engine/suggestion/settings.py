"""How the suggested network is trained: split, loss, optimizer, epochs, callbacks."""

from . import array
from .draft import Draft
from .subject import Subject

_FEW_ROWS = 100
_SMALL, _LARGE = 1_000, 20_000
_IMBALANCE = 3


def settle(draft: Draft, subject: Subject, *, windowed: bool = False) -> None:
    """Fill in `data.split`, `compile`, `fit` and `callbacks`."""
    _split(draft, subject, windowed)
    _compile(draft, subject, windowed or array.is_series(subject))
    _fit(draft, subject, windowed or array.is_series(subject))
    _stop_early(draft)


def _split(draft: Draft, subject: Subject, windowed: bool) -> None:
    if any(draft.body["data"].get(name) for name in ("split", "validation", "test")):
        return
    if windowed:
        because = "The past is trained on and the future held out, as it will be in use; the"
        because += " validation part decides when to stop, the test part comes last."
        draft.put("data", "split", {"by": "time", "validation": 0.15, "test": 0.15}, because)
        return
    by = "random" if subject.kind == "number" else "stratified"
    way = "by chance" if by == "random" else "with every class in its proportion"
    if subject.rows < _FEW_ROWS:
        split = {"by": by, "validation": 0.25}
        because = f"With {subject.rows} rows one held-out part is all they allow, drawn {way}."
    else:
        split = {"by": by, "validation": 0.15, "test": 0.15}
        because = "The validation part decides when to stop, so the result is measured on another,"
        because += f" drawn {way}."
    draft.put("data", "split", split, because)


def _compile(draft: Draft, subject: Subject, recurrent: bool) -> None:
    if recurrent:
        rate = 0.01 if subject.rows < _SMALL else 0.001
        optimizer = {"class_name": "RMSprop", "learning_rate": rate}
        because = "Recurrent layers generally pair with RMSprop."
    else:
        rate = 0.01 if subject.rows < _SMALL and not subject.of_kind("image") else 0.001
        optimizer = {"class_name": "Adam", "learning_rate": rate}
        because = "Adam needs little tuning"
        because += "; few rows make few steps, so they may be larger." if rate == 0.01 else "."
    draft.put("compile", "optimizer", optimizer, because)
    losses = {
        "classes": ("sparse_categorical_crossentropy", "The loss for one class out of several."),
        "two": ("binary_crossentropy", "The loss for a probability of yes or no."),
        "number": ("mean_squared_error", "The usual loss for numbers."),
    }
    draft.put("compile", "loss", *losses[subject.kind])
    if subject.kind == "number":
        because = "The mean absolute error is in the target's unit."
        draft.put("compile", "metrics", ["mae"], because)
    else:
        draft.put("compile", "metrics", ["accuracy"], "The share of rows that are told right.")


def _fit(draft: Draft, subject: Subject, recurrent: bool) -> None:
    epochs = 200 if subject.rows < _SMALL else 100 if subject.rows < _LARGE else 40
    if subject.of_kind("image") or recurrent:
        epochs = min(epochs, 60)
    draft.put("fit", "epochs", epochs, "More than are needed: EarlyStopping ends the training.")
    size = 128 if subject.rows > _LARGE else 32
    because = f"{size} rows a step: many steps in an epoch, each over enough rows to be steady."
    draft.put("fit", "batch_size", size, because)
    counts = [count for count in subject.counts.values() if count]
    if counts and max(counts) >= _IMBALANCE * min(counts):
        because = f"The largest class has {max(counts):,} rows, the smallest {min(counts):,}:"
        because += " balanced weights keep the small ones from being ignored."
        draft.put("fit", "class_weight", "balanced", because)


def _stop_early(draft: Draft) -> None:
    data, epochs = draft.body["data"], draft.body["fit"]["epochs"]
    split = data.get("split") or {}
    validated = data.get("validation") or split.get("validation", 0.2)
    monitor = "val_loss" if validated else "loss"
    draft.body["callbacks"] = [
        {
            "class_name": "EarlyStopping",
            "monitor": monitor,
            "patience": max(5, epochs // 10),
            "restore_best_weights": True,
        }
    ]
    because = f"Ends when {monitor} no longer falls and keeps the weights of the best epoch."
    draft.because("/callbacks/0", because)
