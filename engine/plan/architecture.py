"""The name that the literature gives a stack: MLP, CNN, RNN and so on."""

from engine.catalog.family import family
from engine.stack import Spec, Stack


def _families(spec: Spec | None) -> set[str]:
    """Families of a layer and of those it wraps."""
    if spec is None or spec.entry.kind != "layers":
        return set()
    found = {family(spec.entry)}
    for value in spec.arguments.values():
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, Spec):
                found |= _families(member)
    return found


def architecture(stack: Stack) -> str | None:
    """`cnn`, `rnn`, `cnn-rnn`, `transformer`, `mlp`, `linear`; None when it is none of them."""
    found: set[str] = set()
    for line in stack.lines:
        found |= _families(line.spec)
    names = [line.class_name for line in stack.lines]
    dense = sum(name in ("Dense", "EinsumDense") for name in names)
    if "attention" in found:
        return "transformer"
    named = (("convolution", "cnn"), ("recurrent", "rnn"))
    parts = [name for kind, name in named if kind in found]
    if parts:
        return "-".join(parts)
    if dense:
        return "linear" if dense == 1 and "Embedding" not in names else "mlp"
    return None
