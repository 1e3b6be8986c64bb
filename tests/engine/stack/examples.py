"""The smallest use of every layer class: its arguments and the Inputs that it takes.

`{class name: (arguments, [(shape, dtype), …])}`; one Input of floats where only a shape stands.
A class of the catalogue that is missing here fails the test that walks through the catalogue.
"""

from typing import Any

VECTOR: Any = (8,)
SEQUENCE: Any = (6, 4)
IMAGE: Any = (8, 8, 3)
VOLUME: Any = (8, 8, 8, 2)
FRAMES: dict[int, Any] = {1: (4, 8, 2), 2: (4, 8, 8, 2), 3: (3, 8, 8, 8, 2)}
SPATIAL: dict[int, Any] = {1: SEQUENCE, 2: IMAGE, 3: VOLUME}

Example = tuple[dict[str, Any], list[Any]]

EXAMPLES: dict[str, Example] = {
    "Activation": ({"activation": "relu"}, [VECTOR]),
    "ActivityRegularization": ({"l2": 0.1}, [VECTOR]),
    "Add": ({}, [VECTOR, VECTOR]),
    "AdditiveAttention": ({}, [SEQUENCE, SEQUENCE]),
    "AlphaDropout": ({"rate": 0.2}, [VECTOR]),
    "Attention": ({}, [SEQUENCE, SEQUENCE]),
    "AugMix": ({}, [IMAGE]),
    "AutoContrast": ({}, [IMAGE]),
    "Average": ({}, [VECTOR, VECTOR]),
    "BatchNormalization": ({}, [IMAGE]),
    "Bidirectional": ({"layer": {"class_name": "LSTM", "units": 3}}, [SEQUENCE]),
    "CategoryEncoding": ({"num_tokens": 5}, [((3,), "int32")]),
    "CenterCrop": ({"height": 4, "width": 4}, [IMAGE]),
    "Concatenate": ({}, [VECTOR, VECTOR]),
    "ContrastLimitedAdaptiveHistogramEqualization": ({"tile_grid_size": [2, 2]}, [IMAGE]),
    "CustomScaleLayer": ({"scale": 0.5}, [VECTOR, VECTOR]),
    "CutMix": ({}, [IMAGE]),
    "Dense": ({"units": 3}, [VECTOR]),
    "Discretization": ({"bin_boundaries": [0.0, 1.0]}, [VECTOR]),
    "Dot": ({"axes": 1}, [VECTOR, VECTOR]),
    "Dropout": ({"rate": 0.2}, [VECTOR]),
    "ELU": ({}, [VECTOR]),
    "EinsumDense": ({"equation": "ab,bc->ac", "output_shape": 4}, [VECTOR]),
    "Embedding": ({"input_dim": 10, "output_dim": 3}, [((5,), "int32")]),
    "Flatten": ({}, [IMAGE]),
    "GRU": ({"units": 3}, [SEQUENCE]),
    "GaussianDropout": ({"rate": 0.2}, [VECTOR]),
    "GaussianNoise": ({"stddev": 0.2}, [VECTOR]),
    "GroupNormalization": ({"groups": 2}, [VECTOR]),
    "GroupQueryAttention": (
        {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1},
        [SEQUENCE, SEQUENCE],
    ),
    "HashedCrossing": ({"num_bins": 5}, [((1,), "string"), ((1,), "string")]),
    "Hashing": ({"num_bins": 5}, [((1,), "string")]),
    "Identity": ({}, [VECTOR]),
    "IntegerLookup": ({"vocabulary": [1, 2, 3]}, [((2,), "int64")]),
    "LSTM": ({"units": 3}, [SEQUENCE]),
    "LayerNormalization": ({}, [VECTOR]),
    "LayerScale": ({"init_values": 0.1, "projection_dim": 8}, [VECTOR]),
    "LeakyReLU": ({}, [VECTOR]),
    "Masking": ({}, [SEQUENCE]),
    "MaxNumBoundingBoxes": ({"max_number": 3}, [IMAGE]),
    "Maximum": ({}, [VECTOR, VECTOR]),
    "MelSpectrogram": ({"fft_length": 64, "sequence_stride": 16, "num_mel_bins": 8}, [(256,)]),
    "Minimum": ({}, [VECTOR, VECTOR]),
    "MixUp": ({}, [IMAGE]),
    "MultiHeadAttention": ({"num_heads": 2, "key_dim": 2}, [SEQUENCE, SEQUENCE]),
    "Multiply": ({}, [VECTOR, VECTOR]),
    "Normalization": ({"mean": 1.0, "variance": 2.0}, [VECTOR]),
    "PReLU": ({}, [VECTOR]),
    "Permute": ({"dims": [2, 1]}, [SEQUENCE]),
    "Pipeline": (
        {"layers": [{"class_name": "RandomFlip"}, {"class_name": "Rescaling", "scale": 0.5}]},
        [IMAGE],
    ),
    "RMSNormalization": ({}, [VECTOR]),
    "RNN": (
        {"cell": [{"class_name": "GRUCell", "units": 3}, {"class_name": "LSTMCell", "units": 2}]},
        [SEQUENCE],
    ),
    "RandAugment": ({}, [IMAGE]),
    "RandomBrightness": ({"factor": 0.2}, [IMAGE]),
    "RandomColorDegeneration": ({"factor": 0.2}, [IMAGE]),
    "RandomColorJitter": ({"brightness_factor": 0.2}, [IMAGE]),
    "RandomContrast": ({"factor": 0.2}, [IMAGE]),
    "RandomCrop": ({"height": 4, "width": 4}, [IMAGE]),
    "RandomElasticTransform": ({}, [IMAGE]),
    "RandomErasing": ({}, [IMAGE]),
    "RandomFlip": ({}, [IMAGE]),
    "RandomGaussianBlur": ({}, [IMAGE]),
    "RandomGrayscale": ({}, [IMAGE]),
    "RandomHue": ({"factor": 0.2}, [IMAGE]),
    "RandomInvert": ({}, [IMAGE]),
    "RandomPerspective": ({}, [IMAGE]),
    "RandomPosterization": ({"factor": 4}, [IMAGE]),
    "RandomRotation": ({"factor": 0.2}, [IMAGE]),
    "RandomSaturation": ({"factor": 0.2}, [IMAGE]),
    "RandomSharpness": ({"factor": 0.2}, [IMAGE]),
    "RandomShear": ({"x_factor": 0.2}, [IMAGE]),
    "RandomTranslation": ({"height_factor": 0.2, "width_factor": 0.2}, [IMAGE]),
    "RandomZoom": ({"height_factor": 0.2}, [IMAGE]),
    "ReLU": ({}, [VECTOR]),
    "RepeatVector": ({"n": 3}, [VECTOR]),
    "Rescaling": ({"scale": 0.5}, [IMAGE]),
    "Reshape": ({"target_shape": [4, 2]}, [VECTOR]),
    "Resizing": ({"height": 4, "width": 4}, [IMAGE]),
    "ReversibleEmbedding": ({"input_dim": 10, "output_dim": 3}, [((5,), "int32")]),
    "STFTSpectrogram": ({"frame_length": 32}, [(128, 1)]),
    "SimpleRNN": ({"units": 3}, [SEQUENCE]),
    "Softmax": ({}, [VECTOR]),
    "Solarization": ({}, [IMAGE]),
    "SpectralNormalization": ({"layer": {"class_name": "Dense", "units": 3}}, [VECTOR]),
    "StringLookup": ({"vocabulary": ["a", "b"]}, [((2,), "string")]),
    "Subtract": ({}, [VECTOR, VECTOR]),
    "TextVectorization": (
        {"vocabulary": ["a", "b"], "output_sequence_length": 4},
        [((1,), "string")],
    ),
    "TimeDistributed": ({"layer": {"class_name": "Dense", "units": 3}}, [SEQUENCE]),
    "UnitNormalization": ({}, [VECTOR]),
}

for _rank, _shape in SPATIAL.items():
    _filters = {"filters": 4, "kernel_size": 3}
    EXAMPLES |= {
        f"AdaptiveAveragePooling{_rank}D": ({"output_size": 2}, [_shape]),
        f"AdaptiveMaxPooling{_rank}D": ({"output_size": 2}, [_shape]),
        f"AveragePooling{_rank}D": ({"pool_size": 2}, [_shape]),
        f"Conv{_rank}D": (_filters, [_shape]),
        f"Conv{_rank}DTranspose": (_filters, [_shape]),
        f"ConvLSTM{_rank}D": (_filters, [FRAMES[_rank]]),
        f"Cropping{_rank}D": ({"cropping": 1}, [_shape]),
        f"GlobalAveragePooling{_rank}D": ({}, [_shape]),
        f"GlobalMaxPooling{_rank}D": ({}, [_shape]),
        f"MaxPooling{_rank}D": ({}, [_shape]),
        f"SpatialDropout{_rank}D": ({"rate": 0.2}, [_shape]),
        f"UpSampling{_rank}D": ({}, [_shape]),
        f"ZeroPadding{_rank}D": ({"padding": 1}, [_shape]),
    }
for _rank in (1, 2):
    EXAMPLES |= {
        f"DepthwiseConv{_rank}D": ({"kernel_size": 3}, [SPATIAL[_rank]]),
        f"SeparableConv{_rank}D": ({"filters": 4, "kernel_size": 3}, [SPATIAL[_rank]]),
    }


def stack_of(class_name: str, example: Example) -> dict[str, Any]:
    """A stack of the class alone, behind its Inputs."""
    arguments, inputs = example
    layers: list[dict[str, Any]] = []
    for index, given in enumerate(inputs):
        named = isinstance(given[-1], str)
        shape, dtype = given if named else (given, "float32")
        name = f"in{index}"
        layers.append({"class_name": "Input", "name": name, "shape": list(shape), "dtype": dtype})
    names = [layer["name"] for layer in layers]
    layers.append({"class_name": class_name, "name": "it", "inputs": names, **arguments})
    return {"layers": layers}
