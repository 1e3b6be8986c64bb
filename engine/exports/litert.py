"""LiteRT (TensorFlow Lite), for phones and small devices."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.exports._base import Export
from engine.exports._graph import save
from engine.exports._sample import Sample
from engine.exports._subject import Subject, reason_of, refused


class LiteRt(Export):
    """One file of LiteRT's own operations alone, recurrent layers laid out step by step.

    Numbers go in raw, the graph scales them; tokens and categories go in as `encoding.json` says.
    Its signature `serving_default` bears the names of the stack's Inputs and outputs.
    """

    suffix = ".tflite"

    @staticmethod
    def runtime() -> str:
        """The interpreter and its version."""
        from importlib.metadata import version

        return f"ai-edge-litert {version('ai-edge-litert')}"

    @staticmethod
    def write(subject: Subject, path: Path) -> dict[str, Any]:
        """Save the unrolled network as a SavedModel and convert that."""
        import tensorflow as tf

        subject.refuse_strings("LiteRT")
        laid_out = subject.unrolled()
        try:
            with tempfile.TemporaryDirectory() as folder:
                serving = (laid_out.scaled, laid_out.specs)
                save(laid_out.network, {"serving_default": serving}, Path(folder))
                converter = tf.lite.TFLiteConverter.from_saved_model(folder)
                path.write_bytes(converter.convert())
        except Exception as error:
            raise refused(f"The converter to LiteRT refuses: {reason_of(error)}") from error
        return {"inputs": subject.inputs()}

    @staticmethod
    def run(path: Path, subject: Subject, sample: Sample) -> dict[str, Array]:
        """By the interpreter on the CPU, without operations of TensorFlow (Flex)."""
        del subject
        from ai_edge_litert.interpreter import Interpreter

        try:
            run = Interpreter(model_path=str(path)).get_signature_runner("serving_default")
            wanted = run.get_input_details()
            found = run(**{name: x for name, x in sample.plain.items() if name in wanted})
        except Exception as error:
            raise refused(f"The LiteRT interpreter refuses: {reason_of(error)}") from error
        return {name: np.asarray(values) for name, values in found.items()}
