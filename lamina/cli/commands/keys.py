"""`lamina keys`."""

from typing import Annotated, Any

import typer

from lamina.cli import screen, words
from lamina.cli.help import command_group
from lamina.cli.options import Json
from lamina.cli.session import connect
from lamina.schemas.key import KeyLimits

group = command_group("Make, list, limit and revoke API keys.")
_LIMITS = ", ".join(KeyLimits.model_fields)


@group.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for")] = "",
    scopes: Annotated[
        list[str] | None, typer.Option("--scope", help="read, train or admin; may be repeated")
    ] = None,
    project: Annotated[str | None, typer.Option(help="Its project, else your own")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="How long it is valid")] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help=f"{_LIMITS}; may be repeated"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key; its secret is shown once."""
    given: Any = scopes
    key = connect(context).keys.create(name, given, project, days, _limits(limit or []))
    if as_json:
        screen.print_json(key)
        return
    print(key.secret)
    screen.note(f"{key.id}: keep the secret, it is not shown again")


@group.command(name="list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List keys, newest first; never their secrets."""
    found = list(connect(context).keys.list())
    if as_json:
        for key in found:
            screen.print_json(key)
        return
    rows = [
        (
            key.id,
            key.name,
            key.project,
            ", ".join(key.scopes),
            _told(key.limits),
            "revoked" if key.revoked_at else "valid",
            words.ago(key.last_used_at) if key.last_used_at else "never used",
        )
        for key in found
    ]
    screen.print_table(("key", "name", "project", "scopes", "limits", "state", "used"), rows)


@group.command()
def limit(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="A key's id, key_…")],
    limits: Annotated[
        list[str],
        typer.Argument(metavar="NAME=NUMBER…", help=f"{_LIMITS}; default: as the service has it"),
    ],
    as_json: Json = False,
) -> None:
    """Change what a key may use; other limits of it stay."""
    changed = connect(context).keys.limit(key, _limits(limits))
    if as_json:
        screen.print_json(changed)
        return
    print(f"{changed.id} may use: {_told(changed.limits)}")


@group.command()
def rotate(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="A key's id, key_…")],
    overlap: Annotated[
        float, typer.Option(min=0, help="Hours for which the old key goes on working")
    ] = 24,
    as_json: Json = False,
) -> None:
    """Replace a key by a new one; its secret is shown once."""
    made = connect(context).keys.rotate(key, overlap)
    if as_json:
        screen.print_json(made)
        return
    print(made.secret)
    screen.note(f"{made.id}: keep the secret, it is not shown again")


@group.command()
def revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="A key's id, key_…")],
) -> None:
    """Revoke a key: it stops working at once."""
    print(f"{connect(context).keys.revoke(key).id} revoked")


def _limits(given: list[str]) -> dict[str, int | None]:
    """The limits of arguments `name=number` and `name=default`."""
    found: dict[str, int | None] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in KeyLimits.model_fields:
            raise typer.BadParameter(f"{text!r} names none of {_LIMITS}")
        if value != "default" and not (value.isascii() and value.isdigit()):
            raise typer.BadParameter(f"{text!r} is not of the form NAME=NUMBER or NAME=default")
        found[name] = None if value == "default" else int(value)
    return found


def _told(limits: KeyLimits) -> str:
    told = limits.model_dump(exclude_none=True)
    return ", ".join(f"{name}={most}" for name, most in told.items()) or "as the service has it"
