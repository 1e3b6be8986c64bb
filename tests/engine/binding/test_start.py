"""Which layers of a stack start from those of a trained model."""

from typing import Any

import pytest

from engine.faults import Fault
from engine.tasks import check

from ..silent import Silent

INPUT = {"class_name": "Input", "shape": [4]}


def dense(units: int, **more: Any) -> dict[str, Any]:
    return {"class_name": "Dense", "units": units, **more}


MODEL = check.run({"stack": [INPUT, dense(8), dense(8), dense(3)]}, Silent())["request"]["stack"]


def started(*layers: dict[str, Any], model: Any = MODEL, **more: Any) -> dict[str, Any]:
    payload = {"stack": [INPUT, *layers], "models": {"mdl_m": model}, **more}
    plan = check.run({"init_from": {"model": "mdl_m"}, **payload}, Silent())
    assert plan["request"]["init_from"] == {"model": "mdl_m"}
    assert plan["init"]["model"] == "mdl_m"
    return dict(plan["init"])


def pairs(init: dict[str, Any]) -> dict[str, str]:
    return {one["layer"]: one["source"] for one in init["matched"]}


def test_the_same_stack_takes_everything() -> None:
    init = started(dense(8), dense(8), dense(3))
    assert pairs(init) == {"dense": "dense", "dense_1": "dense_1", "dense_2": "dense_2"}
    assert init["left"] == []


def test_another_head_keeps_the_body() -> None:
    init = started(dense(8), dense(8), dense(5))
    assert list(pairs(init)) == ["dense", "dense_1"]
    (left,) = init["left"]
    assert left["layer"] == "dense_2"
    assert "[8, 5]" in left["reason"]
    assert "[8, 3]" in left["reason"]


def test_a_layer_put_in_between_shifts_the_names_and_not_the_weights() -> None:
    init = started(dense(8), {"class_name": "Dropout", "rate": 0.1}, dense(16), dense(8), dense(3))
    # dense_2 [16, 8] is new, and dense_3 takes the place of what was called dense_2.
    assert pairs(init) == {"dense": "dense", "dense_3": "dense_2"}
    assert [one["layer"] for one in init["left"]] == ["dense_1", "dense_2"]


def test_names_of_ones_own_match_by_place() -> None:
    init = started(dense(8, name="a"), dense(8, name="b"), dense(3, name="c"))
    assert pairs(init) == {"a": "dense", "b": "dense_1", "c": "dense_2"}


def test_of_another_class_nothing_is_taken() -> None:
    other = {"class_name": "EinsumDense", "equation": "ab,bc->ac", "output_shape": 8}
    init = started({**other, "bias_axes": "c", "name": "dense"}, dense(8), dense(3))
    assert pairs(init) == {"dense_1": "dense_1", "dense_2": "dense_2"}


def test_weights_of_a_line_go_first_and_fitted_layers_stay_out() -> None:
    own = dense(8, weights={"model": "mdl_m", "layer": "dense"})
    init = started({"class_name": "Normalization"}, own, dense(8), dense(3))
    reasons = {one["layer"]: one["reason"] for one in init["left"]}
    assert "other weights" in reasons["dense"]
    assert "data of this job" in reasons["normalization"]
    assert list(pairs(init)) == ["dense_1", "dense_2"]


def test_a_layer_called_again_counts_once() -> None:
    layers = [dense(4, name="a"), {"class_name": "Dense", "units": 4, "name": "b"}]
    shared = check.run({"stack": [INPUT, layers[0]]}, Silent())["request"]["stack"]
    init = started(layers[0], layers[1], model=shared)
    assert pairs(init) == {"a": "a"}, "one source is given once"


def test_when_nothing_fits_the_request_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        started(dense(5, name="a"), dense(7, name="b"))
    (item,) = caught.value.items
    assert (item.pointer, item.code) == ("/init_from", "shape-mismatch")
    assert "[4, 5]" in item.detail
