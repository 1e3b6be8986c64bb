"""The overview of `lamina --help`: commands under headings.

Typer's own rich help would do this too, at a quarter of a second for its imports.
"""

from typing import Any

import typer
from typer.core import TyperGroup

PANELS = {
    "Train": ("suggest", "train", "validate", "watch", "jobs", "show", "clone", "stop", "cancel"),
    "Results": ("metrics", "evaluation", "plot", "split", "tensorboard"),
    "Data and models": (
        *("datasets", "files", "models", "export", "predict", "evaluate", "convert"),
        *("pin", "trash"),
    ),
    "Service": ("up", "worker", "migrate", "doctor", "keys", "webhooks", "usage", "audit"),
}
"""Headings and the commands below them, in the order in which they are shown."""


class Overview(TyperGroup):
    """A group that lists its commands by heading; Typer calls `format_commands`."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the headings and commands."""
        del ctx
        widest = max(map(len, self.commands))
        for heading, names in PANELS.items():
            rows = [
                (
                    name.ljust(widest),
                    self.commands[name].get_short_help_str(formatter.width - widest - 6),
                )
                for name in names
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)


def command_group(help: str) -> typer.Typer:
    """An empty group of commands, such as `lamina keys`."""
    return typer.Typer(help=help, no_args_is_help=True, rich_markup_mode=None)
