"""Catalogue entries of classes of our own, whose arguments are the fields of a Pydantic model."""

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

JsonSchema = dict[str, Any]


def own_entries(found: Mapping[str, type[BaseModel]]) -> list[dict[str, Any]]:
    """An entry for each class by its name on the wire, with the schema of every argument."""
    return [_entry(name, cls) for name, cls in found.items()]


def _entry(name: str, cls: type[BaseModel]) -> dict[str, Any]:
    schema = cls.model_json_schema()
    forms = {argument: _plain(form) for argument, form in schema.get("properties", {}).items()}
    needed = schema.get("required", [])
    names = {"type": "string", "enum": [name]}
    return {
        "name": name,
        "doc": help_text(cls),
        "kinds": sorted(getattr(cls, "kinds", ())),
        "arguments": [
            {
                "name": argument,
                "required": argument in needed,
                "default": form.get("default"),
                "doc": form.get("description"),
                "form": form,
            }
            for argument, form in forms.items()
        ],
        "form": {
            "type": "object",
            "properties": {"class_name": names, **forms},
            "required": ["class_name", *needed],
            "additionalProperties": False,
        },
    }


def help_text(target: Any) -> str:
    """A docstring, each paragraph in one line."""
    paragraphs = (inspect.getdoc(target) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _plain(form: JsonSchema) -> JsonSchema:
    """A schema without the titles that repeat the names."""
    return {key: value for key, value in form.items() if key != "title"}
