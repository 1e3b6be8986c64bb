"""What every way of splitting promises, and what each adds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.faults import Fault
from engine.splits import SPLITS

NAMES = ["random", "stratified"]
BY_COLUMN = ["group", "time"]


@pytest.mark.parametrize("name", [*NAMES, *BY_COLUMN])
@settings(max_examples=80, deadline=None)
@given(
    labels=st.lists(st.integers(0, 5), min_size=1, max_size=200),
    validation=st.floats(0, 0.5),
    test=st.floats(0, 0.49),
    seed=st.integers(0, 2**31 - 1),
)
def test_every_row_falls_into_one_part(
    name: str, labels: list[int], validation: float, test: float, seed: int
) -> None:
    array, n = np.array(labels), len(labels)
    parts = SPLITS[name].split(array, n, validation, test, seed)
    together = np.concatenate([parts.training, parts.validation, parts.test])
    assert sorted(together.tolist()) == list(range(n))
    assert len(parts.training) >= 1
    for part in (parts.training, parts.validation, parts.test):
        assert (np.diff(part) > 0).all()
    again = SPLITS[name].split(array, n, validation, test, seed)
    assert np.array_equal(again.validation, parts.validation)
    if validation == 0:
        assert len(parts.validation) == 0
    if name in NAMES:
        assert len(parts.validation) <= max(1, round(n * validation))


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_the_fractions_and_seeds_matter(name: str) -> None:
    labels = np.arange(1000) % 4
    parts = SPLITS[name].split(labels, 1000, 0.2, 0.1, 1)
    sizes = (len(parts.training), len(parts.validation), len(parts.test))
    assert sizes == (700, 200, 100)
    other = SPLITS[name].split(labels, 1000, 0.2, 0.1, 2)
    assert not np.array_equal(parts.validation, other.validation)


def test_stratified_keeps_proportions() -> None:
    labels = np.repeat([0, 1, 2], [900, 90, 10])
    parts = SPLITS["stratified"].split(labels, 1000, 0.2, 0.1, 3)
    assert np.bincount(labels[parts.validation]).tolist() == [180, 18, 2]
    assert np.bincount(labels[parts.test]).tolist() == [90, 9, 1]


def test_rare_classes_stay_in_training() -> None:
    labels = np.array([0] * 50 + [1, 2, 2])
    parts = SPLITS["stratified"].split(labels, 53, 0.3, 0.3, 0)
    assert {0, 1, 2} <= set(labels[parts.training].tolist())
    assert 1 not in labels[parts.validation]
    assert len(parts.validation) == 16


def test_stratified_without_labels_is_random() -> None:
    mine = SPLITS["stratified"].split(None, 30, 0.2, 0.1, 5)
    theirs = SPLITS["random"].split(None, 30, 0.2, 0.1, 5)
    assert np.array_equal(mine.test, theirs.test)


def test_the_future_is_held_out_and_moments_are_not_torn() -> None:
    times = np.array([5, 1, 1, 2, 3, 4, 4, 4, 9, 7])
    parts = SPLITS["time"].split(times, 10, 0.3, 0.2, 0)
    assert sorted(times[parts.test]) == [7, 9]
    assert sorted(times[parts.validation]) == [5]
    assert sorted(times[parts.training]) == [1, 1, 2, 3, 4, 4, 4]


@settings(max_examples=80, deadline=None)
@given(groups=st.lists(st.integers(0, 9), min_size=1, max_size=100), seed=st.integers(0, 99))
def test_groups_stay_together(groups: list[int], seed: int) -> None:
    array = np.array(groups)
    parts = SPLITS["group"].split(array, len(groups), 0.2, 0.2, seed)
    held = [set(array[part]) for part in (parts.training, parts.validation, parts.test)]
    assert sum(map(len, held)) == len(set.union(*held))
    assert held[0]


def test_a_column_names_the_parts() -> None:
    words = np.array(["Train", "val", " test ", "training", "dev"])
    parts = SPLITS["column"].split(words, 5, 0, 0, 0)
    found = [part.tolist() for part in (parts.training, parts.validation, parts.test)]
    assert found == [[0, 3], [1, 4], [2]]
    for wrong, says in ((["train", "later"], "later"), (["val"], "no row for training")):
        with pytest.raises(Fault, match=says):
            SPLITS["column"].split(np.array(wrong), len(wrong), 0, 0, 0)
