"""ONNX, for ONNX Runtime and all that reads it."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.exports._base import Export
from engine.exports._graph import concrete
from engine.exports._sample import Sample
from engine.exports._subject import Subject, reason_of, refused


class Onnx(Export):
    """One file with the network; numbers go in raw, the graph scales them.

    Strings, tokens and categories go in as `encoding.json` says. Inputs and outputs bear the
    names of the stack's.
    """

    suffix = ".onnx"

    @staticmethod
    def runtime() -> str:
        """ONNX Runtime and its version."""
        import onnxruntime

        return f"onnxruntime {onnxruntime.__version__}"

    @staticmethod
    def write(subject: Subject, path: Path) -> dict[str, Any]:
        """Trace the network and convert its graph."""
        import logging

        import tf2onnx
        from keras.src.export.tf2onnx_lib import patch_tf2onnx

        subject.refuse_strings("ONNX")
        logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)
        patch_tf2onnx()  # tf2onnx asks NumPy for names that NumPy 2 lacks
        try:
            tf2onnx.convert.from_function(
                concrete(subject.scaled, subject.specs), subject.specs, output_path=str(path)
            )
        except Exception as error:
            raise refused(f"The converter to ONNX refuses: {reason_of(error)}") from error
        return {"inputs": subject.inputs()}

    @staticmethod
    def run(path: Path, subject: Subject, sample: Sample) -> dict[str, Array]:
        """By ONNX Runtime on the CPU."""
        del subject
        import onnxruntime

        try:
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            names = [output.name for output in session.get_outputs()]
            wanted = {entry.name for entry in session.get_inputs()}
            given = {name: x for name, x in sample.plain.items() if name in wanted}
            found = session.run(names, given)
        except Exception as error:
            raise refused(f"ONNX Runtime refuses the file: {reason_of(error)}") from error
        return {name: np.asarray(values) for name, values in zip(names, found, strict=True)}
