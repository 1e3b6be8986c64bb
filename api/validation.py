"""From pydantic's findings to ours: pointers into the body as sent, our codes, near names."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import reduce
from operator import getitem
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from api.gate import pointer
from api.refusal import Refusal, item, shown
from lamina.schemas.problem import ProblemItem

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "list_type": "a list",
    "string_type": "a text",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
"""Pydantic's kinds of error about types, in the words of JSON."""

_CODES = {"extra_forbidden": "unknown-field", "missing": "missing-field"}


def read(model: type[M], document: Any) -> M:
    """The document as a model. Raises Refusal (422) with every finding."""
    found, items = attempt(model, document)
    if found is None:
        raise refusal(items)
    return found


def attempt(model: type[M], document: Any) -> tuple[M | None, list[ProblemItem]]:
    """The document as a model, or None and what is wrong with it."""
    try:
        return model.model_validate(document), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        whole = _with_integers(document, details)
        if whole is not None:
            return attempt(model, whole)
        return None, findings(model, document, details)


def _with_integers(document: Any, details: Sequence[ErrorDetails]) -> Any:
    """The document with 10 for 10.0 where an integer is needed, which to JSON Schema is one.

    None where there is no such place.
    """
    whole = deepcopy(document)
    changed = False
    for detail in details:
        keys = _resolve(document, detail["loc"], detail["type"])
        if detail["type"] == "int_type" and keys:
            place = reduce(getitem, keys[:-1], whole)
            value = place[keys[-1]]
            if isinstance(value, float) and value.is_integer():
                place[keys[-1]] = int(value)
                changed = True
    return whole if changed else None


def refusal(items: Sequence[ProblemItem]) -> Refusal:
    """The refusal of a body with these findings."""
    counted = "1 problem was found" if len(items) == 1 else f"{len(items)} problems were found"
    return Refusal("invalid-request", f"{counted}; nothing was stored.", items)


def findings(
    model: type[BaseModel], document: Any, details: Sequence[ErrorDetails]
) -> list[ProblemItem]:
    """One item for each place that is wrong; the branches of a union are told together."""
    found: dict[tuple[str, str], ProblemItem] = {}
    for detail in details:
        keys = _resolve(document, detail["loc"], detail["type"])
        made = _item(model, keys, detail)
        known = found.get((made.pointer, made.code))
        if known is None:
            found[made.pointer, made.code] = made
        elif made.detail not in known.detail:
            known.detail = f"{known.detail.rstrip('.')}; or: {made.detail}".replace(
                "; or: This must be", " or"
            )
    return list(found.values())


def _item(model: type[BaseModel], keys: list[Any], detail: ErrorDetails) -> ProblemItem:
    kind = detail["type"]
    code = _CODES.get(kind) or ("bad-type" if kind in _EXPECTED else "bad-value")
    if code == "unknown-field":
        fields = _fields(model, keys[:-1])
        text = f"There is no field {shown(str(keys[-1]))} here."
        return item(pointer(keys), code, text, near=(str(keys[-1]), fields))
    if code == "missing-field":
        return item(pointer(keys), code, f"The field {shown(str(keys[-1]))} is needed.")
    expected = _EXPECTED.get(kind)
    text = f"This must be {expected}." if expected else f"{detail['msg']}."
    return item(pointer(keys), code, text)


def _resolve(document: Any, loc: Sequence[Any], kind: str) -> list[Any]:
    """The keys of `loc` that the document has: pydantic also names the branches of unions."""
    keys: list[Any] = []
    here = document
    for place, part in enumerate(loc):
        at_key = isinstance(here, dict) and part in here
        at_index = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if at_key or at_index:
            here = here[part]
        elif not (kind == "missing" and place == len(loc) - 1):
            continue
        keys.append(part)
    return keys


def _fields(model: type[BaseModel], keys: Sequence[Any]) -> list[str]:
    """The field names that are allowed at a place below the model."""
    kinds: list[Any] = [model]
    for key in keys:
        kinds = [inner for kind in kinds for inner in _below(kind, key)]
    return [name for kind in kinds if _is_model(kind) for name in kind.model_fields]


def _below(kind: Any, key: Any) -> Iterator[Any]:
    """The types that may stand at a key of this type: a model's field, a list's or dict's value."""
    if _is_model(kind):
        if key in kind.model_fields:
            yield from _branches(kind.model_fields[key].annotation)
    elif arguments := get_args(kind):
        yield from _branches(arguments[-1])


def _branches(kind: Any) -> Iterator[Any]:
    """A union's branches; any other type itself. Annotations are taken off."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _branches(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for branch in get_args(kind):
            yield from _branches(branch)
    else:
        yield kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel)
