"""Every operation of keras.ops that is offered computes what Keras computes, in both forms."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from engine.catalog.entry import REQUIRED
from engine.catalog.operations import LISTS, PREFIX, operands, operations
from engine.faults import Fault
from engine.stack import build_network, read
from engine.tasks import check, train
from engine.training import artefacts
from tests.engine._port import Recorder
from tests.engine.training import _job

from ..silent import Silent

OFFERED = {
    name.removeprefix(PREFIX): entry for name, entry in operations().items() if not entry.forbidden
}
INPUTS: dict[str, tuple[tuple[int, ...], str]] = {
    "x": ((4, 4), "float32"),
    "y": ((4, 4), "float32"),
    "whole": ((4, 4), "int32"),
    "other": ((4, 4), "int32"),
    "image": ((8, 8, 3), "float32"),
    "spectrum": ((2, 3), "float32"),
}
Tensors = dict[str, Any]


def _positive(x: Any) -> Any:
    return ops.matmul(x, ops.transpose(x, (0, 2, 1))) + np.eye(4, dtype="float32")


def _kernel(*shape: int) -> Any:
    return np.linspace(-1, 1, int(np.prod(shape)), dtype="float32").reshape(shape)


_CORNERS = np.array([[0, 0], [0, 7], [7, 0], [7, 7]], dtype="float32")
MADE: dict[str, Callable[[Tensors], Any]] = {
    "AdaptiveAveragePool": lambda t: ops.adaptive_average_pool(t["image"], (4, 4)),
    "AdaptiveMaxPool": lambda t: ops.adaptive_max_pool(t["image"], (4, 4)),
    "AffineTransform": lambda t: ops.image.affine_transform(
        t["image"], ops.concatenate([t["x"][:, 0], t["y"][:, 1]], axis=-1) * 0.01
    ),
    "ArraySplit": lambda t: ops.array_split(t["x"], 3, axis=1),
    "AveragePool": lambda t: ops.average_pool(t["image"], 2),
    "BatchNorm": lambda t: ops.batch_normalization(
        t["x"], ops.mean(t["y"], axis=(0, 1)), ops.var(t["y"], axis=(0, 1)), axis=-1
    ),
    "BroadcastTo": lambda t: ops.broadcast_to(ops.mean(t["x"], axis=0), (2, 4, 4)),
    "CTCDecode": lambda t: ops.ctc_decode(t["x"], t["whole"][:, 0, 0] * 0 + 4),
    "CTCLoss": lambda t: ops.ctc_loss(
        *(t["whole"][:, 0, :2] * 0 + 1, t["x"]),
        *(t["whole"][:, 0, 0] * 0 + 2, t["whole"][:, 0, 0] * 0 + 4),
    ),
    "Cast": lambda t: ops.cast(t["x"], "int32"),
    "Cholesky": lambda t: ops.cholesky(_positive(t["x"])),
    "CholeskyInverse": lambda t: ops.linalg.cholesky_inverse(ops.cholesky(_positive(t["x"]))),
    "Clip": lambda t: ops.clip(t["x"], -0.5, 0.5),
    "Conv": lambda t: ops.conv(t["image"], _kernel(2, 2, 3, 4)),
    "CropImages": lambda t: ops.image.crop_images(
        t["image"], top_cropping=1, left_cropping=1, target_height=4, target_width=4
    ),
    "Cross": lambda t: ops.cross(t["x"][:, :, :3], t["y"][:, :, :3]),
    "DepthToSpace": lambda t: ops.depth_to_space(t["x"][:, :, None], 2),
    "DepthwiseConv": lambda t: ops.depthwise_conv(t["image"], _kernel(2, 2, 3, 2)),
    "Digitize": lambda t: ops.digitize(t["x"], np.array([0.0, 0.5])),
    "DotProductAttention": lambda t: ops.dot_product_attention(
        t["x"][:, :, None], t["y"][:, :, None], t["x"][:, :, None]
    ),
    "Dsplit": lambda t: ops.dsplit(t["x"], 2),
    "Einsum": lambda t: ops.einsum("bij,bkj->bik", t["x"], t["y"]),
    "ExtractPatches": lambda t: ops.image.extract_patches(t["image"], 2),
    "ExpandDims": lambda t: ops.expand_dims(t["x"], 1),
    "ExtractSequences": lambda t: ops.extract_sequences(t["x"], 2, 1),
    "FFT2": lambda t: ops.fft2((t["x"], t["y"])),
    "Fold": lambda t: ops.fold(t["x"], (4, 4), 2, stride=2),
    "GetItem": lambda t: t["x"][..., None, 1:3, ::2],
    "HSVToRGB": lambda t: ops.image.hsv_to_rgb(ops.sigmoid(t["image"])),
    "Hsplit": lambda t: ops.hsplit(t["x"], 2),
    "IFFT2": lambda t: ops.ifft2((t["x"], t["y"])),
    "IRFFT": lambda t: ops.irfft((t["x"], t["y"])),
    "ISTFT": lambda t: ops.istft((t["spectrum"], t["spectrum"]), 4, 2, 4),
    "InTopK": lambda t: ops.in_top_k(t["whole"][:, 0, 0], t["x"][:, 0], 2),
    "LayerNorm": lambda t: ops.layer_normalization(t["x"], _kernel(4), _kernel(4)),
    "Ldexp": lambda t: ops.ldexp(t["x"], t["whole"]),
    "MapCoordinates": lambda t: ops.image.map_coordinates(
        t["x"], ops.stack([t["y"], t["y"], t["y"]]), 1
    ),
    "MaxPool": lambda t: ops.max_pool(t["image"], 2),
    "Moments": lambda t: ops.moments(t["x"], axes=[1]),
    "Moveaxis": lambda t: ops.moveaxis(t["image"], 1, 3),
    "MultiHot": lambda t: ops.multi_hot(t["whole"], 9),
    "Norm": lambda t: ops.norm(t["x"], axis=-1),
    "OneHot": lambda t: ops.one_hot(t["whole"], 9),
    "PSNR": lambda t: ops.psnr(t["x"], t["y"], 2.0),
    "Pad": lambda t: ops.pad(t["x"], ((0, 0), (1, 2), (0, 1)), constant_values=7.0),
    "PadImages": lambda t: ops.image.pad_images(
        t["image"], top_padding=1, left_padding=1, target_height=16, target_width=16
    ),
    "PerspectiveTransform": lambda t: ops.image.perspective_transform(
        t["image"], t["x"][:, :, :2] * 0 + _CORNERS, t["x"][:, :, :2] * 0 + _CORNERS + 1.0
    ),
    "RGBToGrayscale": lambda t: ops.image.rgb_to_grayscale(t["image"]),
    "RGBToHSV": lambda t: ops.image.rgb_to_hsv(ops.sigmoid(t["image"])),
    "RMSNorm": lambda t: ops.rms_normalization(t["x"], _kernel(4)),
    "Repeat": lambda t: ops.repeat(t["x"], 2, axis=1),
    "Reshape": lambda t: ops.reshape(t["x"], (-1, 16)),
    "Resize": lambda t: ops.image.resize(t["image"], (4, 6)),
    "Roll": lambda t: ops.roll(t["x"], 1, axis=1),
    "SSIM": lambda t: ops.image.ssim(t["image"], ops.sigmoid(t["image"]), filter_size=3),
    "STFT": lambda t: ops.stft(t["x"], 4, 2, 4),
    "SaturateCast": lambda t: ops.saturate_cast(t["x"] * 1000, "int8"),
    "ScaleAndTranslate": lambda t: ops.image.scale_and_translate(
        *(t["image"], (2, 4, 4, 3), np.array([0.5, 0.5], "float32")),
        *(np.array([0.0, 0.0], "float32"), (1, 2), "linear"),
    ),
    "ScatterUpdate": lambda t: ops.scatter_update(
        t["x"][0], np.array([[0, 1], [2, 3]]), np.array([5.0, 6.0], "float32")
    ),
    "SeparableConv": lambda t: ops.separable_conv(
        t["image"], _kernel(2, 2, 3, 1), _kernel(1, 1, 3, 4)
    ),
    "Slice": lambda t: ops.slice(t["x"], (0, 1, 1), (2, 2, 2)),
    "SliceUpdate": lambda t: ops.slice_update(t["x"], (0, 1, 1), t["y"][:, :2, :2]),
    "SobelEdges": lambda t: ops.image.sobel_edges(t["image"]),
    "SpaceToDepth": lambda t: ops.space_to_depth(t["image"], 2),
    "SparseCategoricalCrossentropy": lambda t: ops.sparse_categorical_crossentropy(
        t["whole"][:, 0] * 0 + 1, ops.softmax(t["x"])
    ),
    "Split": lambda t: ops.split(t["x"], 2, axis=1),
    "Squeeze": lambda t: ops.squeeze(t["x"][:, :1], axis=1),
    "Swapaxes": lambda t: ops.swapaxes(t["x"], 1, 2),
    "TakeAlongAxis": lambda t: ops.take_along_axis(t["x"], t["whole"] % 4, axis=1),
    "Take": lambda t: ops.take(t["x"], t["whole"] % 4, axis=1),
    "Tensordot": lambda t: ops.tensordot(t["x"], _kernel(4, 3), axes=1),
    "Threshold": lambda t: ops.threshold(t["x"], 0.2, -1.0),
    "Tile": lambda t: ops.tile(t["x"], (1, 2, 1)),
    "TopK": lambda t: ops.top_k(t["x"], 2),
    "Transpose": lambda t: ops.transpose(t["image"], (0, 3, 1, 2)),
    "Unfold": lambda t: ops.unfold(ops.transpose(t["image"], (0, 3, 1, 2)), 2),
    "Unstack": lambda t: ops.unstack(t["x"], axis=1),
    "Vsplit": lambda t: ops.vsplit(t["x"][0], 2),
    "Where": lambda t: ops.where(t["x"] > 0.5, t["x"], -1.0),
}
MIXED: list[Callable[[Tensors], Any]] = [
    lambda t: t["x"] ** 2,
    lambda t: 2.0 ** t["x"],
    lambda t: ops.mean(t["x"], axis=(1, 2), keepdims=True),
    lambda t: ops.max(t["x"], axis=-1, initial=0.3),
    lambda t: ops.prod(t["x"], axis=1),
    lambda t: ops.softmax(t["x"], axis=1),
    lambda t: t["x"][:, 0],
    lambda t: t["x"][:, -1, ::-1],
    lambda t: t["x"] + np.array([1.0, 2.0, 3.0, 4.0], dtype="float32"),
    lambda t: ops.average(t["x"], axis=1, weights=np.array([1.0, 2.0, 3.0, 4.0])),
    lambda t: ops.stack([t["x"], t["y"], t["x"]], axis=1),
    lambda t: ops.clip(t["x"], 0, 0.5) - ops.floor(t["y"]) // 2 + t["x"] % 0.3,
    lambda t: ops.where(ops.logical_and(t["x"] > 0, t["y"] <= 0), t["x"], t["y"]),
    lambda t: ops.matmul(t["x"], t["y"]) @ t["x"],
    lambda t: ops.concatenate([t["x"], t["y"]], axis=0)[:2, :],
    lambda t: ops.split(t["image"], [1, 3], axis=1)[1],
]
RANDOM = ("ElasticTransform", "EmptyLike")
"""Operations whose results nobody can foretell."""


def of_signature(name: str) -> Callable[[Tensors], Any]:
    """A call of an operation that needs nothing but tensors."""
    entry = OFFERED[name]
    whole = name.startswith(("Bitwise", "Left", "Right", "Gcd", "Lcm"))
    pool = ("whole", "other") if whole else ("x", "y")

    def call(tensors: Tensors) -> Any:
        if name in LISTS:
            return entry.target()([tensors[one] for one in pool])
        needed = [one for one in operands(entry.target)[0].values() if one is REQUIRED]
        return entry.target()(*(tensors[pool[place % 2]] for place, _ in enumerate(needed)))

    return call


def model_of(calls: list[Callable[[Tensors], Any]]) -> Any:
    tensors = {name: keras.Input(s, dtype=d, name=name) for name, (s, d) in INPUTS.items()}
    results = [result for call in calls for result in keras.tree.flatten(call(tensors))]
    return keras.Model(tensors, [*results, *tensors.values()])


def numbers_in(seed: int) -> Tensors:
    random = np.random.default_rng(seed)
    made = {
        name: random.normal(size=(2, *shape))
        if dtype == "float32"
        else random.integers(0, 9, (2, *shape))
        for name, (shape, dtype) in INPUTS.items()
    }
    return {name: value.astype(INPUTS[name][1]) for name, value in made.items()}


def assert_same(calls: dict[str, Callable[[Tensors], Any]]) -> None:
    """Keras's model and ours, by way of the JSON and of the canonical stack, agree."""
    theirs = model_of(list(calls.values()))
    stack, findings = read(json.loads(theirs.to_json()))
    assert [item.to_json() for item in findings.items] == []
    canonical = json.loads(json.dumps(stack.to_json()))
    ours = build_network(canonical)
    given = numbers_in(3)
    expected, found = theirs(given), ours(given)
    for name, wanted in zip(stack.outputs, expected, strict=True):
        np.testing.assert_allclose(found[name], wanted, rtol=1e-4, atol=1e-5, err_msg=name)


NAMED = {name: MADE.get(name) or of_signature(name) for name in OFFERED if name not in RANDOM}
GROUPS = [sorted(NAMED)[start : start + 40] for start in range(0, len(NAMED), 40)]


def test_many_operations_are_offered() -> None:
    assert len(NAMED) > 180
    assert set(MADE) <= set(OFFERED)


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: f"{names[0]}-{names[-1]}")
def test_operations_compute_as_in_keras(names: list[str]) -> None:
    assert_same({name: NAMED[name] for name in names})


def test_what_people_write_computes_as_in_keras() -> None:
    assert_same({str(place): call for place, call in enumerate(MIXED)})


ROW: dict[str, Any] = {"class_name": "Input", "name": "x", "shape": [4, 4]}
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a huge shape": (
        {"class_name": "ops.Reshape", "newshape": [10**12]},
        *("/stack/1/newshape/0", "too-large"),
    ),
    "a huge result for every batch": (
        {"class_name": "ops.BroadcastTo", "shape": [10**9, 4, 4]},
        *("/stack/1", "too-large"),
    ),
    "too many parts": (
        {"class_name": "ops.Split", "indices_or_sections": 10**9, "axis": 1},
        *("/stack/1/indices_or_sections", "too-large"),
    ),
    "an endless equation": (
        {"class_name": "ops.Einsum", "subscripts": "a" * 10**6},
        *("/stack/1/subscripts", "too-large"),
    ),
    "an endless key": (
        {"class_name": "ops.GetItem", "kwargs": {"key": ":," * 10**6}},
        *("/stack/1/kwargs/key", "bad-value"),
    ),
    "a key that is code": (
        {"class_name": "ops.GetItem", "kwargs": {"key": "__import__('os')"}},
        *("/stack/1/kwargs/key", "bad-value"),
    ),
    "a ragged tensor": (
        {"class_name": "ops.Add", "kwargs": {"x2": {"value": [[1], [1, 2]], "dtype": "float32"}}},
        *("/stack/1/kwargs/x2", "bad-value"),
    ),
    "an object": (
        {"class_name": "ops.Add", "kwargs": {"x2": {"module": "os"}}},
        *("/stack/1/kwargs/x2", "bad-value"),
    ),
    "a number that is none": (
        {"class_name": "ops.Add", "kwargs": {"x2": float("nan")}},
        *("/stack/1/kwargs/x2", "bad-value"),
    ),
    "too few operands": ({"class_name": "ops.Matmul"}, "/stack/1", "missing-argument"),
    "too many operands": (
        {"class_name": "ops.Abs", "inputs": ["x", "x"]},
        *("/stack/1/inputs", "bad-value"),
    ),
    "an operand that it has not": (
        {"class_name": "ops.Add", "kwargs": {"x3": 1}},
        *("/stack/1/kwargs/x3", "unknown-argument"),
    ),
    "an operation that calls code": (
        {"class_name": "ops.Map", "inputs": "x"},
        *("/stack/1/class_name", "forbidden-class"),
    ),
    "no operation": ({"class_name": "ops.Meen"}, "/stack/1/class_name", "unknown-layer"),
    "shapes that do not fit": (
        {"class_name": "ops.Matmul", "kwargs": {"x2": {"value": [[1.0]], "dtype": "float32"}}},
        *("/stack/1", "shape-mismatch"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_operations_are_refused(name: str) -> None:
    line, pointer, code = REFUSED[name]
    with pytest.raises(Fault) as refused:
        check.run({"stack": [ROW, line, {"class_name": "Flatten"}]}, Silent())
    assert (pointer, code) in {(item.pointer, item.code) for item in refused.value.items}


def test_a_misspelt_operation_is_told_what_is_like_it() -> None:
    items = read([ROW, {"class_name": "ops.Meen"}])[1].items
    assert "ops.Mean" in items[0].did_you_mean


def test_operations_stand_in_stacks_and_plans() -> None:
    stack = [
        ROW,
        {"class_name": "ops.Power", "kwargs": {"x1": 2}},
        {"class_name": "ops.GetItem", "kwargs": {"key": ":, 0"}},
        {"class_name": "Dense", "units": 3},
    ]
    plan = check.run({"stack": stack}, Silent())
    assert [line["output_shape"] for line in plan["layers"]] == [
        *([None, 4, 4], [None, 4, 4], [None, 4], [None, 3]),
    ]
    assert plan["parameters"]["total"] == 15
    assert [line["name"] for line in plan["layers"]][1:] == ["power", "get_item", "dense"]
    again = check.run({"stack": plan["request"]["stack"]}, Silent())
    assert again["layers"] == plan["layers"]


def test_masks_that_keras_writes_out_are_read() -> None:
    tokens = keras.Input((5,), dtype="int32")
    embedded = keras.layers.Embedding(9, 4, mask_zero=True)(tokens)
    model = keras.Model(tokens, keras.layers.Bidirectional(keras.layers.LSTM(3))(embedded))
    ours = build_network(json.loads(model.to_json()))
    ours.set_weights(model.get_weights())
    given = np.array([[1, 2, 0, 0, 0], [3, 4, 5, 6, 0]])
    np.testing.assert_allclose(ours(given), model(given), rtol=1e-5, atol=1e-6)


def test_whole_numbers_stay_whole() -> None:
    tokens = keras.Input((5,), dtype="int32")
    model = keras.Model(tokens, keras.layers.Embedding(9, 4)(tokens * 2 + 1))
    stack, findings = read(json.loads(model.to_json()))
    assert findings.items == []
    assert [line.class_name for line in stack.lines][1:3] == ["ops.Multiply", "ops.Add"]


@pytest.mark.parametrize(
    "line",
    [
        {"class_name": "ops.Mean"},
        {"class_name": "ops.Mean", "axis": 0},
        {"class_name": "ops.GetItem", "kwargs": {"key": "0"}},
    ],
)
def test_outputs_give_something_for_each_row(line: dict[str, Any]) -> None:
    with pytest.raises(Fault) as refused:
        check.run({"stack": [ROW, line]}, Silent())
    assert [(item.pointer, item.code) for item in refused.value.items] == [
        ("/stack/1", "shape-mismatch")
    ]


def test_networks_with_operations_train(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 4, 4)).astype("float32")
    buffer = io.BytesIO()
    np.savez(buffer, x=x, y=(x.mean(axis=(1, 2)) > 0).astype("int32"))
    stored = _job.stored(tmp_path, buffer.getvalue())
    stack = [
        ROW,
        {"class_name": "ops.Mean", "axis": 1, "name": "mean"},
        {"class_name": "ops.Max", "axis": 1, "inputs": "x"},
        {"class_name": "ops.Clip", "x_min": -1, "x_max": 1},
        {"class_name": "ops.Add", "kwargs": {"x2": {"value": [1, 2, 3, 4], "dtype": "float32"}}},
        {"class_name": "ops.Concatenate", "axis": -1, "inputs": ["mean", "add"]},
        {"class_name": "Dense", "units": 2, "activation": "softmax"},
    ]
    body = {"stack": stack, "data": {"dataset": "ds_x", "target": "y"}}
    body["fit"] = {"epochs": 15, "seed": 1}
    body["compile"] = {"optimizer": {"class_name": "Adam", "learning_rate": 0.05}}
    plan = check.run({**body, "schema": stored["schema"]}, Silent())
    out = tmp_path / "out"
    result = train.run(_job.payload(stored, plan["request"], out), Recorder())
    assert result["evaluation"]["metrics"]["accuracy"] > 0.8
    kept = keras.models.load_model(out / artefacts.FOLDER / "network.keras")
    again = build_network(json.loads((out / artefacts.FOLDER / "stack.json").read_text()))
    again.load_weights(out / artefacts.FOLDER / "network.weights.h5")
    np.testing.assert_allclose(kept(x), again(x), rtol=1e-5)
