"""Finding extensions by folder: a new rule, format, encoding, task or route is one new file."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: str) -> Mapping[str, ModuleType]:
    """Import every public module of a package; return them by file name."""
    path = import_module(package).__path__
    names = sorted(info.name for info in iter_modules(path) if not info.name.startswith("_"))
    return MappingProxyType({name: import_module(f"{package}.{name}") for name in names})


def discover(package: str, base: type[T]) -> Mapping[str, type[T]]:
    """The subclasses of `base` that the modules of a package define, by file name.

    Raises TypeError when a module defines none or several: a forgotten or half-written
    extension stops the start-up instead of being left out in silence.
    """
    found: dict[str, type[T]] = {}
    for name, module in modules(package).items():
        own = [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, base)
            and value.__module__ == module.__name__
        ]
        if len(own) != 1:
            raise TypeError(f"{module.__name__} must define one {base.__name__}, not {len(own)}")
        found[name] = own[0]
    return MappingProxyType(found)
