"""What a layer is for: its family, the number of spatial axes it works along, what it has."""

import keras

from .entry import Entry

_BY_PACKAGE = {
    "convolutional": "convolution",
    "pooling": "pooling",
    "rnn": "recurrent",
    "attention": "attention",
    "normalization": "normalisation",
    "regularization": "regularisation",
    "reshaping": "reshaping",
    "merging": "merging",
    "activations": "activation",
    "preprocessing": "preprocessing",
}
_UTILITY = frozenset({"Identity", "Masking", "Pipeline"})
_WITHOUT_WEIGHTS = frozenset(
    {"pooling", "regularisation", "reshaping", "merging", "preprocessing", "utility"}
)
_WEIGHTLESS = frozenset(
    {"InputLayer", "Activation", "ELU", "LeakyReLU", "ReLU", "Softmax", "UnitNormalization"}
)


def family(entry: Entry) -> str:
    """The family of a layer: core, convolution, pooling, recurrent, … (see the catalogue)."""
    package = entry.target.__module__.split(".")[3:4]
    if entry.name in _UTILITY:
        return "utility"
    if entry.name == "Bidirectional" or issubclass(entry.target, keras.layers.Wrapper):
        return "wrapper"
    return _BY_PACKAGE.get(package[0] if package else "", "core")


def rank(entry: Entry) -> int | None:
    """1 for sequences, 2 for images, 3 for volumes; None when the layer takes any."""
    for number in (1, 2, 3):
        if f"{number}D" in entry.name:
            return number
    if family(entry) == "recurrent" or entry.name == "Bidirectional":
        return 1
    return 2 if ".image_preprocessing." in entry.target.__module__ else None


def has_weights(entry: Entry) -> bool:
    """Whether layers of the class can have weights of their own (a wrapper has its layer's)."""
    return family(entry) not in _WITHOUT_WEIGHTS and entry.name not in _WEIGHTLESS


def has_activation(entry: Entry) -> bool:
    """Whether the class takes an activation."""
    return "activation" in entry.arguments


def has_bias(entry: Entry) -> bool:
    """Whether the class can add a bias."""
    return bool({"use_bias", "bias_initializer", "bias_axes"} & set(entry.arguments))
