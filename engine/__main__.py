"""`python -m engine TASK spec.json`: run one task alone, without service, database or queue.

The specification is the task's payload as JSON (`-` reads standard input). Events go to standard
output, one JSON object a line; the last is `result` or `fault`. Exit status 0 or 1.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from engine.faults import Fault
from engine.port import Order


class Console:
    """The port of a task that runs alone: events become lines on standard output."""

    order: Order | None = None

    def emit(self, event: str, **fields: Any) -> None:
        """Print one event."""
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
        sys.stdout.flush()


def main() -> int:
    """Run the task that the command line names; the exit status."""
    from engine.tasks import tasks

    parser = argparse.ArgumentParser("python -m engine", description="Run one engine task.")
    parser.add_argument("task", choices=sorted(tasks()))
    parser.add_argument("spec", help="the task's payload, a JSON file or -")
    options = parser.parse_args()
    text = sys.stdin.read() if options.spec == "-" else Path(options.spec).read_text()
    console = Console()
    try:
        console.emit("result", value=tasks()[options.task].run(json.loads(text), console))
    except Fault as fault:
        console.emit("fault", **fault.to_json())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
