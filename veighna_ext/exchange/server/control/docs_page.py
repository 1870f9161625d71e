"""The OpenAPI document as a page to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

_STYLE = Path(__file__).parent / "pages" / "docs.css"


def docs_page(document: dict[str, Any]) -> str:
    """A page that needs nothing else: no script, no file."""
    info = document["info"]
    tags = _by_tag(document)
    links = "".join(f'<a href="#{tag}">{tag}</a>' for tag in tags)
    sections = "".join(
        f'<h2 id="{tag}">{tag}</h2>' + "".join(_call(document, *call) for call in calls)
        for tag, calls in tags.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f'<h1>{escape(info["title"])}</h1><p class="quiet">{escape(info["version"])} · '
        '<a href="/mock/openapi.json">OpenAPI document</a> · <a href="/mock/">status page</a></p>'
        f"<p>{escape(info['description'])}</p>"
        "<p>The token goes into a header: <code>Authorization: Bearer TOKEN</code>. What is refused is "
        "answered with an HTTP status from 400 and "
        '<code>{"error": {"message": …, "field": …}}</code>: one sentence, '
        "and the field it is about where there is one. A field this page does not name is refused too.</p>"
        f"<nav>{links}</nav>{sections}</body></html>"
    )


def _by_tag(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    tags: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    return tags


def _call(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    body = operation.get("requestBody")
    schema = _resolved(document, body["content"]["application/json"]["schema"]) if body else {}
    statuses = [status for status in operation["responses"] if status >= "400"]
    answer = next(iter(operation["responses"].values()))["content"]["application/json"]["schema"]
    return "".join(
        [
            f'<h3 id="{operation["operationId"]}"><b>{method}</b> {escape(path)}</h3>',
            f"<p>{escape(operation['summary'])}</p>",
            _fields(
                (
                    each["name"],
                    each["schema"]
                    | {"description": each.get("description", each["schema"].get("description", ""))},
                    each["required"],
                )
                for each in operation.get("parameters", [])
            ),
            _fields(
                (name, field, name in schema.get("required", ()))
                for name, field in schema.get("properties", {}).items()
            ),
            _example(method, path, schema) if method == "POST" else "",
            _outcome(document, answer, statuses),
        ]
    )


def _outcome(document: dict[str, Any], answer: dict[str, Any], statuses: list[str]) -> str:
    return (
        f'<p class="quiet">Answers with {_answer(document, answer)}; refuses with {", ".join(statuses)}.</p>'
    )


def _fields(fields: Iterator[tuple[str, dict[str, Any], bool]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(field.get('description', ''))}</td>"
        f"<td class='quiet'>{_need(field, is_required)}</td></tr>"
        for name, field, is_required in fields
    )
    if not rows:
        return ""
    head = "<tr><th>Field</th><th>Takes</th><th>Left out</th></tr>"
    return f"<div class='fields'><table>{head}{rows}</table></div>"


def _need(field: dict[str, Any], is_required: bool) -> str:
    if is_required:
        return "needed"
    return f"<code>{escape(json.dumps(field['default']))}</code>" if "default" in field else "possible"


def _example(method: str, path: str, schema: dict[str, Any]) -> str:
    values = {
        name: field["examples"][0]
        for name, field in schema.get("properties", {}).items()
        if "examples" in field
    }
    shown = path.replace("{key}", "mock-key").replace("{symbol}", "BTCUSDT")
    body = f" -d '{json.dumps(values)}'" if values else ""
    kind = ' -H "Content-Type: application/json"' if values else ""
    text = f'curl -X {method} -H "Authorization: Bearer $TOKEN"{kind} http://127.0.0.1:8900{shown}{body}'
    return f"<pre>{escape(text)}</pre>"


def _answer(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return "a list of " + _answer(document, schema["items"])
    return ", ".join(f"<code>{escape(name)}</code>" for name in _resolved(document, schema)["properties"])


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found
