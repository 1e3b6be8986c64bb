"""Every note is about a layer that there is, names layers that there are, and says something."""

from pathlib import Path

import pytest

from engine.catalog import find
from engine.layers import HOME, Note, notes, read_note, read_notes
from engine.tasks import catalog

from ..silent import Silent

CHEAT_SHEET = (
    "Input Dense Embedding Dropout Activation Conv1D Conv2D Conv3D SimpleRNN LSTM GRU Flatten "
    "Reshape Permute Masking Concatenate Add UpSampling2D ZeroPadding2D Cropping2D MaxPooling1D "
    "MaxPooling2D RepeatVector BatchNormalization MultiHeadAttention"
)
SOUND = (HOME / "dense.toml").read_text()


def test_there_are_enough() -> None:
    assert len(notes()) >= 60
    assert set(CHEAT_SHEET.split()) <= set(notes())
    assert len(notes()) == len(list(HOME.glob("*.toml")))


@pytest.mark.parametrize("note", notes().values(), ids=lambda note: note.layer)
def test_a_note(note: Note) -> None:
    for name in (note.layer, *note.pairs_with):
        entry = find("layers", name)
        assert entry is not None, name
        assert entry.forbidden is None
        assert name == ("Input" if entry.name == "InputLayer" else entry.name)
    assert note.layer not in note.pairs_with
    for text in (note.purpose, note.use_when, note.watch_out):
        assert 15 < len(text) < 400
        assert text.endswith(".")


def test_the_catalogue_tells_them() -> None:
    data = catalog.run({"kind": "layers"}, Silent())["data"]
    told = {entry["name"]: entry for entry in data if "purpose" in entry}
    assert set(told) == set(notes())
    assert told["Dense"]["pairs_with"] == list(notes()["Dense"].pairs_with)
    assert told["Input"]["watch_out"] == notes()["Input"].watch_out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("layer = ", "dense.toml"),
        (SOUND.replace("purpose", "porpoise"), "porpoise, purpose"),
        (SOUND.replace('layer = "Dense"', "layer = 3"), "layer must be a text"),
        (SOUND.replace('["Dropout", ', "[1, "), "pairs_with must list"),
        (SOUND.replace('["Dropout", ', '["Flatten", '), "pairs_with must list"),
        (SOUND.replace('"mlp"', '"perceptron"'), "architectures must be of"),
        (SOUND + 'colour = "blue"\n', "colour"),
    ],
)
def test_malformed_notes_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "dense.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=reason):
        read_note(path)


def test_two_notes_on_one_layer_are_refused(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(SOUND)
    with pytest.raises(ValueError, match="another note on Dense"):
        read_notes(tmp_path)
