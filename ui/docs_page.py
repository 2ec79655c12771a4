"""The description of the API as a page to read: no script, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

__all__ = ["to_docs"]

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}: API</title>
<link rel="icon" href="assets/icon.svg">
<link rel="stylesheet" href="assets/base.css">
<link rel="stylesheet" href="assets/docs.css">
</head>
<body>
<header><h1>{title}: API</h1><p>{about}</p>
<p>For programs: <a href="openapi.json">openapi.json</a></p></header>
<main>{body}</main>
</body>
</html>
"""


def to_docs(api: Mapping[str, Any]) -> str:
    """The page for an OpenAPI document."""
    info = api["info"]
    calls = "".join(
        _call(path, method, call) for path, methods in api["paths"].items() for method, call in methods.items()
    )
    records = "".join(_record(name, schema) for name, schema in sorted(api["components"]["schemas"].items()))
    body = f"<h2>Calls</h2>{calls}<h2>Records</h2>{records}"
    return _PAGE.format(title=escape(info["title"]), about=_prose(info["description"]), body=body)


def _prose(text: str) -> str:
    """Text in which `code` stands between backquotes."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _call(path: str, method: str, call: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(reply['description'])}</td><td>{_content(reply)}</td></tr>"
        for status, reply in call["responses"].items()
    )
    takes = f"<p>Takes {_content(call['requestBody'])}.</p>" if "requestBody" in call else ""
    return (
        f"<section><h3><code>{escape(method.upper())} {escape(path)}</code></h3>"
        f"<p><strong>{escape(call.get('summary', ''))}.</strong> {_prose(call.get('description', ''))}</p>{takes}"
        '<div class="wide" tabindex="0" role="region" aria-label="Replies of '
        f'{escape(path)}"><table><thead><tr><th scope="col">Status</th><th scope="col">Meaning</th>'
        f'<th scope="col">Content</th></tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _content(part: Mapping[str, Any]) -> str:
    kinds = [
        _kind(content["schema"]) if "$ref" in content.get("schema", {}) else escape(media)
        for media, content in part.get("content", {}).items()
    ]
    return ", ".join(kinds) or "nothing"


def _record(name: str, schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_kind(made)}</td>"
        f"<td>{'yes' if field in required else 'no'}</td><td>{_prose(made.get('description', ''))}</td></tr>"
        for field, made in schema.get("properties", {}).items()
    )
    return (
        f'<section><h3 id="{escape(name)}">{escape(name)}</h3><p>{_prose(schema.get("description", ""))}</p>'
        f'<div class="wide" tabindex="0" role="region" aria-label="Fields of {escape(name)}"><table><thead><tr>'
        '<th scope="col">Field</th><th scope="col">Type</th><th scope="col">Required</th><th scope="col">Meaning</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>{''.join(_examples(schema))}</section>"
    )


def _examples(schema: Mapping[str, Any]) -> Iterator[str]:
    for example in schema.get("examples", ()):
        yield f'<pre tabindex="0">{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>'


def _kind(schema: Mapping[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"<code>{escape(json.dumps(value))}</code>" for value in values)
    if schema.get("type") == "array":
        parts = schema.get("prefixItems")
        return f"list of {_kind(schema['items'])}" if parts is None else f"pair of {_kind(parts[0])}"
    return escape(schema.get("format") or schema.get("type", "anything"))
