"""A small valid course as a value: path → text. Change one thing, then write it to a folder."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from builder.checks import check_folder
from builder.model.release import as_file
from builder.package.release import current_release
from builder.rendering.course import RenderedCourse, render_course
from builder.sources.releases import release_path
from tests.builders.package import package_of

Content = str | bytes | PurePosixPath
"""A path stands for a symbolic link to it."""

Files = Mapping[str, Content]

COURSE = """\
id: small
title: 小さなコース
description: 試すためのコースです。
release: 1.0.0
released: 2026-12-01
guideline:
  title: 小さな指針
  version: 1.0.0
  published: 2022-03-31
  url: https://example.org/guideline
  articles:
    - {id: value-1, number: 1, title: やさしい言葉}
    - {id: value-2, number: 2, title: 早く聞く}
notice: これは試すためのコースです。
sources:
  - {number: S0, title: 指針の目次}
  - {number: S1, title: 指針の本文, url: https://example.org/text}
"""

GLOSSARY = """\
terms:
  - {term: 共創, definition: 一緒に作ることです。, english: co-creation}
"""

INTRODUCTION = """\
---
title: はじめに
minutes: 2
---

## この指針は何か {#guideline basis=official sources=S0}

指針は二つの条からなります〔S0〕。最初は[やさしい言葉](../modules/01-plain-words/lesson.md#background)です。
"""

PLAIN_WORDS = """\
---
id: plain-words
order: 1
version: 1.0.0
title: やさしい言葉で書こう
article: value-1@1.0.0
point: 読む人の言葉で書く。
minutes: 5
change: 最初の版です。
---

## 背景 {#background basis=official sources=S0,S1}

読む人が困らないように書きます〔S1〕。詳しくは[早く聞く](../02-ask-early/lesson.md#background)へ。

![短い文と長い文を比べる図。](figures/lengths.svg "文の長さ")

## やってほしくないこと {#do-not basis=official sources=S1}

| してほしくないこと | 代わりにすること |
|---|---|
| 略語を並べる | 読む人の言葉に直す |

## 最初の一歩 {#first-action basis=course}

もし次に案内を書くなら、一文を短くします。
"""

FIGURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
  <title>文の長さ</title>
  <rect width="60" height="20" fill="#0017c1"/>
  <text x="0" y="60">短い文</text>
</svg>
"""

PLAIN_WORDS_QUIZ = """\
module: plain-words
pass: 2
objectives:
  - id: short
    title: 短く書ける
    must_pass: true
    questions:
      - id: short-1
        type: single
        text: どの文が読みやすいですか。
        article: value-1@1.0.0
        section: background
        choices:
          - {id: a, text: 短い文, explanation: 短い文は一度で読めます。}
          - {id: b, text: 長い文, explanation: 長い文は途中で迷います。}
          - {id: c, text: 略語の文, explanation: 略語は知らない人に伝わりません。}
        answer: a
      - id: short-2
        type: true-false
        text: 一文は長いほど伝わります。
        article: value-1@1.0.0
        answer: false
        if_true: 長い文は途中で迷います。
        if_false: 短い文の方が伝わります。
  - id: order
    title: 順に並べられる
    questions:
      - id: order-1
        type: ordering
        text: 案内を書く順はどれですか。
        article: value-1@1.0.0
        section: do-not
        choices:
          - {id: draft, text: 下書き, explanation: 二番目です。}
          - {id: reader, text: 読む人を決める, explanation: 一番目です。}
          - {id: test, text: 読んでもらう, explanation: 三番目です。}
        answer: [reader, draft, test]
      - id: order-2
        type: multiple
        text: よいものをすべて選んでください。
        article: value-1@1.0.0
        choices:
          - {id: a, text: 見出しを付ける, explanation: よいことです。}
          - {id: b, text: 略語を並べる, explanation: よくありません。}
          - {id: c, text: 箇条書きにする, explanation: よいことです。}
        answer: [a, c]
  - id: reader
    title: 読む人を思い描ける
    questions:
      - id: reader-1
        type: matching
        text: だれに向けた案内ですか。
        article: value-1@1.0.0
        choices:
          - {id: school, text: 入学の案内, explanation: 親が読みます。}
          - {id: shop, text: 補助金の案内, explanation: 店主が読みます。}
        targets:
          - {id: parent, text: 親}
          - {id: owner, text: 店主}
          - {id: staff, text: 職員}
        answer: {school: parent, shop: owner}
      - id: reader-2
        type: single
        text: 最初に思い描くのはだれですか。
        article: value-1@1.0.0
        choices:
          - {id: a, text: 上司, explanation: 読む人ではありません。}
          - {id: b, text: 読む人, explanation: 読む人から始めます。}
        answer: b
"""

ASK_EARLY = """\
---
id: ask-early
order: 2
version: 1.0.0
title: 早く聞こう
article: value-2@1.0.0
point: 作る前に聞く。
minutes: 5
change: 最初の版です。
---

## 背景 {#background basis=course}

作ってからでは直せません。[はじめに](../../course/introduction.md#guideline)も読んでください。
"""

ASK_EARLY_QUIZ = """\
module: ask-early
pass: 2
objectives:
""" + "".join(
    f"""\
  - id: {objective}
    title: 早く聞ける
    questions:
      - id: {objective}-1
        type: true-false
        text: 作る前に聞きます。
        article: value-2@1.0.0
        answer: true
        if_true: 早いほど直せます。
        if_false: 作ってからでは直せません。
      - id: {objective}-2
        type: true-false
        text: 公開してから聞きます。
        article: value-2@1.0.0
        answer: false
        if_true: 作ってからでは直せません。
        if_false: 早いほど直せます。
"""
    for objective in ("when", "whom", "what")
)


def small_course() -> dict[str, Content]:
    """Two modules, all five question types, one figure; nothing is wrong with it."""
    return {
        "course/course.yaml": COURSE,
        "course/glossary.yaml": GLOSSARY,
        "course/introduction.md": INTRODUCTION,
        "modules/01-plain-words/lesson.md": PLAIN_WORDS,
        "modules/01-plain-words/figures/lengths.svg": FIGURE,
        "modules/02-ask-early/lesson.md": ASK_EARLY,
        "quizzes/01-plain-words.yaml": PLAIN_WORDS_QUIZ,
        "quizzes/02-ask-early.yaml": ASK_EARLY_QUIZ,
    }


def changed(files: Files, path: str, old: str, new: str) -> dict[str, Content]:
    """The course with one text replaced by another. The old one must be there exactly once."""
    text = files[path]
    assert isinstance(text, str)
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    return {**files, path: text.replace(old, new)}


def without(files: Files, path: str) -> dict[str, Content]:
    return {other: text for other, text in files.items() if other != path}


def write(files: Files, folder: Path) -> Path:
    """Returns the folder, which is then the course's root."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, PurePosixPath):
            file.symlink_to(text)
        else:
            file.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def released(files: Files, folder: Path) -> dict[str, Content]:
    """The course with its release written down, as `kyozai release` does. Uses the folder."""
    course, problems = check_folder(write(files, folder))
    assert course is not None, problems
    release = current_release(course, folder)
    return {**files, release_path(release.number): as_file(release)}


def rendered(files: Files, folder: Path) -> RenderedCourse:
    course, problems = check_folder(write(files, folder))
    assert course is not None, problems
    assert problems == []
    return render_course(course, folder)


def package(files: Files, folder: Path) -> bytes:
    """A course package without printing."""
    return package_of(write(files, folder))
