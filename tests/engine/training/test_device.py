"""What a training asks of its GPUs, through TensorFlow's own readings."""

from types import SimpleNamespace
from typing import Any

import pytest
import tensorflow as tf

from engine.training.device import prepare

CARDS = [SimpleNamespace(name=f"/physical_device:GPU:{index}") for index in range(2)]


@pytest.fixture
def growing(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A host on which TensorFlow sees two cards; the cards whose memory is to grow."""
    seen: list[Any] = []
    config = tf.config
    monkeypatch.setattr(config, "list_physical_devices", lambda _kind: CARDS)
    monkeypatch.setattr(
        config.experimental, "set_memory_growth", lambda card, grows: seen.append((card, grows))
    )
    details = {"device_name": "Card"}
    monkeypatch.setattr(config.experimental, "get_device_details", lambda _card: details)
    return seen


def test_the_memory_of_every_gpu_grows_as_it_is_needed(growing: list[Any]) -> None:
    assert prepare(None, gpus=2) == {"kind": "gpu", "name": "2 x Card"}
    assert growing == [(card, True) for card in CARDS]


def test_a_job_without_gpus_touches_none(growing: list[Any]) -> None:
    assert prepare(None, gpus=0)["kind"] == "cpu"
    assert growing == []
