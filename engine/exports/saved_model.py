"""TensorFlow's SavedModel, for TensorFlow Serving and all that loads it."""

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.exports._base import Export
from engine.exports._graph import Call, save
from engine.exports._records import Inexact, Records
from engine.exports._sample import Sample
from engine.exports._subject import Subject, reason_of, refused


class SavedModel(Export):
    """A zipped folder. Its signature `serving_default` takes raw records, a tensor a column.

    Numbers are float64 (NaN where one is missing, booleans 0 and 1), words are strings (empty
    where missing), images uint8 of the encoding's size. For classes it also gives `NAME_label`.
    Outputs are the network's own numbers, in the units that it was trained in.
    The signature `encoded` takes the tensors of `encoding.json`. Where an encoding cannot be
    written exactly, `serving_default` takes those too, and the notes say why.
    """

    suffix = ".saved_model.zip"
    media = "application/zip"

    @staticmethod
    def runtime() -> str:
        """TensorFlow and its version."""
        import tensorflow as tf

        return f"tensorflow {tf.__version__}"

    @staticmethod
    def write(subject: Subject, path: Path) -> dict[str, Any]:
        """Save both signatures and zip the folder."""
        signatures: dict[str, tuple[Call, list[Any]]] = {"encoded": (subject.call, subject.specs)}
        notes: dict[str, Any] = {"inputs": subject.inputs()}
        kept = None
        try:
            records = Records(subject)
            kept = records.tables
            signatures["serving_default"] = (records.call, records.specs)
            notes["records"] = records.described()
        except Inexact as reason:
            signatures["serving_default"] = signatures["encoded"]
            notes["no_records"] = str(reason)
        try:
            with tempfile.TemporaryDirectory() as folder:
                save(subject.network, signatures, Path(folder) / "saved", kept)
                _zip(Path(folder) / "saved", path)
        except Exception as error:
            raise refused(f"TensorFlow refuses to save it: {reason_of(error)}") from error
        return notes

    @staticmethod
    def run(path: Path, subject: Subject, sample: Sample) -> dict[str, Array]:
        """By TensorFlow, from the records where the signature takes them."""
        import tensorflow as tf

        with tempfile.TemporaryDirectory() as folder:
            shutil.unpack_archive(path, folder, "zip")
            try:
                loaded = tf.saved_model.load(folder)
                serve = loaded.signatures["serving_default"]
                given = _given(subject, sample)
                parts = [serve(**{k: tf.constant(v) for k, v in one.items()}) for one in given]
            except Exception as error:
                raise refused(f"TensorFlow refuses the file: {reason_of(error)}") from error
        return {
            name: np.concatenate([np.asarray(part[name]) for part in parts])
            for name in subject.outputs
        }


def _given(subject: Subject, sample: Sample) -> list[dict[str, Array]]:
    try:
        records = Records(subject)
    except Inexact:
        names = [spec.name for spec in subject.specs]
        return [{name: sample.encoded[name] for name in names}]
    return [records.tensors(raw) for raw in sample.raw]


def _zip(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.rglob("*")):
            archive.write(part, part.relative_to(folder))
