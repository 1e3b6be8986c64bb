"""docs/layers.md tells of every layer of the running Keras what is so."""

import subprocess
import sys

import keras
import pytest

from engine.catalog import Entry, entries
from engine.catalog.family import family
from tests.fixtures.databases import ROOT

PAGE = ROOT / "docs" / "layers.md"
AUGMENTING = "no: other numbers"


def rows() -> dict[str, list[str]]:
    """The cells of every row by layer."""
    found = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "layer":
            found[cells[0]] = cells
    return found


def test_the_table_is_of_the_running_keras() -> None:
    assert f"Keras {keras.__version__} " in PAGE.read_text(), "run `make layers`"
    assert list(rows()) == sorted(rows(), key=lambda name: (len(rows()[name]) == 2, name))
    assert set(rows()) == set(entries("layers"))


def test_refused_layers_say_why() -> None:
    for entry in entries("layers").values():
        cells = rows()[entry.name]
        assert (cells[1:] == [entry.forbidden]) == bool(entry.forbidden)


@pytest.mark.parametrize(
    "entry", [e for e in entries("layers").values() if not e.forbidden], ids=lambda e: e.name
)
def test_a_layer_that_may_be_used_can_be(entry: Entry) -> None:
    cells = rows()[entry.name]
    builds, trains, saves, exports = cells[6:]
    assert (builds, trains) == ("yes", "yes")
    assert saves == "yes" or entry.name in ("RandomCrop", "RandomShear"), saves
    assert exports in ("yes", AUGMENTING) or entry.name == "RandomCrop", exports
    assert exports == "yes" or family(entry) in ("preprocessing", "utility")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_table_is_what_comes_of_trying() -> None:
    command = [sys.executable, "-m", "tests.engine.catalog.table"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == PAGE.read_text()
