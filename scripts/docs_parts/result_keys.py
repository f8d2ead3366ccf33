"""Tables of the keys of a run's figures as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docs_parts import CHECKOUT
from docs_parts.markdown import rows_of


def results_table(part: str) -> str:
    """Every key of one part of a run's figures, from `sibmodel/result_schema.json`."""
    schema = json.loads((CHECKOUT / "sibmodel" / "result_schema.json").read_text(encoding="utf-8"))
    if part == "statistics":
        rows = list(_keys(schema["$defs"]["statistics"], ""))
    elif part:
        inside = _inside(schema, part)
        rows = [*_keys(inside, part), *_keys(inside.get("items", {}), f"{part}[]")]
    else:
        rows = [row for row in _keys(schema, "") if "." not in row[0]]
    return rows_of(["Key", "What it is", "Holds"], rows)


def _inside(schema: dict[str, Any], path: str) -> dict[str, Any]:
    for key in path.split("."):
        schema = schema["properties"][key]
    return schema


def _keys(schema: dict[str, Any], path: str) -> Iterator[list[str]]:
    for key, inside in schema.get("properties", {}).items():
        here = f"{path}.{key}".lstrip(".")
        yield [f"`{here}`", inside["description"], _holds(inside)]
        yield from _keys(inside, here)
        yield from _keys(inside.get("items", {}), f"{here}[]")


def _holds(schema: dict[str, Any]) -> str:
    if "$ref" in schema or "allOf" in schema:
        return "[statistics](#statistics)"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " or ".join(kind)
    extra = schema.get("additionalProperties")
    return f"{kind} by name" if kind == "object" and isinstance(extra, dict) else kind
