"""A job that starts from the weights of a trained model: which of its layers do."""

from typing import Any

from engine.stack import Findings, Network, Stack, assemble, read
from engine.stack.matching import Matching, holders, match


def bind_start(
    stack: Stack,
    network: Network,
    source: dict[str, Any] | None,
    pointer: str,
    findings: Findings,
) -> Matching | None:
    """Match the layers with those of `source`, the canonical stack of the model.

    Notes it when no layer fits. None without a source, and while shapes are not known. Call it
    in the rehearsal: the network of the source is assembled here.
    """
    if source is None or any(line.name not in network.tensors for line in stack.lines):
        return None
    other, troubles = read(source)
    given = holders(other.to_json(), assemble(other, troubles).layers)
    own = [line.name for line in stack.lines if line.weights is not None]
    wanted = holders(stack.to_json(), network.layers)
    matching = match(wanted, given, own)
    if not matching.taken:
        reasons = " ".join(f"{name!r}: {why}" for name, why in [*matching.left.items()][:5])
        detail = f"No layer can start from this model. {reasons or 'None has weights.'}"
        findings.add(pointer, "shape-mismatch", detail)
    return matching
