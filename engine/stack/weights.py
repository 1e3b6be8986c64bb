"""Where a layer's first weights come from: `{"file": id}` or `{"model": id, "layer": name}`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .findings import Findings
from .pointer import join

if TYPE_CHECKING:
    from .line import Line

_FIELDS = ("file", "model", "layer")


@dataclass(frozen=True)
class Weights:
    """A side file, or a layer of a trained model (of the same name unless `layer` says other)."""

    file: str | None = None
    model: str | None = None
    layer: str | None = None

    def to_json(self) -> dict[str, str]:
        """The object as a line holds it."""
        found = {"file": self.file, "model": self.model, "layer": self.layer}
        return {key: value for key, value in found.items() if value is not None}


def read_weights(value: Any, line: "Line", findings: Findings) -> Weights | None:
    """Read `weights` of a line. Whether they exist and fit is seen once the layer is made."""
    place = join(line.pointer, "weights")
    if line.is_input or (line.spec and line.spec.entry.kind != "layers"):
        fix = [{"op": "remove", "path": place}]
        findings.add(place, "bad-value", f"{line.shown} has no weights.", fix=fix)
        return None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        detail = '\'weights\' is {"file": id} or {"model": id, "layer": name}.'
        findings.add(place, "bad-type", detail)
        return None
    for name in value:
        if name not in _FIELDS:
            close = findings.suggest(name, list(_FIELDS))
            detail = f"'weights' has no field {name[:100]!r}."
            findings.add(join(place, name), "unknown-field", detail, close)
    if ("file" in value) == ("model" in value) or ("file" in value and "layer" in value):
        detail = "'weights' names either a file or a model, and a layer of the model if it differs."
        findings.add(place, "bad-value", detail)
        return None
    return Weights(value.get("file"), value.get("model"), value.get("layer"))
