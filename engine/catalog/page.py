"""The page of encodings and targets, made from what the catalogue tells."""

import json
from typing import Any

from engine.catalog.own import own_entries
from engine.encodings import ENCODINGS
from engine.targets import WAYS

_HEAD = """# Encodings and targets

How columns become tensors, and how columns are learned. This page is made from the catalogue
(`GET /v1/catalog/encodings` and `/v1/catalog/targets`) by `make encodings`.

## Inputs

Each column of an Input has an encoding: `auto`, a name, or an object with arguments.

```json
{"data": {
  "dataset": "ds_…",
  "target": "price",
  "inputs": {"input": {
    "columns": ["sold_on", "area", "town"],
    "encoding": {"area": "log", "town": {"class_name": "one_hot", "max_categories": 50}}}}}}
```

`encoding` is one for all columns, a list with one for each, or an object by column name; columns
that it leaves out are `auto`. Several columns of one Input are put side by side. Auto gives:

| kind of column | encoding |
|---|---|
| number, integer | `standard`; integers before an Embedding `index` |
| boolean | `raw`, where values are missing `standard` |
| category | `one_hot`, at most the 100 most frequent; before an Embedding `index` |
| text | `tokens`; before a Dense `bag_of_words` |
| date | `date` |
| image | `image`, of the size that the Input states |
| array | `raw` |
| any, before a preprocessing layer of Keras | `raw`; images unscaled |

Columns with the same value in every row, identifiers, and what does not go into one tensor with the
others are left out unless they are named; the plan says why under `left_out`.

What an encoding learns it learns from the training part alone, kept with the model in
`encoding.json`. Only the list of a column's categories is that of the whole dataset, so that shapes
do not hang on the split; a category that the training part lacks counts as unknown. Predictions
take raw records and encode them by the same code: dates as the file had them or in ISO 8601 (with
an offset, they are brought to UTC), images as base64 text, null where a value is missing.
"""

_TARGETS = """## Targets

`data.target` is a column, several columns for one output, or an object that says the way; with
several outputs an object of these by output.

```json
{"target": {"columns": "price", "encoding": {"class_name": "number", "scale": "log"}}}
{"target": {"columns": "tags", "encoding": {"class_name": "multi_label", "separator": ";"}}}
{"target": {"columns": "grade", "encoding": {"class_name": "ordinal", "order": ["poor", "good"]}}}
{"target": ["latitude", "longitude"]}
{"target": {"kind": "species", "size": {"columns": "mass", "encoding": "number"}}}
```

Unasked, labels are `classes`, numbers are `number`, integers are what loss and output make of them,
and several columns are `multi_label` if all are boolean and `number` if all hold numbers.
"""


def page() -> str:
    """The page as Markdown."""
    sections = [_HEAD, *_told(own_entries(ENCODINGS)), _TARGETS, *_told(own_entries(WAYS))]
    return "\n".join(sections)


def _told(entries: list[dict[str, Any]]) -> list[str]:
    return [_section(entry) for entry in entries]


def _section(entry: dict[str, Any]) -> str:
    lines = [f"### {entry['name']}", "", entry["doc"], "", f"Takes: {', '.join(entry['kinds'])}."]
    if entry["arguments"]:
        lines += ["", "| argument | default | values | |", "|---|---|---|---|"]
        lines += [_line(argument) for argument in entry["arguments"]]
    return "\n".join([*lines, ""])


def _line(argument: dict[str, Any]) -> str:
    default = "needed" if argument["required"] else f"`{_json(argument['default'])}`"
    values = _values(argument["form"]).replace("|", "\\|")
    told = (argument["doc"] or "").replace("|", "\\|")
    return f"| `{argument['name']}` | {default} | {values} | {told} |".replace('`"|"`', '`"\\|"`')


def _values(form: dict[str, Any]) -> str:
    """What values a schema takes, in words."""
    if "anyOf" in form:
        return ", or ".join(dict.fromkeys(_values(one) for one in form["anyOf"]))
    if "enum" in form or "const" in form:
        return ", ".join(f"`{_json(one)}`" for one in form.get("enum", [form.get("const")]))
    if form.get("type") == "array":
        return f"list of {_values(form.get('items', {}))}"
    words = {"integer": "whole number", "number": "number", "string": "text", "null": "null"}
    word = words.get(form.get("type", ""), "true or false")
    low = form.get("minimum", form.get("exclusiveMinimum"))
    high = form.get("maximum", form.get("exclusiveMaximum"))
    above = "above" if "exclusiveMinimum" in form else "from"
    bounds = [f" {above} {low:g}" if low is not None else ""]
    bounds.append(f" to {high:,}" if high is not None else "")
    return word + "".join(bounds)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
