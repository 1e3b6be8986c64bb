"""What values arguments may have, told by their names: counts, work, dtypes, ranges, choices."""

_COUNTS = (
    "units filters input_dim output_dim num_heads key_dim value_dim head_dim num_query_heads "
    "num_key_value_heads depth_multiplier groups n num_tokens max_tokens num_bins height width "
    "num_mel_bins sequence_length fft_length sequence_stride frame_length frame_step "
    "output_sequence_length num_chains chain_depth num_ops bins max_number num_classes k "
    "num_thresholds decay_steps first_decay_steps power_iterations"
)
COUNTS = frozenset(_COUNTS.split())
"""Arguments that are whole numbers of one or more (or null where that is the default)."""
WORK = {
    "ngrams": 64,
    "output_size": 4_096,
    "num_chains": 64,
    "chain_depth": 64,
    "num_ops": 64,
    "bins": 65_536,
    "num_bins": 10_000_000,
    "fft_length": 65_536,
    "frame_length": 65_536,
    "num_mel_bins": 4_096,
    "num_thresholds": 10_000,
    "num_classes": 4_096,
    "power_iterations": 1_000,
}
"""Upper bounds of arguments for which Keras does work or takes memory when building."""
_DTYPES = (
    "float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 bool string "
    "mixed_float16 mixed_bfloat16"
)
DTYPES = frozenset(_DTYPES.split())

_FORMATS = ("channels_last", "channels_first")
CHOICES: dict[str, tuple[str, ...]] = {
    "data_format": _FORMATS,
    "merge_mode": ("sum", "mul", "concat", "ave"),
}
"""Texts that Keras knows for an argument, besides null where that is the default."""

RANGES: dict[str, tuple[float, float]] = {"rate": (0, 1)}
"""Lowest and highest value that Keras takes."""

_SIZES = (
    "kernel_size strides pool_size dilation_rate size cropping padding output_size axes axis "
    "target_shape dims"
)
SIZES = frozenset(_SIZES.split())
"""Arguments made of whole numbers: one, a list, or a list of lists."""
