"""docs/exports.md tells of every layer in every form."""

import keras

from engine.catalog import entries
from engine.exports import EXPORTS
from tests.fixtures.databases import ROOT

PAGE = (ROOT / "docs" / "exports.md").read_text()


def test_the_page_is_of_the_running_keras_and_runtimes() -> None:
    assert f"Keras {keras.__version__} " in PAGE, "run `make exports`"
    assert all(form.runtime() in PAGE for form in EXPORTS.values()), "run `make exports`"


def test_every_layer_that_may_be_used_has_a_row_and_every_no_a_reason() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    assert rows[0] == ["layer", *sorted(EXPORTS)]
    known = [entry.name for entry in entries("layers").values() if not entry.forbidden]
    assert [row[0] for row in rows[1:]] == known
    for name, *cells in rows[1:]:
        assert len(cells) == len(EXPORTS), name
        for cell in cells:
            assert cell == "yes" or len(cell.removeprefix("no: ")) > 10, name
        assert "/tmp" not in " ".join(cells), name


def test_the_usual_layers_go_everywhere() -> None:
    for name in ("Dense", "Conv2D", "LSTM", "GRU", "Bidirectional", "Embedding", "Dropout"):
        assert f"| {name} | yes | yes | yes |" in PAGE, name
