"""The catalogue on the wire: what stacks and settings may be made of."""

from typing import Any, Literal

from pydantic import Field

from ._base import Resource


class CatalogArgument(Resource):
    """One argument of a class, with its default when it has one."""

    name: str
    required: bool
    default: Any = None
    doc: str | None = None
    form: dict[str, Any] | None = Field(
        default=None, description="what values it takes, as JSON Schema (2020-12)"
    )


class CatalogEntry(Resource):
    """One layer, optimizer, loss, metric, encoding, …"""

    object: Literal["catalog_entry"] = "catalog_entry"
    name: str
    aliases: list[str] = []
    family: str | None = None
    rank: int | None = None
    doc: str | None = None
    kinds: list[str] = Field(default=[], description="kinds of columns that it takes")
    arguments: list[CatalogArgument] = []
    has_weights: bool = False
    has_activation: bool = False
    has_bias: bool = False
    forbidden: str | None = None
    purpose: str | None = None
    use_when: str | None = None
    watch_out: str | None = None
    pairs_with: list[str] = []
    architectures: list[str] = []
    form: dict[str, Any] | None = Field(
        default=None, description="JSON Schema (2020-12) of the object in its short form"
    )
