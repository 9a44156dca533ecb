"""docs/problems.md: every kind of problem in the code, with an example from the golden cases.

`make docs` writes it; a test holds it to the code.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import groupby
from types import ModuleType

import builder
import server
from builder.language import Language, translations
from builder.model.problem import Catalogue, Kind
from server.web.language import catalogue
from tests.builders.package import ROOT
from tests.golden_cases import Case, cases

PAGE = ROOT / "docs" / "problems.md"
FOLDERS = ("problems", "releases", "roster", "commands")
PLACE = re.compile(r"%\((\w+)\)[sd]")
PARTS = (
    (
        "コースを読む・点検する / Reading and checking a course",
        ("builder.sources", "builder.checks", "builder.rendering", "builder.print"),
    ),
    ("名簿を読む / Reading a staff list", ("server.people",)),
    ("作る・書く・公開する / Making, writing, publishing", ("builder", "server")),
)
"""Title, and the packages whose kinds stand under it; the first that fits."""

BEGINNING = """\
# 誤りと注意の一覧 / Problems

コードからこのページを作ります（`make docs`）。手で直しません。
Made from the code by `make docs`, and held to it by a test.

- **誤り** (error) があると `kyozai check` と `kyozai build` は終了コード 1 で終わります。
  **注意** (warning) では止まりません。`--strict` を付けると、注意でも止まります。
- 重さは、コースごとに変えられます。`course/course.yaml` に書きます。
  「注意にできる」と書いていない誤りは、コースを正しく読めなくなるので、軽くできません。

```yaml
checks:
  severities:
    sentence-long: error     # 誤りにする
    kanji-run: off           # 出さない
  accepted_words: [各局DX支援担当]
```

## プログラムから読む / For programs

`kyozai check --json` は、一つの JSON を標準出力に書きます。終了コードは `--json` がないときと同じです。
Keys are only ever added. `line` and `column` count from 1, and are `null` where a whole file is meant.

```json
{
  "language": "ja",
  "errors": 1,
  "warnings": 0,
  "problems": [
    {
      "code": "figure-missing",
      "severity": "error",
      "file": "modules/01-plain-words/lesson.md",
      "line": 16,
      "column": 18,
      "cause": "図のファイル「figures/length.svg」がありません。",
      "hint": "「figures/lengths.svg」のことですか。figures フォルダにファイルを置くか、名前を直します。"
    }
  ]
}
```
"""


def page() -> str:
    found = sorted(all_kinds(), key=lambda entry: (entry[1].code, entry[1].cause, entry[1].hint))
    examples = list(examples_of_cases())
    parts = [BEGINNING]
    for title, _ in PARTS:
        here = [(room, kind) for room, kind in found if part_of(room) == title]
        parts.append(f"## {title}\n")
        for code, entries in groupby(here, key=lambda entry: entry[1].code):
            parts.append(entry_text(code, list(entries), examples))
    return "\n".join(parts)


def all_kinds() -> set[tuple[str, Kind]]:
    """Every kind, with the room that says it; once, where it is defined first."""
    found: dict[Kind, str] = {}
    for room in rooms(builder, server):
        for value in vars(room).values():
            if isinstance(value, Kind):
                found.setdefault(value, room.__name__)
    return {(room, kind) for kind, room in found.items()}


def rooms(*packages: ModuleType) -> Iterator[ModuleType]:
    """Those that read and check come first: the others take kinds from them."""
    names = [
        info.name
        for package in packages
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    for name in sorted(names, key=lambda name: (not name.startswith(PARTS[0][1]), name)):
        yield importlib.import_module(name)


def part_of(room: str) -> str:
    return next(title for title, prefixes in PARTS if room.startswith(prefixes))


def entry_text(code: str, entries: list[tuple[str, Kind]], examples: list[tuple[str, str, str]]) -> str:
    lines = [f"### `{code}`", "", weight(entries[0][1]), "", "```text"]
    for room, kind in entries:
        of_server = room.startswith("server")
        for language in ("ja", "en"):
            lines += [said(kind.cause, language, of_server), f"  → {said(kind.hint, language, of_server)}"]
    lines += ["```", ""]
    for title, example_code, text in examples:
        if example_code == code:
            lines += [f"例 / Example: {title}", "", "```text", text, "```", ""]
            break
    return "\n".join(lines)


def weight(kind: Kind) -> str:
    if kind.severity == "warning":
        return "注意 / Warning"
    return "誤り（注意にできる） / Error, may be turned down" if kind.lowerable else "誤り / Error"


def said(message: str, language: Language, of_server: bool) -> str:
    """With an ellipsis where a value will stand."""
    source: Catalogue = catalogue if of_server else translations
    return PLACE.sub("…", source(language).gettext(message)).replace("%%", "%")


def examples_of_cases() -> Iterator[tuple[str, str, str]]:
    """Title of the case, code, and what people read in Japanese."""
    for folder in FOLDERS:
        for case in cases(folder):
            yield from ((case.title, code, text) for code, text in messages_of(case))


def messages_of(case: Case) -> Iterator[tuple[str, str]]:
    for block in case.blocks("ja"):
        for found in re.finditer(r"^(?! ).*\[([a-z0-9-]+)\].*\n(?:  .*\n)*", block, re.MULTILINE):
            yield found[1], found[0].rstrip("\n")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
