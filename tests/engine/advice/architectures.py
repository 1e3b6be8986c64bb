"""Published architectures, written as their authors describe them."""

from typing import Any

from engine.advice._examples import alone, data, dense, layer

Layers = list[dict[str, Any]]


def conv(filters: int, size: Any = 3, activation: str | None = "relu", **more: Any) -> Any:
    kind = more.pop("kind", "Conv2D")
    more.setdefault("padding", "same")
    named = {"activation": activation} if activation else {}
    return layer(kind, filters=filters, kernel_size=size, **named, **more)


def lenet() -> Layers:
    """LeNet-5 (LeCun and others 1998)."""
    return [
        data(32, 32, 1),
        conv(6, 5, "tanh", padding="valid"),
        layer("AveragePooling2D", pool_size=2),
        conv(16, 5, "tanh", padding="valid"),
        layer("AveragePooling2D", pool_size=2),
        conv(120, 5, "tanh", padding="valid"),
        layer("Flatten"),
        dense(84, "tanh"),
        dense(10, "softmax"),
    ]


def alexnet() -> Layers:
    """AlexNet (Krizhevsky and others 2012)."""
    return [
        data(227, 227, 3),
        conv(96, 11, strides=4, padding="valid"),
        layer("MaxPooling2D", pool_size=3, strides=2),
        conv(256, 5),
        layer("MaxPooling2D", pool_size=3, strides=2),
        conv(384),
        conv(384),
        conv(256),
        layer("MaxPooling2D", pool_size=3, strides=2),
        layer("Flatten"),
        dense(4096),
        layer("Dropout", rate=0.5),
        dense(4096),
        layer("Dropout", rate=0.5),
        dense(1000, "softmax"),
    ]


def vgg() -> Layers:
    """VGG-16 on pictures of 32 x 32 (Simonyan and Zisserman 2014; the usual smaller head)."""
    layers = [data(32, 32, 3)]
    for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        layers += [conv(filters)] * times + [layer("MaxPooling2D")]
    return [
        *layers,
        layer("Flatten"),
        dense(512),
        layer("Dropout", rate=0.5),
        dense(10, "softmax"),
    ]


def resnet() -> Layers:
    """Two residual blocks, one with a projection (He and others 2015)."""
    layers = [data(56, 56, 64, name="x")]
    above = "x"
    for name, filters, stride in (("a", 64, 1), ("b", 128, 2)):
        shortcut = above
        if stride > 1:
            shortcut = f"{name}_shortcut"
            layers += [
                conv(filters, 1, None, strides=stride, use_bias=False, inputs=above, name=shortcut),
            ]
        layers += [
            conv(filters, 3, None, strides=stride, use_bias=False, inputs=above),
            layer("BatchNormalization"),
            layer("ReLU"),
            conv(filters, 3, None, use_bias=False),
            layer("BatchNormalization", name=f"{name}_normal"),
            layer("Add", inputs=[f"{name}_normal", shortcut]),
            layer("ReLU", name=f"{name}_out"),
        ]
        above = f"{name}_out"
    return [*layers, layer("GlobalAveragePooling2D"), dense(10, "softmax")]


def text_cnn() -> Layers:
    """Convolutions for sentences (Kim 2014)."""
    layers = [
        data(60, dtype="int32"),
        layer("Embedding", input_dim=20_000, output_dim=300, name="words"),
    ]
    for size in (3, 4, 5):
        layers += [
            conv(100, size, kind="Conv1D", padding="valid", inputs="words"),
            layer("GlobalMaxPooling1D", name=f"of_{size}"),
        ]
    return [
        *layers,
        layer("Concatenate", inputs=["of_3", "of_4", "of_5"]),
        layer("Dropout", rate=0.5),
        dense(2, "softmax"),
    ]


def bilstm() -> Layers:
    """Two bidirectional LSTMs over words."""
    lstm = layer("LSTM", units=64)
    return [
        data(200, dtype="int32"),
        layer("Embedding", input_dim=20_000, output_dim=128),
        layer("Bidirectional", layer={**lstm, "return_sequences": True}),
        layer("Bidirectional", layer=lstm),
        dense(1, "sigmoid"),
    ]


def tagger() -> Layers:
    """A tag for every word, by a recurrent network."""
    return [
        data(50, dtype="int32"),
        layer("Embedding", input_dim=20_000, output_dim=100, mask_zero=True),
        layer("SpatialDropout1D", rate=0.1),
        layer("Bidirectional", layer=layer("LSTM", units=100, return_sequences=True)),
        layer("TimeDistributed", layer=dense(17, "softmax")),
    ]


def translator() -> Layers:
    """An encoder of sequences whose state a decoder unfolds (Sutskever and others 2014)."""
    return [
        data(10, 32),
        layer("LSTM", units=128),
        layer("RepeatVector", n=12),
        layer("LSTM", units=128, return_sequences=True),
        dense(64, "softmax"),
    ]


def deep_autoencoder() -> Layers:
    """An autoencoder with a linear code (Hinton and Salakhutdinov 2006, with ReLU)."""
    widths = (1000, 500, 250)
    return [
        data(784),
        *map(dense, widths),
        dense(30, None),
        *map(dense, reversed(widths)),
        dense(784, "sigmoid"),
    ]


def convolutional_autoencoder() -> Layers:
    """Pictures through a narrow middle and back."""
    return [
        data(28, 28, 1),
        conv(16),
        layer("MaxPooling2D"),
        conv(8),
        layer("MaxPooling2D"),
        conv(8),
        layer("UpSampling2D"),
        conv(16),
        layer("UpSampling2D"),
        conv(1, 3, "sigmoid"),
    ]


def unet() -> Layers:
    """A U-Net of depth two (Ronneberger and others 2015)."""
    layers = [data(64, 64, 1), conv(16), conv(16, name="down_0"), layer("MaxPooling2D")]
    layers += [conv(32), conv(32, name="down_1"), layer("MaxPooling2D"), conv(64), conv(64)]
    for depth, filters in ((1, 32), (0, 16)):
        layers += [
            conv(filters, 2, None, kind="Conv2DTranspose", strides=2, name=f"up_{depth}"),
            layer("Concatenate", inputs=[f"up_{depth}", f"down_{depth}"]),
            conv(filters),
            conv(filters),
        ]
    return [*layers, conv(1, 1, "sigmoid")]


def transformer() -> Layers:
    """Two encoder blocks (Vaswani and others 2017)."""
    layers = [
        data(80, dtype="int32"),
        layer("Embedding", input_dim=8000, output_dim=64, name="out"),
    ]
    above = "out"
    for block in ("a", "b"):
        layers += [
            layer("MultiHeadAttention", num_heads=4, key_dim=16, dropout=0.1, inputs=above),
            layer("Dropout", rate=0.1, name=f"{block}_attended"),
            layer("Add", inputs=[f"{block}_attended", above]),
            layer("LayerNormalization", name=f"{block}_normal"),
            dense(256),
            dense(64, None),
            layer("Dropout", rate=0.1, name=f"{block}_fed"),
            layer("Add", inputs=[f"{block}_fed", f"{block}_normal"]),
            layer("LayerNormalization", name=f"{block}_out"),
        ]
        above = f"{block}_out"
    return [*layers, layer("GlobalAveragePooling1D"), dense(2, "softmax")]


def wavenet() -> Layers:
    """Gated, dilated, causal convolutions with skips (van den Oord and others 2016)."""
    causal = {"kind": "Conv1D", "padding": "causal"}
    layers = [data(1024, 1), conv(32, 2, None, name="above_0", **causal)]
    skips = []
    for depth in range(4):
        above = f"above_{depth}"
        wide = {"dilation_rate": 2**depth, **causal}
        layers += [
            conv(32, 2, "tanh", name=f"filter_{depth}", inputs=above, **wide),
            conv(32, 2, "sigmoid", name=f"gate_{depth}", inputs=above, **wide),
            layer("Multiply", name=f"gated_{depth}", inputs=[f"filter_{depth}", f"gate_{depth}"]),
            conv(32, 1, None, kind="Conv1D", name=f"skip_{depth}"),
            layer("Add", name=f"above_{depth + 1}", inputs=[f"skip_{depth}", above]),
        ]
        skips.append(f"skip_{depth}")
    return [
        *layers,
        layer("Add", inputs=skips),
        layer("ReLU"),
        conv(32, 1, kind="Conv1D"),
        conv(256, 1, "softmax", kind="Conv1D"),
    ]


def wide_and_deep() -> Layers:
    """A linear part beside a deep one (Cheng and others 2016)."""
    return [
        data(100, name="wide"),
        data(20, name="deep"),
        dense(64, inputs="deep"),
        dense(32, name="deep_end"),
        layer("Concatenate", inputs=["wide", "deep_end"]),
        dense(1, "sigmoid"),
    ]


def mobilenet() -> Layers:
    """Depthwise separable blocks (Howard and others 2017)."""
    layers = [
        data(64, 64, 3),
        conv(32, 3, None, strides=2, use_bias=False),
        layer("BatchNormalization"),
        layer("ReLU", max_value=6.0),
    ]
    for filters, stride in ((64, 1), (128, 2), (128, 1)):
        layers += [
            layer("DepthwiseConv2D", kernel_size=3, strides=stride, padding="same", use_bias=False),
            layer("BatchNormalization"),
            layer("ReLU", max_value=6.0),
            conv(filters, 1, None, use_bias=False),
            layer("BatchNormalization"),
            layer("ReLU", max_value=6.0),
        ]
    return [
        *layers,
        layer("GlobalAveragePooling2D", keepdims=True),
        layer("Dropout", rate=0.2),
        conv(1000, 1, None),
        layer("Flatten"),
        layer("Softmax"),
    ]


def squeeze_and_excite() -> Layers:
    """A convolution with gates for its channels (Hu and others 2017)."""
    return [
        data(32, 32, 3),
        conv(64, name="features"),
        layer("GlobalAveragePooling2D", keepdims=True),
        dense(4),
        dense(64, "sigmoid", name="gates"),
        layer("Multiply", inputs=["features", "gates"]),
        layer("GlobalAveragePooling2D"),
        dense(10, "softmax"),
    ]


def inception() -> Layers:
    """One Inception module (Szegedy and others 2014)."""
    return [
        data(28, 28, 192, name="x"),
        conv(64, 1, inputs="x", name="one"),
        conv(96, 1, inputs="x"),
        conv(128, 3, name="three"),
        conv(16, 1, inputs="x"),
        conv(32, 5, name="five"),
        layer("MaxPooling2D", pool_size=3, strides=1, padding="same", inputs="x"),
        conv(32, 1, name="pooled"),
        layer("Concatenate", inputs=["one", "three", "five", "pooled"]),
        layer("GlobalAveragePooling2D"),
        layer("Dropout", rate=0.4),
        dense(1000, "softmax"),
    ]


def gru_forecaster() -> Layers:
    """The next value of several series from a window of their past."""
    return [
        data(120, 14),
        layer("GRU", units=32, dropout=0.1, recurrent_dropout=0.5, return_sequences=True),
        layer("GRU", units=64, activation="tanh", dropout=0.1),
        dense(1, None),
    ]


def mlp() -> Layers:
    """A plain network for a table, with Dropout."""
    return [data(20), dense(64), layer("Dropout", rate=0.3), dense(64), dense(1, None)]


ARCHITECTURES: dict[str, dict[str, Any]] = {
    make.__name__: alone(*make())
    for make in (
        *(lenet, alexnet, vgg, resnet, text_cnn, bilstm, tagger, translator),
        *(deep_autoencoder, convolutional_autoencoder, unet, transformer, wavenet),
        *(wide_and_deep, mobilenet, squeeze_and_excite, inception, gru_forecaster, mlp),
    )
}
