"""Requests against their data: what is filled in, and what does not fit."""

from typing import Any

import pytest

from engine.dataset.schema import Column, Schema
from engine.faults import Fault
from engine.tasks import check

from ..silent import Silent
from ..stack.patch import patched

DENSE = {"class_name": "Dense", "units": 8, "activation": "relu"}


def softmax(units: int) -> dict[str, Any]:
    return {"class_name": "Dense", "units": units, "activation": "softmax"}


LINEAR = {"class_name": "Dense", "units": 1}
SIGMOID = {"class_name": "Dense", "units": 1, "activation": "sigmoid"}
AUTO = {"class_name": "Adam", "learning_rate": "auto"}
BY_EPOCH = {"class_name": "LearningRateScheduler"}


def table(rows: int = 150) -> Schema:
    numbers = [Column(name, "number", "float64", distinct=40) for name in ("length", "width")]
    return Schema(
        rows,
        [
            *numbers,
            Column("colour", "category", "str", distinct=3, categories=["blue", "green", "red"]),
            Column("grade", "integer", "int64", distinct=4, categories=["1", "2", "3", "4"]),
            Column("sold", "boolean", "bool", distinct=2, categories=["false", "true"]),
            Column("constant", "number", "float64", distinct=1),
            Column("species", "category", "str", distinct=3, categories=["a", "b", "c"]),
        ],
    )


def pictures(size: int | None = 28) -> Schema:
    categories = [str(number) for number in range(10)]
    return Schema(
        500,
        [
            Column("image", "image", "uint8", shape=[size, size, 1]),
            Column("label", "category", "str", distinct=10, categories=categories, role="label"),
        ],
    )


def body(stack: Any, schema: Schema | None = None, **sections: Any) -> dict[str, Any]:
    data = {"dataset": "ds_1", "target": "species", **sections.pop("data", {})}
    given = schema or table()
    return {"stack": stack, "data": data, "schema": given.to_json(), **sections}


def plan(stack: Any, schema: Schema | None = None, **sections: Any) -> dict[str, Any]:
    return check.run(body(stack, schema, **sections), Silent())


def refusal(stack: Any, schema: Schema | None = None, **sections: Any) -> Fault:
    with pytest.raises(Fault) as caught:
        plan(stack, schema, **sections)
    return caught.value


def test_the_smallest_body_is_filled_in() -> None:
    found = plan([DENSE, softmax(3)])
    request = found["request"]
    feed = request["data"]["inputs"]["input"]
    assert feed["columns"] == ["length", "width", "colour", "grade", "sold"]
    names = [encoding["class_name"] for encoding in feed["encoding"]]
    assert names == ["standard", "standard", "one_hot", "standard", "raw"]
    assert [one["column"] for one in found["left_out"]] == ["constant"]
    assert request["stack"]["layers"][0]["shape"] == [7]
    assert request["compile"]["loss"]["class_name"] == "SparseCategoricalCrossentropy"
    assert request["compile"]["loss"]["from_logits"] is False
    assert [m["class_name"] for m in request["compile"]["metrics"]] == ["SparseCategoricalAccuracy"]
    assert [m["name"] for m in request["compile"]["metrics"]] == ["accuracy"]
    assert request["compile"]["optimizer"]["class_name"] == "Adam"
    assert request["compile"]["optimizer"]["learning_rate"] == 0.001
    assert request["data"]["split"] == {
        **{"by": "stratified", "column": None},
        **{"validation": 0.2, "test": 0.0, "seed": None},
    }
    assert request["fit"]["batch_size"] == 32
    assert found["steps_per_epoch"] == 4


STACKS: list[tuple[str, Any, Schema, dict[str, Any]]] = [
    ("table", [DENSE, softmax(3)], table(), {}),
    ("regression", [DENSE, LINEAR], table(), {"data": {"target": "length"}}),
    (
        "images",
        [
            {"class_name": "Conv2D", "filters": 2, "kernel_size": 3},
            {"class_name": "Flatten"},
            softmax(10),
        ],
        pictures(),
        {"data": {"target": None}, "callbacks": [{"class_name": "EarlyStopping"}]},
    ),
    (
        "embedding",
        [
            {"class_name": "Embedding", "input_dim": 5, "output_dim": 2},
            {"class_name": "Flatten"},
            softmax(3),
        ],
        table(),
        {"data": {"features": ["colour"]}},
    ),
    (
        "two inputs, two outputs",
        {
            "layers": [
                {"class_name": "Input", "name": "sizes"},
                DENSE,
                {"class_name": "Input", "name": "tint"},
                {"class_name": "Concatenate", "name": "both", "inputs": ["dense", "tint"]},
                {"class_name": "Dense", "name": "price", "units": 1},
                {**softmax(3), "name": "kind", "inputs": "both"},
            ]
        },
        table(),
        {
            "data": {
                "target": {"price": "grade", "kind": "species"},
                "inputs": {
                    "sizes": {"columns": ["length", "width"], "encoding": ["raw", "standard"]},
                    "tint": {"columns": ["colour"], "encoding": {"class_name": "one_hot"}},
                },
            },
            "compile": {
                "optimizer": {
                    "class_name": "SGD",
                    "learning_rate": {
                        "class_name": "CosineDecay",
                        "initial_learning_rate": 0.1,
                        "decay_steps": 100,
                    },
                },
                "loss": {"price": "mae"},
                "loss_weights": {"price": 0.5, "kind": 1.0},
                "metrics": {
                    "price": ["mse"],
                    "kind": ["acc", {"class_name": "SparseTopKCategoricalAccuracy", "k": 2}],
                },
            },
        },
    ),
]


@pytest.mark.parametrize(
    ("stack", "schema", "sections"), [case[1:] for case in STACKS], ids=[c[0] for c in STACKS]
)
def test_a_canonical_request_is_its_own(stack: Any, schema: Schema, sections: Any) -> None:
    first = plan(stack, schema, **sections)
    again = check.run({"schema": schema.to_json(), **first["request"]}, Silent())
    assert again["request"] == first["request"]
    assert again["layers"] == first["layers"]
    assert first["shapes"] is True


def test_two_outputs_are_filled_in_by_name() -> None:
    _, stack, schema, sections = STACKS[4]
    settings = plan(stack, schema, **sections)["request"]["compile"]
    assert settings["loss"]["price"]["class_name"] == "MeanAbsoluteError"
    assert settings["loss"]["kind"]["class_name"] == "SparseCategoricalCrossentropy"
    assert [m["name"] for m in settings["metrics"]["kind"]] == [
        "acc",
        "sparse_top_k_categorical_accuracy",
    ]
    assert settings["metrics"]["price"][0]["class_name"] == "MeanSquaredError"
    assert settings["optimizer"]["learning_rate"]["class_name"] == "CosineDecay"


@pytest.mark.parametrize(
    ("end", "target", "loss", "logits", "metric"),
    [
        (softmax(3), "species", "SparseCategoricalCrossentropy", False, "accuracy"),
        (
            {"class_name": "Dense", "units": 3},
            "species",
            "SparseCategoricalCrossentropy",
            True,
            "accuracy",
        ),
        (SIGMOID, "sold", "BinaryCrossentropy", False, "accuracy"),
        (LINEAR, "sold", "BinaryCrossentropy", True, "accuracy"),
        (LINEAR, "length", "MeanSquaredError", None, "mae"),
        (LINEAR, "grade", "MeanSquaredError", None, "mae"),
        (softmax(4), "grade", "SparseCategoricalCrossentropy", False, "accuracy"),
    ],
)
def test_loss_follows_target_and_last_layer(
    end: Any, target: str, loss: str, logits: bool | None, metric: str
) -> None:
    settings = plan([DENSE, end], data={"target": target})["request"]["compile"]
    assert settings["loss"]["class_name"] == loss
    assert settings["loss"].get("from_logits") is logits
    assert [m["name"] for m in settings["metrics"]] == [metric]


def test_an_operation_at_the_end_is_the_activation() -> None:
    stack = [DENSE, {"class_name": "Dense", "units": 3}, {"class_name": "ops.Softmax"}]
    loss = plan(stack, data={"target": "species"})["request"]["compile"]["loss"]
    assert loss["from_logits"] is False


def test_recurrent_stacks_get_rmsprop() -> None:
    schema = Schema(90, [Column("wave", "tensor", "float32", shape=[20, 3]), *table().columns[-1:]])
    layers = [{"class_name": "Bidirectional", "layer": {"class_name": "LSTM", "units": 4}}]
    found = plan([*layers, softmax(3)], schema)
    assert found["request"]["compile"]["optimizer"]["class_name"] == "RMSprop"
    assert found["request"]["data"]["inputs"]["input"]["columns"] == ["wave"]
    assert found["layers"][0]["output_shape"] == [None, 20, 3]


def test_images_take_the_size_of_the_input() -> None:
    layers = [{"class_name": "Input", "shape": [32, 32, 3]}, {"class_name": "Flatten"}, softmax(10)]
    found = plan(layers, pictures(None), data={"target": None})
    encoding = found["request"]["data"]["inputs"]["input"]["encoding"][0]
    assert (encoding["height"], encoding["width"], encoding["channels"]) == (32, 32, 3)


WRONG: list[tuple[str, Any, dict[str, Any], str, str, str]] = [
    ("units", [DENSE, softmax(2)], {}, "data-stack-mismatch", "/stack/1", "target-mismatch"),
    (
        "column",
        [DENSE, softmax(3)],
        {"data": {"target": "speces"}},
        "data-stack-mismatch",
        "/data/target",
        "unknown-column",
    ),
    (
        "no target",
        [DENSE, softmax(3)],
        {"data": {"target": None}},
        "data-stack-mismatch",
        "/data/target",
        "missing-field",
    ),
    (
        "input shape",
        [{"class_name": "Input", "shape": [9]}, softmax(3)],
        {},
        "invalid-stack",
        "/stack/0/shape",
        "shape-mismatch",
    ),
    (
        "feature",
        [DENSE, softmax(3)],
        {"data": {"features": ["lenght"]}},
        "data-stack-mismatch",
        "/data/features/0",
        "unknown-column",
    ),
    (
        "feature is target",
        [DENSE, softmax(3)],
        {"data": {"features": ["length", "species"]}},
        "data-stack-mismatch",
        "/data/features/1",
        "bad-value",
    ),
    (
        "vocabulary",
        [
            {"class_name": "Embedding", "input_dim": 2, "output_dim": 2},
            {"class_name": "Flatten"},
            softmax(3),
        ],
        {"data": {"features": ["colour"]}},
        "invalid-stack",
        "/stack/0/input_dim",
        "bad-value",
    ),
    (
        "loss for classes",
        [DENSE, LINEAR],
        {"data": {"target": "length"}, "compile": {"loss": "sparse_categorical_crossentropy"}},
        "invalid-training",
        "/compile/loss",
        "loss-mismatch",
    ),
    (
        "accuracy of numbers",
        [DENSE, LINEAR],
        {"data": {"target": "length"}, "compile": {"metrics": ["accuracy"]}},
        "invalid-training",
        "/compile/metrics/0",
        "loss-mismatch",
    ),
    (
        "stratified numbers",
        [DENSE, LINEAR],
        {"data": {"target": "length", "split": {"by": "stratified"}}},
        "data-stack-mismatch",
        "/data/split/by",
        "bad-value",
    ),
    (
        "class weight",
        [DENSE, LINEAR],
        {"data": {"target": "length"}, "fit": {"class_weight": "balanced"}},
        "invalid-training",
        "/fit/class_weight",
        "bad-value",
    ),
    (
        "monitor",
        [DENSE, softmax(3)],
        {"data": {"split": {"validation": 0}}, "callbacks": [{"class_name": "EarlyStopping"}]},
        "invalid-training",
        "/callbacks/0/monitor",
        "bad-value",
    ),
]


@pytest.mark.parametrize(
    ("stack", "sections", "code", "pointer", "item"),
    [case[1:] for case in WRONG],
    ids=[case[0] for case in WRONG],
)
def test_what_does_not_fit_comes_with_a_fix(
    stack: Any, sections: Any, code: str, pointer: str, item: str
) -> None:
    sent = body(stack, **sections)
    with pytest.raises(Fault) as caught:
        check.run(sent, Silent())
    assert caught.value.code == code
    assert [(one.pointer, one.code) for one in caught.value.items] == [(pointer, item)]
    fix = caught.value.items[0].fix
    assert fix is not None
    check.run(patched(sent, fix), Silent())


def test_a_head_without_flatten_is_given_a_pooling_layer() -> None:
    layers = [{"class_name": "Conv2D", "filters": 4, "kernel_size": 3}, softmax(10)]
    sent = body(layers, pictures(), data={"target": None})
    with pytest.raises(Fault) as caught:
        check.run(sent, Silent())
    item = caught.value.items[0]
    assert item.code == "target-mismatch"
    assert item.fix == [
        {"op": "add", "path": "/stack/1", "value": {"class_name": "GlobalAveragePooling2D"}}
    ]
    assert check.run(patched(sent, item.fix), Silent())["shapes"] is True


@pytest.mark.parametrize(
    ("sections", "pointer", "item"),
    [
        ({"compile": {"optimiser": "adam"}}, "/compile/optimiser", "unknown-field"),
        ({"compile": {"optimizer": "adamm"}}, "/compile/optimizer", "unknown-class"),
        (
            {"compile": {"optimizer": {"class_name": "Adam", "lr": 1}}},
            "/compile/optimizer/lr",
            "unknown-argument",
        ),
        (
            {
                "compile": {
                    "optimizer": {"class_name": "Adam", "learning_rate": {"class_name": "Cosine"}}
                }
            },
            "/compile/optimizer/learning_rate/class_name",
            "unknown-class",
        ),
        (
            {"compile": {"optimizer": {"class_name": "Adam", "clipnorm": 1, "clipvalue": 1}}},
            "/compile/optimizer/clipvalue",
            "bad-value",
        ),
        ({"compile": {"loss": "msee"}}, "/compile/loss", "unknown-class"),
        ({"compile": {"loss": {"dense": "mse", "x": "mse"}}}, "/compile/loss/x", "unknown-output"),
        ({"compile": {"metrics": ["accuracy", "f9"]}}, "/compile/metrics/1", "unknown-class"),
        (
            {"compile": {"metrics": ["accuracy", "accuracy"]}},
            "/compile/metrics/1",
            "duplicate-name",
        ),
        (
            {
                "compile": {
                    "metrics": [{"class_name": "MeanIoU", "num_classes": 10**6, "name": "x"}]
                }
            },
            "/compile/metrics/0/num_classes",
            "too-large",
        ),
        ({"compile": {"metrics": ["Mean"]}}, "/compile/metrics/0", "forbidden-class"),
        ({"compile": {"loss_weights": {"x": 1}}}, "/compile/loss_weights/x", "unknown-output"),
        ({"callbacks": ["BackupAndRestore"]}, "/callbacks/0", "forbidden-class"),
        ({"callbacks": ["LearningRateScheduler"]}, "/callbacks/0", "missing-argument"),
        (
            {"callbacks": [{"class_name": "LearningRateScheduler", "schedule": {"one": 1}}]},
            "/callbacks/0/schedule",
            "bad-value",
        ),
        (
            {"callbacks": [{"class_name": "LearningRateScheduler", "schedule": [0.1, "x"]}]},
            "/callbacks/0/schedule",
            "bad-value",
        ),
        (
            {"callbacks": [{"class_name": "EarlyStopping", "patience": {"0": 1}}]},
            "/callbacks/0/patience",
            "bad-type",
        ),
        (
            {"callbacks": [{"class_name": "ModelCheckpoint", "filepath": "/etc/x"}]},
            "/callbacks/0/filepath",
            "unknown-argument",
        ),
        (
            {"callbacks": [{"class_name": "ModelCheckpoint", "every": 0}]},
            "/callbacks/0/every",
            "bad-value",
        ),
        (
            {
                "compile": {
                    "optimizer": {
                        "class_name": "SGD",
                        "learning_rate": {
                            "class_name": "CosineDecay",
                            "initial_learning_rate": 0.1,
                            "decay_steps": 9,
                        },
                    }
                },
                "callbacks": [{"class_name": "LearningRateScheduler", "schedule": [0.1]}],
            },
            "/callbacks/0",
            "bad-value",
        ),
        *(
            ({"compile": {"optimizer": optimizer}, "callbacks": callbacks}, pointer, "bad-value")
            for optimizer, callbacks, pointer in (
                ({**AUTO, "class_name": "Adafactor"}, [], "/compile/optimizer/learning_rate"),
                ({**AUTO, "learning_rate": "autp"}, [], "/compile/optimizer/learning_rate"),
                (AUTO, [{**BY_EPOCH, "schedule": [0.1]}], "/callbacks/0"),
                (AUTO, [{**BY_EPOCH, "schedule": {"0": 0.1, "3": 0.01}}], "/callbacks/0"),
                (
                    {"class_name": "LossScaleOptimizer", "inner_optimizer": AUTO},
                    [{**BY_EPOCH, "schedule": [0.1]}],
                    "/callbacks/0",
                ),
            )
        ),
        (
            {
                "compile": {
                    "optimizer": {
                        "class_name": "SGD",
                        "learning_rate": {
                            "class_name": "CosineDecay",
                            "initial_learning_rate": "auto",
                            "decay_steps": 9,
                        },
                    }
                }
            },
            "/compile/optimizer/learning_rate/initial_learning_rate",
            "bad-type",
        ),
        (
            {"callbacks": [{"class_name": "LambdaCallback"}]},
            "/callbacks/0/class_name",
            "forbidden-class",
        ),
        (
            {"callbacks": [{"class_name": "EarlyStopping", "monitor": "val_acc"}]},
            "/callbacks/0/monitor",
            "bad-value",
        ),
        (
            {"callbacks": [{"class_name": "EarlyStopping", "mode": "up"}]},
            "/callbacks/0/mode",
            "bad-value",
        ),
        ({"callbacks": ["SwapEMAWeights"]}, "/callbacks/0", "bad-value"),
        ({"fit": {"class_weight": {"a": 1, "z": 2}}}, "/fit/class_weight/z", "bad-value"),
    ],
)
def test_training_settings(sections: Any, pointer: str, item: str) -> None:
    fault = refusal([DENSE, softmax(3)], **sections)
    assert fault.code == "invalid-training"
    assert (pointer, item) in [(one.pointer, one.code) for one in fault.items]


def test_a_learning_rate_may_be_left_to_the_training() -> None:
    later = {**BY_EPOCH, "schedule": {"3": 0.01}}
    for optimizer in (
        AUTO,
        {"class_name": "SGD", "config": {"learning_rate": "auto"}},
        {"class_name": "Adafactor", "learning_rate": "auto", "relative_step": False},
    ):
        sections = {"compile": {"optimizer": optimizer}, "callbacks": [later, "ReduceLROnPlateau"]}
        found = plan([DENSE, softmax(3)], **sections)["request"]
        assert found["compile"]["optimizer"]["learning_rate"] == "auto"
        again = plan([DENSE, softmax(3)], **{name: found[name] for name in sections})["request"]
        assert again["compile"] == found["compile"]


@pytest.mark.parametrize("name", ["EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN"])
def test_callbacks_without_files_are_allowed(name: str) -> None:
    found = plan([DENSE, softmax(3)], callbacks=[name])
    assert found["request"]["callbacks"][0]["class_name"] == name


def test_a_callback_may_watch_every_key_that_keras_logs() -> None:
    _, stack, schema, sections = STACKS[4]
    settings = {**sections["compile"], "weighted_metrics": {"kind": ["acc"]}}
    keys = ["loss", "price_loss", "kind_loss", "price_mse", "kind_acc", "kind_weighted_acc"]
    for key in [*keys, *(f"val_{key}" for key in keys)]:
        callbacks = [{"class_name": "EarlyStopping", "monitor": key, "mode": "min"}]
        plan(stack, schema, **{**sections, "compile": settings, "callbacks": callbacks})


@pytest.mark.parametrize("metric", ["AUC", "Precision", "F1Score", "CategoricalCrossentropy"])
def test_a_metric_that_cannot_compare_is_found_before_training(metric: str) -> None:
    fault = refusal([DENSE, softmax(3)], compile={"metrics": ["accuracy", metric]})
    assert [(one.pointer, one.code) for one in fault.items] == [
        ("/compile/metrics/1", "loss-mismatch")
    ]
    assert "categorical_crossentropy" in fault.items[0].detail
    settings = {"metrics": ["accuracy", metric], "loss": "categorical_crossentropy"}
    plan([DENSE, softmax(3)], compile=settings)


@pytest.mark.parametrize("size", [0, -3])
def test_a_batch_has_rows(size: int) -> None:
    fault = refusal([DENSE, softmax(3)], fit={"batch_size": size})
    assert [(one.pointer, one.code) for one in fault.items] == [("/fit/batch_size", "bad-value")]


def test_inputs_that_nothing_feeds() -> None:
    layers = [
        {"class_name": "Input", "name": "one"},
        {"class_name": "Input", "name": "two"},
        {"class_name": "Concatenate", "inputs": ["one", "two"]},
        softmax(3),
    ]
    assert [one.pointer for one in refusal(layers).items] == ["/data/inputs"]
    feeds = {"one": {"columns": ["length"]}, "too": {"columns": ["width"]}}
    fault = refusal(layers, data={"inputs": feeds})
    found = {(one.pointer, one.code) for one in fault.items}
    assert found == {("/data/inputs/too", "unknown-input"), ("/data/inputs/two", "missing-field")}


def test_an_input_made_from_the_data_takes_the_name_it_is_given() -> None:
    found = plan([DENSE, softmax(3)], data={"inputs": {"sizes": {"columns": ["length"]}}})
    assert found["request"]["stack"]["layers"][0]["name"] == "sizes"
    fault = refusal([DENSE, softmax(3)], data={"inputs": {"a b": {"columns": ["length"]}}})
    assert ("/data/inputs/a b", "unknown-input") in [(one.pointer, one.code) for one in fault.items]


@pytest.mark.parametrize(
    ("encoding", "pointer"),
    [
        ("one_hott", "/data/inputs/input/encoding"),
        ({"class_name": "one_hott"}, "/data/inputs/input/encoding/class_name"),
        (["standard", "image"], "/data/inputs/input/encoding/1"),
        (["standard"], "/data/inputs/input/encoding"),
        ({}, "/data/inputs/input/encoding"),
    ],
)
def test_encodings_that_do_not_fit(encoding: Any, pointer: str) -> None:
    feed = {"columns": ["length", "width"], "encoding": encoding}
    fault = refusal([DENSE, softmax(3)], data={"inputs": {"input": feed}})
    assert {(one.pointer, one.code) for one in fault.items} == {(pointer, "bad-encoding")}


def test_inputs_named_like_columns_need_no_word() -> None:
    layers = [
        {"class_name": "Input", "name": "length"},
        {"class_name": "Input", "name": "colour"},
        {"class_name": "Concatenate", "inputs": ["length", "colour"]},
        softmax(3),
    ]
    inputs = plan(layers)["request"]["data"]["inputs"]
    assert {name: feed["columns"] for name, feed in inputs.items()} == {
        "length": ["length"],
        "colour": ["colour"],
    }


def test_errors_of_every_section_come_together() -> None:
    fault = refusal(
        [{"class_name": "Dens", "units": 3}, softmax(3)],
        compile={"optimizer": "adamm"},
        data={"target": "speces"},
    )
    assert fault.code == "invalid-stack"
    assert [one.pointer for one in fault.items] == [
        "/stack/0/class_name",
        "/compile/optimizer",
        "/data/target",
    ]


def test_nothing_usable_is_left() -> None:
    schema = Schema(50, [table().column("constant"), table().column("species")])
    fault = refusal([DENSE, softmax(3)], schema)
    assert [(one.pointer, one.code) for one in fault.items] == [("/data", "no-features")]


def test_too_few_rows() -> None:
    fault = refusal([DENSE, softmax(3)], table(1), data={"split": {"validation": 0.6}})
    assert ("/data/split", "too-few-rows") in [(one.pointer, one.code) for one in fault.items]


@pytest.mark.parametrize(
    ("target", "pointer"),
    [
        ([], "/data/target"),
        ({"columns": [], "encoding": "number"}, "/data/target/columns"),
        ({"columns": ["length", "length"]}, "/data/target/columns/1"),
        ({"columns": "lenght", "encoding": "number"}, "/data/target/columns"),
        ({"columns": "length", "encoding": "multi_label"}, "/data/target/encoding"),
        ({"columns": "length", "encoding": {"class_name": "number", "scale": "x"}},
         "/data/target/encoding/scale"),
        (["length", "colour"], "/data/target"),
    ],
)  # fmt: skip
def test_targets_that_cannot_be_learned_so(target: Any, pointer: str) -> None:
    fault = refusal([DENSE, softmax(3)], data={"target": target})
    assert pointer in [one.pointer for one in fault.items]


def test_a_target_in_its_canonical_form_is_its_own() -> None:
    way = {"class_name": "number", "scale": "log"}
    for target in (["length", "width"], {"columns": "length", "encoding": way}):
        units = 2 if isinstance(target, list) else 1
        stack = [DENSE, {"class_name": "Dense", "units": units}]
        found = plan(stack, data={"target": target})["request"]
        assert found["data"]["target"] == target
        assert "length" not in found["data"]["inputs"]["input"]["columns"]
        assert found["compile"]["loss"]["class_name"] == "MeanSquaredError"
