"""The versions of what runs here."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from lamina import __version__

_PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "fastapi", "sqlalchemy")
_TRAINING = ("keras", "tensorflow", "numpy")


@cache
def versions() -> dict[str, str]:
    """Python and the packages that matter to clients, as far as they are installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # tensorflow comes under one of two names
            continue
    return found


@cache
def training_versions() -> dict[str, str]:
    """What the numbers of a training depend on: this service, Keras, TensorFlow, NumPy."""
    known = versions()
    found = {"tensorflow": known["tensorflow-cpu"]} if "tensorflow-cpu" in known else {}
    found |= {package: known[package] for package in _TRAINING if package in known}
    return {"lamina": __version__, **found}
