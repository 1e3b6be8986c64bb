"""A suggestion in the making."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Draft:
    """A job body that grows section by section, each choice with its reason."""

    body: dict[str, Any] = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)
    layers: list[dict[str, Any]] = field(default_factory=list)

    def layer(self, class_name: str, because: str | None = None, **arguments: Any) -> None:
        """Add a layer at the end of the stack."""
        if because:
            self.because(f"/stack/layers/{len(self.layers)}", because)
        self.layers.append({"class_name": class_name, **arguments})

    def put(self, section: str, name: str, value: Any, because: str) -> None:
        """Set a member of a section."""
        self.body.setdefault(section, {})[name] = value
        self.because(f"/{section}/{name}", because)

    def because(self, pointer: str, text: str) -> None:
        """Note the reason of what stands, or was left out, at this pointer."""
        self.reasons.append({"pointer": pointer, "because": text})
