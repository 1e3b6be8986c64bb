"""Keras's own `model.to_json()` as a stack, read by us and never by Keras's deserializer.

Sequential and Functional models, nested ones too: the layers of a nested model are put in its
place, called `model.layer`. Format: what Keras 3 writes (`class_name`, `config.layers`,
`inbound_nodes` with `__keras_tensor__` members, `output_layers`). A layer or model called more
than once has several `inbound_nodes`; its second call is named `layer.2` and shares its weights.
"""

from dataclasses import dataclass, field
from typing import Any

from .findings import Findings
from .keras_calls import Call, are_floats, called, histories, in_order, leaves, refs_in
from .keras_ops import is_operation, line_of
from .pointer import join
from .references import sharing

_MODELS = ("Sequential", "Functional", "Model")
_CALL_ONLY = ("training",)


@dataclass
class Imported:
    """A Keras model as lines of our form: layers with where each stands, outputs, name."""

    layers: list[tuple[Any, str]] = field(default_factory=list)
    outputs: list[str] | None = None
    name: Any = None


def is_keras_model(document: Any) -> bool:
    """Whether a document is what `to_json` writes of a model."""
    return isinstance(document, dict) and document.get("class_name") in _MODELS


def import_model(document: dict[str, Any], pointer: str, findings: Findings) -> Imported | None:
    """The layers of a model in our form, None after noting that it is not one of Keras's."""
    importer = _Importer(findings)
    config = document.get("config")
    results = importer.model(document, pointer, "", None)
    if results is None or not isinstance(config, dict):
        return None
    outputs = importer.outputs(results, pointer) if document["class_name"] != "Sequential" else None
    return Imported(importer.layers, outputs, config.get("name"))


class _Importer:
    """Walks through a model and those nested in it; gathers layers in order."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.layers: list[tuple[Any, str]] = []
        self._spans: dict[str, tuple[int, int]] = {}
        self._models = 0

    def model(
        self, document: dict[str, Any], pointer: str, prefix: str, feeds: list[Any] | None
    ) -> list[Any] | None:
        """Add the layers of a model whose inputs are `feeds`; give its outputs as references."""
        config = document.get("config")
        layers = config.get("layers") if isinstance(config, dict) else None
        self._models += 1
        if max(self._models, len(self.layers)) > self.findings.layers:
            self.findings.add(pointer, "too-large", "The models in this one are called too often.")
            return None
        if not isinstance(config, dict) or not isinstance(layers, list):
            place = join(pointer, "config")
            self.findings.add(place, "missing-field", "'config' must hold the list 'layers'.")
            return None
        most = self.findings.nesting
        if prefix.count(".") > most:
            self.findings.add(pointer, "too-large", f"Models may be nested {most} deep.")
            return None
        members = [
            (layer, join(pointer, "config", "layers", index))
            for index, layer in enumerate(layers[: self.findings.layers + 1])
        ]
        if document["class_name"] == "Sequential":
            return self._sequential(members, prefix, feeds)
        return self._functional(members, config, pointer, prefix, feeds)

    def outputs(self, results: list[Any], pointer: str) -> list[str]:
        """The names of the outputs; a state, or an output given twice, comes through an Identity.

        (The outputs of a stack are layers, each with the first tensor that it gives.)
        """
        names: list[str] = []
        place = join(pointer, "config", "output_layers")
        for result in results[: self.findings.layers]:
            name, output = result["layer"], result.get("output", 0)
            if output or name in names:
                count = sum(one.startswith(f"{name}.output") for one in names)
                name = f"{name}.output_{output}" + (f".{count + 1}" if count else "")
                line = {"class_name": "Identity", "name": name, "inputs": result}
                self.layers.append((line, place))
            names.append(name)
        return names

    def _sequential(
        self, members: list[tuple[Any, str]], prefix: str, feeds: list[Any] | None
    ) -> list[Any] | None:
        current = feeds[0] if feeds else None
        for layer, pointer in members:
            if not isinstance(layer, dict):
                self.layers.append((layer, pointer))
            elif is_keras_model(layer):
                inner = f"{prefix}{_name(layer)}."
                results = self.model(layer, pointer, inner, [current] if current else None)
                current = results[0] if results else current
            elif not (current and layer.get("class_name") == "InputLayer"):
                self._add(layer, pointer, prefix, current)
                current = {"layer": self.layers[-1][0].get("name")}
        return [current] if current else []

    def _add(self, layer: dict[str, Any], pointer: str, prefix: str, current: Any) -> None:
        above = self.layers[-1][0] if self.layers else None
        line = dict(layer) if _name(layer) is None else _named(layer, prefix + _name(layer))
        if current and not (isinstance(above, dict) and current == {"layer": above.get("name")}):
            line["inputs"] = current
        self.layers.append((line, pointer))

    def _functional(
        self,
        members: list[tuple[Any, str]],
        config: dict[str, Any],
        pointer: str,
        prefix: str,
        feeds: list[Any] | None,
    ) -> list[Any] | None:
        entries = [name for name, _, _ in histories(config.get("input_layers"))]
        fed = zip(((name, 0) for name in entries), ([feed] for feed in feeds or []), strict=False)
        scope = _Scope(prefix, dict(fed))
        for call in in_order(members, self.findings.layers):
            if max(self._models, len(self.layers)) > self.findings.layers:
                break
            if not isinstance(call.layer, dict):
                self.layers.append((call.layer, call.pointer))
            elif not (feeds and _name(call.layer) in entries):
                self._node(call, scope)
        outputs = histories(config.get("output_layers"))
        if not outputs:
            place = join(pointer, "config", "output_layers")
            self.findings.add(place, "missing-field", "'output_layers' must name layers.")
        return [scope.ref(name, node, output) for name, node, output in outputs]

    def _node(self, call: Call, scope: "_Scope") -> None:
        """Add one call of a layer of a Functional model."""
        layer, pointer, count = call.layer, call.pointer, call.count
        name, nodes = _name(layer), layer.get("inbound_nodes")
        if not isinstance(name, str) or not isinstance(nodes, list):
            self.findings.add(pointer, "missing-field", "A layer needs 'name' and 'inbound_nodes'.")
            return
        node = nodes[count] if nodes and isinstance(nodes[count], dict) else {}
        first, flat = scope.prefix + name, scope.named(name, count, node.get("name"))
        arguments = scope.value(node.get("args", []))
        given = node.get("kwargs")
        kwargs: dict[str, Any] = given if isinstance(given, dict) else {}
        if is_keras_model(layer):
            results = self._nested(layer, pointer, first, flat, refs_in(arguments))
            scope.results[name, count] = results or []
            return
        line = _named(layer, flat)
        if is_operation(layer):
            floating = are_floats(node.get("args"))
            line = line_of(line, arguments, scope.value(kwargs), floating, pointer, self.findings)
        else:
            place = join(pointer, "inbound_nodes", count)
            line |= self._call(arguments, scope.value(kwargs), place)
        if flat != first:
            line = sharing(line, {"name": first})
        self.layers.append((line, pointer))

    def _nested(
        self, layer: dict[str, Any], pointer: str, first: str, flat: str, feeds: list[Any]
    ) -> list[Any] | None:
        """Add the layers of a nested model, or call those of its first time once more."""
        start = len(self.layers)
        results = self.model(layer, pointer, f"{flat}.", feeds)
        if flat == first:
            self._spans[first] = (start, len(self.layers))
            return results
        begin, end = self._spans.get(first, (0, 0))
        places = zip(range(start, len(self.layers)), self.layers[begin:end], strict=False)
        for place, (before, _) in list(places):
            line = self.layers[place][0]
            if isinstance(line, dict) and isinstance(before, dict):
                self.layers[place] = (sharing(line, before), pointer)
        return results

    def _call(self, arguments: Any, kwargs: dict[str, Any], pointer: str) -> dict[str, Any]:
        refs = refs_in(arguments)
        if len(refs) != len(leaves(arguments)):
            detail = "Only outputs of layers may be passed by position."
            self.findings.add(join(pointer, "args"), "bad-value", detail)
        kept = {
            name: value
            for name, value in kwargs.items()
            if value is not None and name not in _CALL_ONLY
        }
        return {**({"inputs": refs} if refs else {}), **({"kwargs": kept} if kept else {})}


@dataclass
class _Scope:
    """The names of one Functional model: what each means among the gathered layers."""

    prefix: str
    results: dict[tuple[str, int], list[Any]]
    _names: dict[tuple[str, int], str] = field(default_factory=dict)

    def named(self, name: str, node: int, given: Any) -> str:
        """What a call is named: as its node says where we wrote that, else by its number."""
        flat = self.prefix + given if isinstance(given, str) else called(self.prefix + name, node)
        self._names[name, node] = flat
        return flat

    def ref(self, name: str, node: int, output: int) -> dict[str, Any]:
        """The reference to an output of a call of the layer or model of this name."""
        flat = self._names.get((name, node), called(self.prefix + name, node))
        if (name, node) in self.results:
            found: list[Any] = self.results[name, node]
            return found[output] if output < len(found) else {"layer": flat}
        return {"layer": flat, **({"output": output} if output else {})}

    def value(self, value: Any) -> Any:
        """A value of a call with its tensors replaced by references."""
        if isinstance(value, list):
            return [self.value(member) for member in value]
        if not isinstance(value, dict):
            return value
        if value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            history = config.get("keras_history") if isinstance(config, dict) else None
            for name, node, output in histories(history):
                return self.ref(name, node, output)
        return {name: self.value(member) for name, member in value.items()}


def _name(layer: dict[str, Any]) -> Any:
    config = layer.get("config")
    name = layer.get("name", config.get("name") if isinstance(config, dict) else None)
    return name if isinstance(name, str) else None


def _named(layer: dict[str, Any], name: str) -> dict[str, Any]:
    """The layer under a name beside its class, where it counts before the one in its config."""
    kept = {key: value for key, value in layer.items() if key not in ("inbound_nodes", "lines")}
    return {**kept, "name": name}
