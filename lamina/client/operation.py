"""Descriptors that make one generator method a plain method and an awaitable one."""

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from .awaiting import Awaiting
from .blocking import Blocking
from .step import Items, Steps

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
D = TypeVar("D", bound=Blocking | Awaiting)


class Bound(Generic[D]):
    """Something that acts through a driver: Bound[Blocking] blocks, Bound[Awaiting] awaits."""

    def __init__(self, driver: D) -> None:
        self._driver: D = driver


class operation(Generic[P, R]):
    """A method that returns its result: at once, or as an awaitable on the async client."""

    def __init__(self, method: Callable[Concatenate[Any, P], Steps[R]]) -> None:
        self.steps = method
        functools.update_wrapper(self, method)  # type: ignore[arg-type]

    @overload
    def __get__(self, owner: Bound[Blocking], kind: type) -> Callable[P, R]: ...
    @overload
    def __get__(
        self, owner: Bound[Awaiting], kind: type
    ) -> Callable[P, Coroutine[Any, Any, R]]: ...
    @overload
    def __get__(self, owner: None, kind: type) -> "operation[P, R]": ...
    def __get__(self, owner: Any, kind: type) -> Any:
        """The method, bound to its object's driver."""
        if owner is None:
            return self

        @functools.wraps(self.steps)
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._driver.run(self.steps(owner, *args, **kwargs))

        return bound


class stream(Generic[P, T]):
    """A method that gives items one by one: an iterator, or an async iterator."""

    def __init__(self, method: Callable[Concatenate[Any, P], Items[T]]) -> None:
        self.items = method
        functools.update_wrapper(self, method)  # type: ignore[arg-type]

    @overload
    def __get__(self, owner: Bound[Blocking], kind: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, owner: Bound[Awaiting], kind: type) -> Callable[P, AsyncIterator[T]]: ...
    @overload
    def __get__(self, owner: None, kind: type) -> "stream[P, T]": ...
    def __get__(self, owner: Any, kind: type) -> Any:
        """The method, bound to its object's driver."""
        if owner is None:
            return self

        @functools.wraps(self.items)
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return owner._driver.iterate(self.items(owner, *args, **kwargs))

        return bound
