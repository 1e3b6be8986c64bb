"""The HTTP interface, from the OpenAPI document; and the document and its own page as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.app import create_app
from api.pages.reference import render
from api.services import Services
from core.host import EngineHost
from core.settings import Settings
from manual.table import table
from models.database import Database


def document() -> dict[str, Any]:
    """The document, of an application that is never started."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        database = Database(settings.database)
        services = Services(settings, database, EngineHost(Path(folder), "exec"))
        found = create_app(services).openapi()
        database.close()
    return found


def page(assets: Path) -> str:
    """The page."""
    found = document()
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "openapi.json").write_text(json.dumps(found))
    html = render(found).replace('href="/openapi.json"', 'href="openapi.json"')
    for path, led in (("/problems", "reference/problems.html"), ("/cheatsheet", "index.html")):
        html = html.replace(f'href="{path}"', f'href="{led}"')
    (assets / "interface.html").write_text(html)
    parts = [
        "# HTTP interface\n",
        'Every operation, from the OpenAPI document. <a href="../interface.html">With all schemas '
        'on one page</a> · <a href="../openapi.json">the document</a>.\n',
    ]
    for tag in found["tags"]:
        parts += [f"## {tag['name'].capitalize()}\n", f"{tag['description']}\n"]
        parts += list(_operations(found, tag["name"]))
    return "\n".join(parts)


def _operations(found: dict[str, Any], tag: str) -> Iterator[str]:
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            if tag not in operation["tags"]:
                continue
            yield f"### {method.upper()} {path}\n"
            yield f"{operation['summary']}. {operation.get('description', '')}\n"
            if parameters := operation.get("parameters"):
                told = (_parameter(parameter) for parameter in parameters)
                yield table(("parameter", "in", "meaning"), told) + "\n"
            answers = operation["responses"].items()
            yield table(("status", "answer"), ((code, one["description"]) for code, one in answers))
            yield ""


def _parameter(parameter: dict[str, Any]) -> tuple[str, str, str]:
    needed = " (required)" if parameter.get("required") else ""
    return f"`{parameter['name']}`", parameter["in"], parameter.get("description", "") + needed
