"""Which process loads what, and which folder knows which."""

import subprocess
import sys

import pytest

from tests.fixtures.databases import ROOT

HEAVY = ("tensorflow", "keras", "engine", "polars", "h5py")


@pytest.mark.parametrize(
    "module",
    [
        "lamina",
        "lamina.cli",
        "core.embedded",
        "models.upkeep",
        "api.server",
        "api.app",
        "worker.main",
        "worker.training",
    ],
)
def test_nothing_outside_the_engine_loads_its_packages(module: str) -> None:
    program = f"import sys, {module}\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "importlinter.cli", "--no-logo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "No module named" in done.stderr:
        pytest.fail(done.stderr)
    assert done.returncode == 0, done.stdout


def test_launchers_are_bare() -> None:
    """Fresh children import the parent's `__main__` again, so nothing may stand in it."""
    for name in ("api", "worker", "migrations"):
        text = (ROOT / name / "__main__.py").read_text()
        top = [line for line in text.splitlines() if line and not line.startswith((" ", '"'))]
        assert all(line.startswith(("if __name__", "from ", "import ")) for line in top), name
