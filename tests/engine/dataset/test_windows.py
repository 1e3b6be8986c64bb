"""Windows: which rows make a sample, and that they are gathered as they would be copied."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.canonical import Dataset
from engine.dataset.windows import Window, Windows, lay_out
from tests.engine.training._job import stored


def dataset(folder: Path, text: str) -> Dataset:
    return Dataset(Path(stored(folder, text.encode())["data"]))


def test_a_sample_is_consecutive_rows_and_the_value_a_horizon_later(tmp_path: Path) -> None:
    rows = "\n".join(f"{value},{value * 10}" for value in range(10))
    layout = lay_out(dataset(tmp_path, f"a,b\n{rows}\n"), Window(length=3, horizon=2, stride=2))
    assert layout.starts.tolist() == [0, 2, 4]
    assert layout.lasts.tolist() == [2, 4, 6]
    assert layout.targets.tolist() == [4, 6, 8]
    assert layout.seen.tolist() == list(range(7))


def test_series_are_told_apart_and_put_in_order(tmp_path: Path) -> None:
    text = "key,day,x\n" + "".join(
        f"{key},2024-01-{day:02d},{day}\n" for day in (3, 1, 5, 2, 4) for key in ("b", "a")
    )
    data = dataset(tmp_path, text)
    layout = lay_out(data, Window(length=2, horizon=1, key="key", order="day"))
    keys, values = data.values("key"), data.values("x")
    samples = [layout.order[start : start + 3] for start in layout.starts]
    assert len(samples) == 2 * 3
    for sample in samples:
        assert len(set(keys[sample])) == 1, "no sample holds rows of two series"
        assert np.diff(values[sample]).tolist() == [1, 1], "days follow each other"


def test_short_series_have_no_samples(tmp_path: Path) -> None:
    text = "key,x\n" + "a,1\n" * 2 + "b,1\n" * 4
    layout = lay_out(dataset(tmp_path, text), Window(length=3, key="key"))
    assert layout.targets.tolist() == [5]


@pytest.mark.parametrize("samples", [slice(None), slice(1, 3), np.array([2, 0]), 1])
def test_windows_are_the_array_that_they_stand_for(samples: object) -> None:
    base = np.arange(24, dtype=np.float32).reshape(8, 3)
    windows = Windows(base, np.array([0, 4, 5]), 3)
    whole = np.stack([base[start : start + 3] for start in (0, 4, 5)])
    assert (windows.shape, windows.ndim, windows.size, len(windows)) == ((3, 3, 3), 3, 27, 3)
    assert np.array_equal(np.asarray(windows), whole)
    assert np.array_equal(windows[samples], whole[np.atleast_1d(np.arange(3)[samples])])
    assert windows.nbytes == base.nbytes
