"""Networks as functions that TensorFlow traces once for a fixed signature."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Call = Callable[[dict[str, Any]], dict[str, Any]]


def concrete(call: Call, specs: list[Any]) -> Any:
    """A function of positional tensors named as in `specs`; it gives the outputs by name."""
    import tensorflow as tf

    names = [spec.name for spec in specs]

    def serve(*tensors: Any) -> dict[str, Any]:
        found = call(dict(zip(names, tensors, strict=True)))
        return {name: tf.identity(value) for name, value in found.items()}

    return tf.function(serve, input_signature=specs, autograph=False)


def save(
    network: Any, signatures: dict[str, tuple[Call, list[Any]]], folder: Path, kept: Any = None
) -> None:
    """A SavedModel with these signatures; `kept` are the lookup tables that they use."""
    import keras

    archive = keras.export.ExportArchive()
    archive.track(network)
    if kept is not None:
        archive.track(kept)
    for name, (call, specs) in signatures.items():
        # A function that is traced already is taken as it is.
        archive.add_endpoint(name, concrete(call, specs))
    archive.write_out(str(folder), verbose=False)
