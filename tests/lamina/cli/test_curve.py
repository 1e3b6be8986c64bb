"""Curves made of braille dots."""

from typing import Any

import pytest

from lamina.cli.curve import Canvas, draw


def _rows(text: str, height: int) -> list[str]:
    """The plotting area."""
    return [line.split("│", 1)[1] for line in text.splitlines()[:height]]


def _dots(rows: list[str]) -> set[tuple[int, int]]:
    """The dots set, as (x from the left, y from the top)."""
    places = {0x01: (0, 0), 0x02: (0, 1), 0x04: (0, 2), 0x40: (0, 3)}
    places |= {0x08: (1, 0), 0x10: (1, 1), 0x20: (1, 2), 0x80: (1, 3)}
    return {
        (column * 2 + x, row * 4 + y)
        for row, line in enumerate(rows)
        for column, character in enumerate(line)
        for bit, (x, y) in places.items()
        if character != " " and ord(character) - 0x2800 & bit
    }


def test_a_falling_line_goes_from_corner_to_corner() -> None:
    text = draw({"loss": [3.0, 2.0, 1.0]}, width=10, height=5).plain
    dots = _dots(_rows(text, 5))
    assert (0, 0) in dots
    assert (19, 19) in dots
    assert len(dots) >= 20
    assert all(abs(x - y) <= 1 for x, y in dots)


def test_axes_and_legend() -> None:
    lines = draw(
        {"loss": [2.0, 0.5], "val_loss": [1.0, 1.0]}, width=20, height=4
    ).plain.splitlines()
    assert lines[0].split("│")[0].strip() == "2"
    assert lines[3].split("│")[0].strip() == "0.5"
    assert lines[5].split() == ["epoch", "1", "2"]
    assert lines[6].split() == ["●", "loss", "●", "val_loss"]


def test_a_missing_value_leaves_a_gap() -> None:
    values: list[Any] = [1.0, 1.0, None, float("nan"), 1.0, 1.0]
    dots = _dots(_rows(draw({"loss": values}, width=25, height=3).plain, 3))
    columns = {x for x, _ in dots}
    assert {0, 10, 39, 49} <= columns
    assert not columns & set(range(11, 39))


def test_a_flat_line_stands_in_the_middle() -> None:
    dots = _dots(_rows(draw({"loss": [2.0, 2.0]}, width=5, height=5).plain, 5))
    assert len({y for _, y in dots}) == 1
    assert abs(dots.pop()[1] - 9.5) <= 1


@pytest.mark.parametrize("values", [[], [None, None], [float("inf")]])
def test_without_values_there_is_no_picture(values: list[Any]) -> None:
    assert draw({"loss": values}).plain == ""


def test_one_value_is_one_dot() -> None:
    assert len(_dots(_rows(draw({"loss": [1.0]}, width=5, height=3).plain, 3))) == 1


def test_each_series_has_its_colour() -> None:
    text = draw({"a": [1.0, 1.0], "b": [2.0, 2.0]}, width=6, height=4)
    styles = {str(span.style) for span in text.spans}
    assert {"cyan", "yellow"} <= styles


def test_a_line_has_no_holes() -> None:
    canvas = Canvas(3, 2)
    canvas.line((0, 0), (5, 7), 0)
    rows = ["".join(character for character, _ in canvas.row(index)) for index in range(2)]
    assert {y for _, y in _dots(rows)} == set(range(8))
