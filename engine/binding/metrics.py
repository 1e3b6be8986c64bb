"""Metrics of a request: read from any of the accepted forms, or chosen by the target."""

from typing import Any

from engine.stack import Findings, read_object
from engine.stack.objects import create
from engine.stack.pointer import join

_ACCURACY = ("accuracy", "acc")
_BY_FORM = {
    "binary": "BinaryAccuracy",
    "index": "SparseCategoricalAccuracy",
    "one_hot": "CategoricalAccuracy",
    "multi_label": "BinaryAccuracy",
    "ordinal": "BinaryAccuracy",
}
AUTOMATIC = {"raw": ["mae"], **{form: ["accuracy"] for form in _BY_FORM}}
"""The metrics of an output whose target has this form, when none are asked for."""


def read_metrics(
    given: Any, outputs: list[str], forms: dict[str, str], pointer: str, findings: Findings
) -> dict[str, list[dict[str, Any]]]:
    """Output name to canonical metrics. One list for the only output, or an object by output.

    A metric named by a text keeps that text as its name, as Keras's log keys do.
    """
    by_output = _spread(given, outputs, pointer, findings)
    found: dict[str, list[dict[str, Any]]] = {}
    for output, (asked, place) in by_output.items():
        form = forms.get(output)
        members = AUTOMATIC.get(form or "", []) if asked is None else asked
        found[output] = []
        for index, member in enumerate(members):
            metric = _one(member, form, join(place, index), findings)
            if metric is not None:
                found[output].append(metric)
        _check_names(found[output], place, findings)
    return found


def _spread(
    given: Any, outputs: list[str], pointer: str, findings: Findings
) -> dict[str, tuple[list[Any] | None, str]]:
    if given is None or given == "auto":
        return dict.fromkeys(outputs, (None, pointer))
    if isinstance(given, dict) and "class_name" not in given:
        for name in given:
            if name not in outputs:
                detail = f"The stack has no output called {name[:100]!r}."
                findings.add(join(pointer, name), "unknown-output", detail)
        return {name: (_listed(given.get(name, [])), join(pointer, name)) for name in outputs}
    if len(outputs) > 1 and isinstance(given, list) and any(isinstance(one, list) for one in given):
        if len(given) == len(outputs):
            return {
                name: (_listed(one), join(pointer, index))
                for index, (name, one) in enumerate(zip(outputs, given, strict=True))
            }
        detail = f"There are {len(outputs)} outputs and {len(given)} lists of metrics."
        findings.add(pointer, "bad-value", detail)
        return {}
    return dict.fromkeys(outputs, (_listed(given), pointer))


def _listed(given: Any) -> list[Any] | None:
    if given is None or given == "auto":
        return None
    return given if isinstance(given, list) else [given]


def _one(given: Any, form: str | None, pointer: str, findings: Findings) -> dict[str, Any] | None:
    if isinstance(given, str) and given.lower() in _ACCURACY:
        if form == "raw":
            detail = "Accuracy counts right classes, but this target holds numbers."
            fix = [{"op": "replace", "path": pointer, "value": "mae"}]
            findings.add(pointer, "loss-mismatch", detail, ["mae", "mse"], fix)
            return None
        name = _BY_FORM.get(form or "", "Accuracy")
        spec = read_object("metrics", name, pointer, findings)
    else:
        spec = read_object("metrics", given, pointer, findings)
    made = create(spec, findings) if spec else None
    if spec is None or made is None:
        return None
    metric: dict[str, Any] = spec.to_json(full=True)
    if isinstance(given, str):
        metric["name"] = given
    elif metric.get("name") is None:
        metric["name"] = made.name
    return metric


def _check_names(metrics: list[dict[str, Any]], pointer: str, findings: Findings) -> None:
    seen: set[str] = set()
    for index, metric in enumerate(metrics):
        if metric["name"] in seen:
            detail = f"Two metrics are called {metric['name']!r}; give one a 'name'."
            findings.add(join(pointer, index), "duplicate-name", detail)
        seen.add(metric["name"])
