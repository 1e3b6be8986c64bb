"""The reference at /docs: one plain HTML page made from the OpenAPI document, no scripts."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem 1.25rem 6rem}
h1{margin-bottom:0}h2{margin-top:3rem;border-bottom:1px solid var(--line)}
code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:var(--soft);padding:.75rem;overflow:auto}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer}summary code{font-size:14px}.method{display:inline-block;min-width:4.8em;
font-weight:700}table{border-collapse:collapse;width:100%}td,th{border-top:1px solid var(--line);
padding:.3rem .5rem;text-align:left;vertical-align:top}
"""


def render(document: dict[str, Any]) -> str:
    """The page."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(info['title'])}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['summary'])}. Version ",
        f'{escape(info["version"])}. <a href="/openapi.json">OpenAPI document</a> · ',
        '<a href="/problems">problem types</a> · <a href="/cheatsheet">cheat sheet</a></p>',
        *(_section(document, tag) for tag in document["tags"]),
        "<h2>Schemas</h2>",
        *_schemas(document["components"]["schemas"]),
        "</body></html>",
    ]
    return "".join(parts)


def _section(document: dict[str, Any], tag: dict[str, str]) -> str:
    found = [
        _operation(method, path, operation)
        for path, entry in document["paths"].items()
        for method, operation in entry.items()
        if tag["name"] in operation["tags"]
    ]
    title, text = escape(tag["name"].capitalize()), escape(tag["description"])
    return f"<h2>{title}</h2><p>{text}</p>{''.join(found)}"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    head = f'<span class="method">{method.upper()}</span><code>{escape(path)}</code>'
    rows = "".join(_parameter(parameter) for parameter in operation.get("parameters", []))
    body = operation.get("requestBody", {}).get("content", {})
    return (
        f'<details id="{escape(operation["operationId"])}">'
        f"<summary>{head} {escape(operation['summary'])}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        + (f"<table><tr><th>Parameter<th>In<th>Meaning</tr>{rows}</table>" if rows else "")
        + "".join(_body(kind, content) for kind, content in body.items())
        + "<table><tr><th>Status<th>Meaning</tr>"
        + "".join(_response(*entry) for entry in operation["responses"].items())
        + "</table></details>"
    )


def _parameter(parameter: dict[str, Any]) -> str:
    text = parameter.get("description") or parameter["schema"].get("description", "")
    name, place = escape(parameter["name"]), escape(parameter["in"])
    return f"<tr><td><code>{name}</code><td>{place}<td>{escape(text)}</tr>"


def _body(kind: str, content: dict[str, Any]) -> str:
    schema = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    link = f' <a href="#schema-{escape(schema)}">{escape(schema)}</a>' if schema else ""
    examples = "".join(
        f"<p>Example: {escape(name)}</p><pre>{escape(json.dumps(example['value'], indent=2))}</pre>"
        for name, example in content.get("examples", {}).items()
    )
    return f"<p>Body: <code>{escape(kind)}</code>{link}</p>{examples}"


def _response(status: str, response: dict[str, Any]) -> str:
    return f"<tr><td>{escape(status)}<td>{escape(response.get('description', ''))}</tr>"


def _schemas(schemas: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        text = escape(json.dumps(schema, indent=2, ensure_ascii=False))
        yield (
            f'<details id="schema-{escape(name)}"><summary><code>{escape(name)}</code> '
            f"{escape(schema.get('description', ''))}</summary><pre>{text}</pre></details>"
        )
