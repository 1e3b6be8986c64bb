"""Starting the server's programs, which live beside this package in a checkout or an image."""

import os
import sys
from pathlib import Path

import typer

from .outcome import USAGE
from .screen import note

ROOT = Path(__file__).resolve().parents[2]


def run(module: str, arguments: list[str], root: Path = ROOT) -> None:
    """Become `python -m module`, in the checkout. Exits with 2 where the server is not at hand."""
    folder = module.partition(".")[0]
    if not (root / folder / "__init__.py").is_file():
        note(
            f"lamina: the server is not installed here: there is no folder {folder!r} in {root}.\n"
            "This package is the client; run the server from a checkout or an image."
        )
        raise typer.Exit(USAGE)
    os.chdir(root)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606
