"""The process: what it imports, how much it holds, how it starts and ends."""

import subprocess
import sys

from tests.fixtures.databases import ROOT

_SCRIPT = """
import sys
import psutil
import api.server
from models.upkeep import Upkeep
heavy = {"tensorflow", "keras", "polars", "numpy", "pandas", "scipy"} & set(sys.modules)
print(sorted(heavy), psutil.Process().memory_info().rss // 2**20)
"""


def test_the_api_is_light() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy, _, megabytes = found.stdout.strip().rpartition(" ")
    assert heavy == "[]"
    assert int(megabytes) < 130


def test_main_is_a_bare_launcher() -> None:
    script = "import runpy, sys; runpy.run_module('api.__main__'); print(len(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(found.stdout) < 200
