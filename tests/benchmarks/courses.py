"""Courses of any size, the same at every run. A module has 1,500 characters of Japanese and 10 questions."""

from collections.abc import Iterator
from itertools import accumulate, cycle, takewhile
from pathlib import Path

from tests.builders.course import COURSE, GLOSSARY, INTRODUCTION

NOT_FOR_SCORM12 = "checks: {severities: {delivery-state-too-long: warning}}\n"
CHARACTERS = 1_500
QUESTIONS = (3, 3, 2, 2)
"""Parallel questions of each objective: 10 in all."""

SENTENCES = (
    "窓口に来る人は、知りたいことを一つだけ持って来ます。",
    "**はじめに**決めるのは、だれのための案内かです。",
    "書き終えたら、声に出して読み、つまずいた所を直します。",
    "制度の名前より先に、その人ができることを書きます〔S1〕。",
    "直したことは、`変更の記録`に一行で残します。",
    "分からないときは、早いうちに担当の外の人へ聞きます。",
    "一度に全部を変えず、小さく試して、結果を見ます。",
)
TABLE = """\
| してほしくないこと | 代わりにすること |
|---|---|
| 略語を並べる | 読む人の言葉に直す |
| 締切の直前に聞く | 作る前に聞く |
"""
LIST = "- 読む人を決める\n- 下書きを書く\n- ほかの人に読んでもらう\n"


def write_course(root: Path, modules: int) -> Path:
    """Valid under `kyozai check`, which does not ask whether SCORM 1.2 can keep so much."""
    files = course_files(modules)
    return write({**files, "course/course.yaml": COURSE + NOT_FOR_SCORM12}, root)


def course_files(modules: int) -> dict[str, str]:
    files = {
        "course/course.yaml": COURSE,
        "course/glossary.yaml": GLOSSARY,
        "course/introduction.md": INTRODUCTION.replace("01-plain-words", name(1)),
    }
    for number in range(1, modules + 1):
        files[f"modules/{name(number)}/lesson.md"] = lesson(number, modules)
        files[f"quizzes/{name(number)}.yaml"] = quiz(number)
    return files


def write_plain_pages(root: Path, modules: int) -> Path:
    """The same text, lessons and questions, as one Markdown page a module in `docs/`."""
    files = {"mkdocs.yml": "site_name: 小さなコース\n", "docs/index.md": body(INTRODUCTION)}
    for number in range(1, modules + 1):
        files[f"docs/{name(number)}/lesson.md"] = body(lesson(number, modules)) + "".join(plain_quiz(number))
    return write(files, root)


def write(files: dict[str, str], root: Path) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def change_lesson(path: Path, turn: int) -> None:
    """One sentence more, another at each turn."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{turn} 回目に直しました。\n")


def name(number: int) -> str:
    return f"{number:04}-module-{number}"


def lesson(number: int, modules: int) -> str:
    following = name(number % modules + 1)
    return f"""\
---
id: module-{number}
order: {number}
version: 1.0.0
title: {number} 番目のモジュール
article: value-{number % 2 + 1}@1.0.0
point: 読む人の言葉で書く。
minutes: 5
change: 最初の版です。
---

## 背景 {{#background basis=official sources=S0,S1}}

{text(number, CHARACTERS // 2)}

次は[次のモジュール](../{following}/lesson.md#background)へ。

## やってほしくないこと {{#do-not basis=official sources=S1}}

{TABLE}
{text(number + 1, CHARACTERS // 4)}

## 進め方 {{#steps basis=course}}

{LIST}
{text(number + 2, CHARACTERS // 8)}

## 最初の一歩 {{#first-action basis=course}}

もし次に案内を書くなら、一文を短くします。
"""


def text(start: int, characters: int) -> str:
    """Sentences from the given one on, in paragraphs of four."""
    order = cycle(SENTENCES[start % len(SENTENCES) :] + SENTENCES[: start % len(SENTENCES)])
    lengths = accumulate(map(len, SENTENCES * (characters // 20)))
    sentences = [next(order) for _ in takewhile(lambda length: length < characters, lengths)]
    return "\n\n".join("".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4))


def quiz(number: int) -> str:
    return f"module: module-{number}\npass: 3\nobjectives:\n" + "".join(objectives(number))


def objectives(number: int) -> Iterator[str]:
    for objective, count in enumerate(QUESTIONS):
        yield f"  - id: objective-{objective}\n    title: {objective} 番目のねらい\n    questions:\n"
        for question in range(count):
            yield f"""\
      - id: q{objective}-{question}
        type: single
        text: {number} 番目のモジュールで、{question} 番目に大切なことはどれですか。
        article: value-{number % 2 + 1}@1.0.0
        section: background
        choices:
          - {{id: a, text: 短い文で書くこと, explanation: 短い文は一度で読めます。}}
          - {{id: b, text: 長い文で書くこと, explanation: 長い文は途中で迷います。}}
          - {{id: c, text: 略語を並べること, explanation: 略語は知らない人に伝わりません。}}
          - {{id: d, text: あとで聞くこと, explanation: 作ってからでは直せません。}}
        answer: a
"""


def plain_quiz(number: int) -> Iterator[str]:
    for line in quiz(number).splitlines():
        key, _, value = line.strip().removeprefix("- ").partition(": ")
        if key == "text":
            yield f"\n{value}\n\n"
        elif key.startswith("{id"):
            yield f"- {line.partition('text: ')[2].rstrip('}').replace(', explanation: ', '：')}\n"


def body(markdown: str) -> str:
    return markdown.split("---\n", 2)[2]
