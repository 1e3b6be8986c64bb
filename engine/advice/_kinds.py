"""Groups of layer classes that several rules speak of."""

RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
WRAPPERS = frozenset({"Bidirectional", "TimeDistributed"})
DROPOUTS = frozenset(
    {"Dropout", "AlphaDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}
)
PLAIN_DROPOUTS = frozenset({"Dropout", "AlphaDropout"})
ACTIVATIONS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
}
"""Layers that are an activation, and which."""
CONVOLUTIONS = frozenset(
    {f"Conv{rank}D" for rank in (1, 2, 3)} | {"SeparableConv1D", "SeparableConv2D"}
)
WEIGHTED = CONVOLUTIONS | {"Dense"}
RESHAPING = frozenset({"Flatten", "Reshape", "Permute", "Identity", "ZeroPadding1D"})
FLATTENED = RESHAPING | DROPOUTS
"""Layers between two linear ones that leave both together linear."""
CROSSENTROPIES = frozenset(
    {
        "BinaryCrossentropy",
        "BinaryFocalCrossentropy",
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "SparseCategoricalCrossentropy",
    }
)
CATEGORICAL = frozenset(name for name in CROSSENTROPIES if "Categorical" in name)
