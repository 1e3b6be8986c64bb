"""Trains a payload in a fresh process: `python -m tests.engine.training._devices payload.json`.

Writes the events as lines of JSON. Devices are made before TensorFlow's first operation, hence a
process of its own.
"""

import json
import sys
from pathlib import Path
from typing import Any


class Printer:
    """A port that writes to standard output."""

    order = None

    def emit(self, event: str, **fields: Any) -> None:
        """One line for each event."""
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")


def main() -> None:
    """Train."""
    from engine.tasks import train

    port = Printer()
    port.emit("result", **train.run(json.loads(Path(sys.argv[1]).read_bytes()), port))


if __name__ == "__main__":
    main()
