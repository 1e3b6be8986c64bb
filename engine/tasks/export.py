"""Writing a trained model in another form, and proving that it computes the same."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from engine.exports import EXPORTS
from engine.exports._parity import parity
from engine.exports._sample import Sample
from engine.exports._subject import Subject
from engine.port import Port
from engine.training.device import silence_known_warnings


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Write the model in the folder `model` as `form` to the file `out`; its report.

    `request`, `schema`, `data`, `validation_data` and `test_data` are those of the training:
    rows that it held out go through the network and through the file, which is loaded again by
    its own runtime. Raises Fault("export-failed") when the form cannot hold the network or
    gives other numbers.
    """
    del port
    silence_known_warnings()
    warnings.simplefilter("ignore")
    form, path = EXPORTS[payload["form"]], Path(payload["out"])
    subject = Subject.load(Path(payload["model"]))
    sample = Sample.held_out(payload, subject.encoder, subject.plain)
    notes = form.write(subject, path)
    found = form.run(path, subject, sample)
    return {**notes, "parity": parity(_outputs(subject, sample), found, form.runtime())}


def _outputs(subject: Subject, sample: Sample) -> dict[str, Any]:
    import tensorflow as tf

    given = {name: tf.constant(x) for name, x in sample.encoded.items()}
    return {name: np.asarray(value) for name, value in subject.call(given).items()}
