"""The process: what it imports, how much it holds, how it starts and ends."""

import resource
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


_FILES = """
import resource, sys
import api.server
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
api.server.make_server = lambda _settings: sys.exit(str(resource.getrlimit(resource.RLIMIT_NOFILE)))
api.server.main([])
"""


def test_the_api_may_hold_as_many_connections_as_the_system_lets_it() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    found = subprocess.run(
        [sys.executable, "-c", _FILES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.stderr.strip() == str((hard, hard))
