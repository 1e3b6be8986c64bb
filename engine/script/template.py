"""The parts of a script that are the same for every model."""

IMPORTS = """\
from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import keras
import numpy as np

Values = np.ndarray
PARTS = ("training", "validation", "test")
_WORD = re.compile(r"\\w+(?:'\\w+)?")
"""

MAIN = '''\
def main():
    """Train on a file; writes model.keras and history.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="the file that was uploaded")
{options}    parser.add_argument("--out", default="model.keras", help="where the network is saved")
    given = parser.parse_args()
{exact}    columns = read(given.data)
    tensors = {{
        part: encode(columns, rows, part == "training") for part, rows in divide(columns).items()
    }}
{others}    network = build()
    x = tensors["training"][0]
    rows = len(next(iter(x.values())) if isinstance(x, dict) else x)
    history = network.fit(
        {fed},
        steps_per_epoch=math.ceil(rows / BATCH),
        epochs=EPOCHS,
        validation_data=tensors.get("validation"),
        validation_batch_size=BATCH,
        callbacks=[
{callbacks}        ],
        verbose=2,
    )
    held_out = tensors.get("test") or tensors.get("validation")
    found = {{}}
    if held_out is not None:
        weights = held_out[2] if len(held_out) > 2 else None
        found = network.evaluate(
            held_out[0],
            held_out[1],
            sample_weight=weights,
            batch_size=BATCH,
            return_dict=True,
            verbose=0,
        )
        print("evaluation:", found)
    network.save(given.out)
    with open("history.json", "w") as file:
        epochs = {{name: list(map(float, values)) for name, values in history.history.items()}}
        json.dump({{"history": epochs, "evaluation": found}}, file, indent=1)

'''

END = 'if __name__ == "__main__":\n    main()\n'
