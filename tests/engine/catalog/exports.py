"""`make exports`: writes docs/exports.md, by writing every layer in every form and running that.

Each layer is tried in a child of its own, forked before TensorFlow has done anything here.
"""

import io
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.catalog import Entry, entries
from engine.dataset.encoder import Encoder, Feed
from engine.dataset.schema import Column
from engine.encodings.raw import Raw
from engine.exports import EXPORTS
from engine.exports._parity import parity
from engine.exports._sample import Sample
from engine.exports._subject import Subject, reason_of, settled
from engine.faults import Fault
from engine.targets import TargetEncoding
from tests.engine.catalog.table import SECONDS, Trial

FORMS = tuple(sorted(EXPORTS))
HEAD = """# The layers and the forms of models

Every layer of Keras {version} in the forms that other runtimes read: {runtimes}.
`make exports` makes the table: each layer stands behind its Inputs and before a Dense of one unit,
is written, run by its own runtime, and must give what the network gives. The service does the same
with every model before it hands out a form, and refuses with the same words.

| layer | {forms} |
|---|{lines}|
"""


def page() -> str:
    """The whole page."""
    runtimes = ", ".join(EXPORTS[form].runtime() for form in FORMS)
    forms, lines = " | ".join(FORMS), "|".join("---" for _ in FORMS)
    head = HEAD.format(version=keras.__version__, runtimes=runtimes, forms=forms, lines=lines)
    return head + "".join(
        _row(entry, tried(entry)) for entry in entries("layers").values() if not entry.forbidden
    )


def _row(entry: Entry, found: dict[str, str]) -> str:
    cells = [entry.name, *(found.get(form, "no: it took too long or crashed") for form in FORMS)]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"


def tried(entry: Entry) -> dict[str, str]:
    """What came of each form, in a child that may crash or hang."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_try, args=(entry.name, sender))
    child.start()
    sender.close()
    found: dict[str, str] = {}
    try:
        while receiver.poll(SECONDS):
            form, outcome = receiver.recv()
            found[form] = outcome
    except EOFError:
        pass
    child.kill()
    child.join()
    return found


def _try(name: str, sender: Any) -> None:
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    keras.utils.set_random_seed(1)
    try:
        subject, sample = _made(name)
        wanted = {name: np.asarray(x) for name, x in subject.call(sample.encoded).items()}
    except Exception as error:
        for form in FORMS:
            sender.send((form, f"no: the network itself does not run: {reason_of(error)[:150]}"))
        return
    for form in FORMS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"it{EXPORTS[form].suffix}"
            try:
                EXPORTS[form].write(subject, path)
                found = EXPORTS[form].run(path, subject, sample)
                parity(wanted, found, EXPORTS[form].runtime())
                sender.send((form, "yes"))
            except Fault as fault:
                sender.send((form, f"no: {fault.detail[:200]}"))


def _made(name: str) -> tuple[Subject, Sample]:
    """The layer in a network, and rows for it, each Input fed by a column of arrays."""
    trial = Trial(name)
    trial.build()
    network = trial.network
    rows = trial.rows if isinstance(trial.rows, dict) else {network.inputs[0].name: trial.rows}
    feeds, x = {}, {}
    for tensor in network.inputs:
        words = tensor.dtype == "string"
        kind = "str" if words else tensor.dtype
        column = Column(tensor.name, "tensor", kind, list(tensor.shape[1:]))
        feeds[tensor.name] = Feed([column], [Raw(dtype=None if words else tensor.dtype)])
        x[tensor.name] = rows[tensor.name].numpy()
    output = network.outputs[0]._keras_history.operation.name
    encoder = Encoder(feeds, {output: TargetEncoding("y", "raw")})
    subject = Subject({"layers": trial.layers}, encoder, settled(network))
    return subject, Sample(x, x, [x])


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8")
    sys.stdout.write(page())
    sys.stdout.flush()
