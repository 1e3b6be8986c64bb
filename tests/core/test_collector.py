"""The collector of cycles: seldom, but not never."""

import subprocess
import sys

_PROGRAM = """
import gc, weakref
from core.collector import collect_seldom

class Cycle:
    def __init__(self):
        self.own = self

collect_seldom()
assert gc.get_freeze_count() > 1000
gone = weakref.ref(Cycle())
kept = [[] for _ in range(2000)]
print(gone() is not None)
kept += [[] for _ in range(60_000)]
print(gone() is None)
"""


def test_cycles_are_looked_for_seldom_and_found() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["True", "True"]
