"""Lists on the wire."""

from typing import Generic, Literal, TypeVar

from ._base import Resource

T = TypeVar("T")


class Page(Resource, Generic[T]):
    """One page of a list; `next_page_token` is null on the last one."""

    object: Literal["list"] = "list"
    data: list[T]
    next_page_token: str | None = None
    has_more: bool = False
