"""Numbers and moments for people."""

from datetime import UTC, datetime, timedelta

import pytest

from lamina.cli import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.4, "0 s"), (59.4, "59 s"), (59.6, "1:00"), (3599, "59:59"), (7260, "2:01:00")],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (5_000_000_000, "5.0 GB"), (10**13, "10.0 TB")],
)
def test_sizes(value: int, text: str) -> None:
    assert words.size(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "just now"), (61, "1 min ago"), (7300, "2 h ago"), (200_000, "2 d ago")],
)
def test_ages(seconds: int, text: str) -> None:
    assert words.ago(datetime.now(UTC) - timedelta(seconds=seconds)) == text


def test_losses_come_first() -> None:
    values = {"accuracy": 0.5, "val_accuracy": None, "val_loss": 2.0, "loss": 1.23456}
    assert words.logs(values) == "loss 1.235  val_loss 2  accuracy 0.5  val_accuracy nan"
