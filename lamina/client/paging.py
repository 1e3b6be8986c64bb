"""Lists that turn their own pages."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from lamina.schemas.page import Page

from .call import Call
from .exchange import fetch
from .step import Emit, Items

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def pages(
    driver: Any, path: str, shape: type[M], params: dict[str, Any], make: Callable[[M], T]
) -> Items[T]:
    """What `make` makes of every element of the list at `path`; pages are asked for on the way."""
    token: str | None = None
    while True:
        call = Call("GET", path, {**params, "page_token": token})
        page = yield from fetch(driver, call, Page[shape])  # type: ignore[valid-type]
        for element in page.data:
            yield Emit(make(element))
        token = page.next_page_token
        if token is None:
            return
