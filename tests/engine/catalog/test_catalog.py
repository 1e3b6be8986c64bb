"""The catalogue against the running Keras."""

import inspect
import json

import keras
import pytest

from engine.callbacks import OWN
from engine.catalog import KINDS, entries, find, suggestions
from engine.catalog.forbidden import FORBIDDEN
from engine.faults import Fault
from engine.tasks import catalog

from ..silent import Silent

OPTIMIZERS = (
    "adam adamw sgd rmsprop adagrad adadelta adamax nadam ftrl lion muon adafactor lamb "
    "schedulefreeadamw"
)
LOSSES = (
    "mse mae mape msle bce kld MSE BCE binary_crossentropy categorical_crossentropy "
    "sparse_categorical_crossentropy hinge squared_hinge huber log_cosh poisson cosine_similarity "
    "kl_divergence dice tversky ctc circle binary_focal_crossentropy MeanSquaredError"
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_of_keras_is_there_under_every_name(kind: str) -> None:
    module, _ = KINDS[kind]
    for name in dir(module):
        value = getattr(module, name)
        if not isinstance(value, type) or name.startswith("_"):
            continue
        entry = find(kind, name)
        assert entry is not None, name
        assert entry.target is value or entry.target in OWN


@pytest.mark.parametrize("kind", KINDS)
def test_required_arguments_are_those_of_the_signature(kind: str) -> None:
    for entry in entries(kind).values():
        if kind == "activations" or entry.forbidden:
            continue
        parameters = inspect.signature(entry.target.__init__).parameters.values()
        needed = [
            p.name
            for p in parameters
            if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        assert entry.required == needed[1:], entry.name


@pytest.mark.parametrize("kind", KINDS)
def test_reasons_are_for_classes_that_exist(kind: str) -> None:
    assert set(FORBIDDEN[kind]) <= set(entries(kind))


@pytest.mark.parametrize("name", OPTIMIZERS.split())
def test_optimizers_by_identifier(name: str) -> None:
    entry = find("optimizers", name)
    assert entry is not None
    if name != "lamb":
        assert entry.target is type(keras.optimizers.get(name))


@pytest.mark.parametrize("name", LOSSES.split())
def test_losses_by_identifier(name: str) -> None:
    entry = find("losses", name)
    theirs = keras.losses.get(name)
    assert entry is not None
    made = entry.target()
    own_function = getattr(made, "fn", None)
    assert own_function is theirs or isinstance(theirs, entry.target)


@pytest.mark.parametrize("name", ["mse", "mae", "auc", "AUC", "f1_score", "r2_score", "precision"])
def test_metrics_by_identifier(name: str) -> None:
    entry = find("metrics", name)
    assert entry is not None
    assert isinstance(keras.metrics.get(name), entry.target)


@pytest.mark.parametrize("name", ["he_normal", "zeros", "uniform", "normal", "glorot_uniform"])
def test_initializers_by_identifier(name: str) -> None:
    entry = find("initializers", name)
    assert entry is not None
    assert isinstance(keras.initializers.get(name), entry.target)


def test_activations_are_functions_and_swish_is_silu() -> None:
    silu, swish = find("activations", "silu"), find("activations", "swish")
    assert silu is not None
    assert silu is swish
    assert find("activations", "get") is None
    assert find("activations", "deserialize") is None


def test_misspelt_names() -> None:
    assert suggestions("LTSM", list(entries("layers")))[0] == "LSTM"
    assert suggestions("conv_2d", list(entries("layers")))[0] == "Conv2D"
    assert suggestions("x" * 10_000, list(entries("layers"))) == []


@pytest.mark.parametrize("kind", [*KINDS, "operations", "encodings", "targets", "formats"])
def test_the_task_answers_plain_data(kind: str) -> None:
    data = catalog.run({"kind": kind}, Silent())["data"]
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert len(data) > 3
    assert all(entry["doc"] for entry in data if not entry.get("forbidden"))


def test_the_task_refuses_other_kinds() -> None:
    with pytest.raises(Fault, match="no catalogue"):
        catalog.run({"kind": "spells"}, Silent())


@pytest.mark.parametrize(
    ("name", "family", "rank", "weights"),
    [
        ("Dense", "core", None, True),
        ("Input", "core", None, False),
        ("Conv1D", "convolution", 1, True),
        ("MaxPooling2D", "pooling", 2, False),
        ("LSTM", "recurrent", 1, True),
        ("MultiHeadAttention", "attention", None, True),
        ("BatchNormalization", "normalisation", None, True),
        ("Dropout", "regularisation", None, False),
        ("Flatten", "reshaping", None, False),
        ("Add", "merging", None, False),
        ("ReLU", "activation", None, False),
        ("RandomFlip", "preprocessing", 2, False),
        ("Masking", "utility", None, False),
        ("Bidirectional", "wrapper", 1, True),
    ],
)
def test_families(name: str, family: str, rank: int | None, weights: bool) -> None:
    data = catalog.run({"kind": "layers"}, Silent())["data"]
    entry = next(entry for entry in data if entry["name"] == name)
    assert (entry["family"], entry["rank"], entry["has_weights"]) == (family, rank, weights)


def test_arguments_have_defaults_and_texts() -> None:
    data = catalog.run({"kind": "layers"}, Silent())["data"]
    dense = next(entry for entry in data if entry["name"] == "Dense")
    arguments = {argument["name"]: argument for argument in dense["arguments"]}
    assert arguments["units"]["required"] is True
    assert "dimensionality" in arguments["units"]["doc"]
    assert arguments["use_bias"] == {
        "name": "use_bias",
        "required": False,
        "default": True,
        "doc": arguments["use_bias"]["doc"],
        "form": {"type": "boolean", "default": True},
    }
    assert dense["has_activation"] is True
    assert dense["has_bias"] is True
