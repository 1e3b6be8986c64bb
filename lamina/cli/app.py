"""The application: every module of `commands` is a command, or a group of commands, by its name."""

from typing import Annotated

import typer

from lamina import __version__, discovery

from .help import Overview


def build() -> typer.Typer:
    """The application with all commands."""
    app = typer.Typer(
        name="lamina",
        help="Train Keras models over HTTP.",
        cls=Overview,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, module in discovery.modules("lamina.cli.commands").items():
        group = getattr(module, "group", None)
        if group is not None:
            app.add_typer(group, name=name)
        else:
            settings = getattr(module, "CONTEXT", None)
            app.command(name, context_settings=settings)(module.command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lamina {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Option(help="The service; else LAMINA_URL, else http://127.0.0.1:8000")
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version")
    ] = False,
) -> None:
    context.obj = url
