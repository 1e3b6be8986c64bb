"""Children are forked after the tasks were imported: importing them must start nothing."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import threading
import keras, tensorflow
before = threading.active_count()
from engine.tasks import tasks
tasks()
from tensorflow.python.eager import context
assert context.context()._context_handle is None, "an operation was run"
assert threading.active_count() == before, "a thread was started"
import sys
assert "polars" not in sys.modules, "polars starts its own threads"
"""


def test_importing_the_tasks_runs_no_operation() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
