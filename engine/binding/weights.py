"""Initial weights against the layers that they are for: do they exist, do their shapes fit?"""

from typing import Any

from engine.catalog import suggestions
from engine.stack import Findings, Network, Stack, assemble, read
from engine.stack.line import Line
from engine.stack.pointer import join
from engine.stack.weights import Weights

Shapes = list[tuple[int, ...]]
Sources = dict[str, Any]


def bind_weights(
    stack: Stack, network: Network, files: Sources, models: Sources, findings: Findings
) -> None:
    """Note every line whose `weights` cannot be used.

    `files` are descriptions of side files by id (`engine.tasks.inspect`), `models` the canonical
    stacks of trained models by id; their networks are assembled here, so call this in the
    rehearsal. Layers whose shapes are not known yet are not compared.
    """
    for line in stack.lines:
        layer = network.layers.get(line.name)
        if line.weights is None or layer is None or line.name not in network.tensors:
            continue
        place = join(line.pointer, "weights")
        wanted = shapes_of(layer)
        if line.weights.file is not None:
            _check_file(line, wanted, line.weights.file, files, place, findings)
        else:
            _check_model(line, wanted, line.weights, models, place, findings)


def shapes_of(layer: Any) -> Shapes:
    """The shapes of a layer's weights in Keras's order."""
    return [tuple(weight.shape) for weight in layer.weights]


def _check_file(
    line: Line, wanted: Shapes, file: str, files: Sources, place: str, findings: Findings
) -> None:
    if file not in files:
        findings.add(join(place, "file"), "unknown-file", f"There is no file {file[:100]!r}.")
        return
    found = files[file]["description"]
    if files[file]["form"] == "word_vectors":
        _check_vectors(line, found, place, findings)
        return
    given = [tuple(array["shape"]) for array in found["arrays"]]
    if given != wanted:
        _mismatch(f"the file holds {_shown(given)}", line, wanted, place, findings)


def _check_vectors(line: Line, found: dict[str, Any], place: str, findings: Findings) -> None:
    if line.class_name != "Embedding" or line.spec is None:
        detail = f"Word vectors are for an Embedding; {line.name!r} is a {line.shown}."
        findings.add(place, "bad-value", detail, fix=[{"op": "remove", "path": place}])
        return
    width = line.spec.arguments.get("output_dim")
    if width != found["dimension"]:
        where = join(line.spec.base, "output_dim")
        detail = f"The word vectors have {found['dimension']} numbers, 'output_dim' says {width}."
        fix = [{"op": "replace", "path": where, "value": found["dimension"]}]
        findings.add(where, "shape-mismatch", detail, fix=fix)


def _check_model(
    line: Line, wanted: Shapes, weights: Weights, models: Sources, place: str, findings: Findings
) -> None:
    if weights.model not in models:
        detail = f"There is no model {(weights.model or '')[:100]!r}."
        findings.add(join(place, "model"), "unknown-model", detail)
        return
    source = _assembled(models[weights.model])
    name = weights.layer or line.name
    if name not in source.layers:
        close = suggestions(name, list(source.layers))
        detail = f"The model has no layer {name[:100]!r}; it has {', '.join(source.layers)[:500]}."
        fix = [{"op": "add", "path": join(place, "layer"), "value": close[0]}] if close else None
        findings.add(join(place, "layer"), "unknown-input", detail, close, fix)
        return
    given = shapes_of(source.layers[name])
    if given != wanted:
        _mismatch(f"{name!r} of the model has {_shown(given)}", line, wanted, place, findings)


def _assembled(document: dict[str, Any]) -> Network:
    stack, findings = read(document)
    return assemble(stack, findings)


def _mismatch(says: str, line: Line, wanted: Shapes, place: str, findings: Findings) -> None:
    needs = _shown(wanted) if wanted else "no weights"
    detail = f"{line.name!r} ({line.shown}) has {needs}, but {says}."
    findings.add(place, "shape-mismatch", detail)


def _shown(shapes: Shapes) -> str:
    return ", ".join(str(list(shape)) for shape in shapes[:10]) or "no weights"
