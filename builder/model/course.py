"""A course as its authors write it: `course/` and `modules/`."""

from typing import Literal

from pydantic import ConfigDict, Field

from builder.model.base import Citation, Day, Id, Model, SourceNumber, Text, Version, Written
from builder.model.quiz import Quiz

Basis = Literal["official", "course"]
"""`official`: a public source gives it (its numbers must be named). `course`: our own explanation."""


Weight = Literal["off", "warning", "error"]
"""Of a kind of problem, as a course wants it."""


class Article(Written):
    model_config = ConfigDict(title="条")

    id: Id
    """条の id（例：`jukkajo-1`）。レッスンと設問が、この id と指針の版で条を示します。"""
    number: int = Field(ge=1)
    """条の番号。1 からの整数です。"""
    title: Text
    """条の名前。指針のとおりに書きます。"""


class Guideline(Written):
    """The official text that the course explains. Its version appears in citations only."""

    model_config = ConfigDict(title="指針")

    title: Text
    """指針の正式な名前。"""
    version: Version
    """指針の版。三つの数を点でつなぎます（例：`1.0.0`）。"""
    published: Day
    """指針が公開された日（例：`2022-03-31`）。"""
    url: Text
    """指針が公開されているところ。"""
    articles: tuple[Article, ...] = Field(min_length=1)
    """指針の条。番号の順に並べます。"""


class Source(Written):
    """A public source. `url` is missing only where the source has no public address."""

    model_config = ConfigDict(title="資料")

    number: SourceNumber
    """資料の番号。S と数字（例：`S20`）。本文では〔S20〕と書いて示します。"""
    title: Text
    """資料の名前。"""
    url: Text | None = None
    """公開されているところ。なければ、この行を書きません。"""


class Term(Written):
    """A glossary entry: the word, its plain definition, its English."""

    model_config = ConfigDict(title="用語")

    term: Text
    """言葉。"""
    definition: Text
    """やさしい言葉での説明。一文で書きます。"""
    english: Text
    """英語での言い方と説明。"""


class CheckSettings(Written):
    """How strict the checks of a course are."""

    model_config = ConfigDict(title="点検のしかた")

    severities: dict[Id, Weight] = Field(default_factory=dict)
    """コードごとの重さ（例：`{sentence-long: off}`）。`off`（出さない）か `warning` か `error` です。"""
    sentence_characters: int = Field(60, ge=20, le=200)
    """一文の長さの目安（字）。"""
    kanji_run: int = Field(6, ge=3, le=30)
    """漢字がこの数だけ続いたら、注意を出します。"""
    katakana_run: int = Field(10, ge=5, le=40)
    """カタカナがこの数だけ続いたら、注意を出します。"""
    characters_per_minute: int = Field(500, ge=100, le=2000)
    """一分間に読む字数。"""
    seconds_per_question: int = Field(30, ge=5, le=600)
    """一問にかかる秒数。"""
    longest_minutes: int = Field(8, ge=1, le=60)
    """一つのモジュールにかけてよい時間（分）。確認テストも含めます。"""
    accepted_words: tuple[Text, ...] = ()
    """長くても、略語でも、そのまま使う言葉。名前など、用語集に入れるほどではないものを並べます。"""


class CourseFile(Written):
    """`course/course.yaml`."""

    model_config = ConfigDict(title="コース")

    id: Id
    """コースの id。英小文字、数字、ハイフン。作った物のファイル名の始めに付きます。"""
    title: Text
    """コースの題。"""
    description: Text
    """コースを一文か二文で。"""
    release: Version
    """これから公開する版番号。三つの数を点でつなぎます（例：`1.0.0`）。"""
    released: Day
    """公開日（例：`2026-12-01`）。資料に印刷されます。"""
    languages: tuple[Literal["ja"], ...] = ("ja",)
    """レッスンの言語。書かなければ日本語だけです。"""
    guideline: Guideline
    """もとにする指針。"""
    notice: Text
    """目次と資料に載せる断り書き。空の行で段落を分けます。"""
    sources: tuple[Source, ...]
    """出典の一覧。"""
    checks: CheckSettings = CheckSettings()
    """点検のしかた。書かなければ、どれも決まった値です。"""


GLOSSARY_FILE = "course/glossary.yaml"
"""A link to it in a lesson marks a term."""


class Glossary(Written):
    """GLOSSARY_FILE."""

    model_config = ConfigDict(title="用語集")

    terms: tuple[Term, ...]
    """用語。この順に並びます。"""


class Section(Model):
    """A heading of level two and the Markdown under it, up to the next one.

    `line` is that of the heading, counted from 1 in `lesson.md`; the Markdown begins on the next one.
    """

    id: Id
    title: Text
    basis: Basis | None
    sources: tuple[SourceNumber, ...]
    markdown: str
    line: int


class LessonHeader(Written):
    """The front matter of a module's `lesson.md`."""

    model_config = ConfigDict(title="レッスンの見出し情報")

    id: Id
    """モジュールの id。フォルダ名の、番号の後の部分と同じです。公開した後は変えません。"""
    order: int = Field(ge=1)
    """コースの中の順番。1 からの整数で、ほかのモジュールと違うものにします。"""
    version: Version
    """モジュールの版。三つの数を点でつなぎます（例：`1.0.0`）。"""
    title: Text
    """モジュールの題。"""
    article: Citation
    """扱う条の id と指針の版（例：`jukkajo-1@1.0.0`）。"""
    point: Text
    """要点を一行で。一枚のまとめに載ります。"""
    minutes: int = Field(ge=1, le=60)
    """かかる時間（分）。確認テストも含めます。"""
    change: Text
    """この版で新しくなったことを一文で。受講者が読みます。"""


class IntroductionHeader(Written):
    """The front matter of `course/introduction.md`."""

    model_config = ConfigDict(title="「はじめに」の見出し情報")

    title: Text
    """題。ふつうは「はじめに」です。"""
    minutes: int = Field(ge=1, le=60)
    """かかる時間（分）。"""


class Introduction(Model):
    """A lesson without a quiz: never required, never counted."""

    header: IntroductionHeader
    sections: tuple[Section, ...]
    path: str


class Module(Model):
    """One value: lesson and quiz. `path` is that of `lesson.md`, relative to the course's root."""

    header: LessonHeader
    sections: tuple[Section, ...]
    quiz: Quiz
    path: str
    quiz_path: str

    @property
    def id(self) -> str:
        return self.header.id


class Course(Model):
    """Everything described by `course/`, `modules/` and `quizzes/`; modules in their order.

    `releases` are the release numbers already written to `course/releases/`, oldest first.
    """

    file: CourseFile
    glossary: Glossary
    introduction: Introduction
    modules: tuple[Module, ...]
    releases: tuple[Version, ...] = ()
