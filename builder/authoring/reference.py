"""Every key of the source files as a page of tables, from the JSON Schemas and nothing else."""

from collections.abc import Iterator
from typing import Any

from builder.model.schemas import SOURCE_FILES, json_schema

Schema = dict[str, Any]

BEGINNING = """\
# ソースファイルのキー

書けるキーの一覧です。エディタが出す説明と同じものから `kyozai schema --reference` が作ります。
"""
HEAD = "| キー | 必須 | 値 | 説明 |\n|---|---|---|---|\n"
KINDS = {"string": "文字列", "integer": "整数", "boolean": "`true` か `false`", "object": "キーと値の組"}


def reference() -> str:
    """Markdown, in Japanese: one part for each kind of file."""
    parts = [BEGINNING]
    for file in SOURCE_FILES:
        schema = json_schema(file)
        parts.append(f"## {schema['title']}：`{file.pattern}`\n\n{table(schema)}")
        parts += [f"### {title}\n\n{table(part)}" for title, part in inner(schema)]
    return "\n".join(parts)


def inner(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The mappings inside a file, in the order in which they are met."""
    met: dict[str, Schema] = {}
    waiting = [schema]
    while waiting:
        for found in waiting.pop(0)["properties"].values():
            for name in references(found):
                if name not in met:
                    met[name] = schema["$defs"][name]
                    waiting.append(met[name])
    yield from ((part["title"], part) for part in met.values())


def references(field: Schema) -> list[str]:
    alternatives = field.get("oneOf") or field.get("items", {}).get("oneOf") or [field.get("items", field)]
    return [part["$ref"].removeprefix("#/$defs/") for part in alternatives if "$ref" in part]


def table(schema: Schema) -> str:
    return HEAD + "".join(
        f"| `{key}` | {'必須' if key in schema.get('required', ()) else ''} | {value(field)} "
        f"| {field.get('description', '')} |\n"
        for key, field in schema["properties"].items()
    )


def value(field: Schema) -> str:
    """What may stand there, in words."""
    if "const" in field:
        return f"`{field['const']}`"
    if "$ref" in field:
        return KINDS["object"]
    if "anyOf" in field:
        return value(field["anyOf"][0])
    if field["type"] == "array":
        return "並び"
    return KINDS[field["type"]] + limits(field)


def limits(field: Schema) -> str:
    least, most = field.get("minimum"), field.get("maximum")
    return "".join([f"、{least} 以上" if least else "", f"、{most} 以下" if most else ""])
