"""The columns of the records, in their order. A new one is one more line here and in docs/export.md."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from server.reporting.edition import Edition
from server.reporting.module_rows import Completed, ModuleRow
from server.rules.days import JAPAN
from server.rules.eras import era_text, fiscal_year
from server.web.permissions import Field
from server.web.words import EVIDENCE_WORDS, STATE_WORDS

Value = str | int | date | datetime | None
"""A moment is in Japan's time, without a zone: spreadsheets know none."""


@dataclass(frozen=True)
class Column:
    """`header` in Japanese whatever the language of the page: whoever reads the file knows columns by it.
    `name` for programs. `field`: what it shows, in the table of permissions. `width` in characters.
    """

    name: str
    header: str
    field: Field
    value: Callable[[ModuleRow], Value]
    width: int = 12


@dataclass(frozen=True)
class EditionColumn:
    """One that says the same in every row: what the file is of."""

    name: str
    header: str
    field: Field
    value: Callable[[Edition], Value]
    width: int = 12


AnyColumn = Column | EditionColumn


def _of_completion(value: Callable[[Completed], Value]) -> Callable[[ModuleRow], Value]:
    return lambda row: value(row.completed) if row.completed else None


def _completed_at(done: Completed) -> Value:
    """Of a training the day alone is known."""
    local = done.at.astimezone(JAPAN)
    return local.replace(tzinfo=None, second=0, microsecond=0) if done.evidence == "quiz" else local.date()


def _due_in_era(row: ModuleRow) -> Value:
    return era_text(row.stand.due) if row.stand.due else None


OF_ROWS = (
    Column("number", "職員番号", Field.NUMBER, lambda row: row.person.number),
    Column("name", "氏名", Field.NAME, lambda row: row.person.name, 18),
    Column("department_then", "当時所属", Field.DEPARTMENT, _of_completion(lambda done: done.department), 24),
    Column("department", "現所属", Field.DEPARTMENT, lambda row: row.person.department, 24),
    Column("module", "モジュール", Field.STATE, lambda row: row.module.title, 28),
    Column("module_version", "モジュールの版", Field.VERSION, _of_completion(lambda done: done.version)),
    Column("state", "受講状態", Field.STATE, lambda row: STATE_WORDS[row.stand.state]),
    Column("due", "期限", Field.DUE, lambda row: row.stand.due),
    Column("due_in_era", "期限（和暦）", Field.DUE, _due_in_era, 18),
    Column("completed_at", "修了日時", Field.COMPLETED, _of_completion(_completed_at), 17),
    Column(
        "completed_in_era",
        "修了日（和暦）",
        Field.COMPLETED,
        _of_completion(lambda done: era_text(done.day)),
        18,
    ),
    Column("fiscal_year", "修了年度", Field.COMPLETED, _of_completion(lambda done: fiscal_year(done.day))),
    Column(
        "evidence", "根拠", Field.EVIDENCE, _of_completion(lambda done: EVIDENCE_WORDS[done.evidence]), 16
    ),
)
OF_EDITIONS = (
    EditionColumn("as_of", "基準日", Field.COUNTS, lambda edition: edition.day),
    EditionColumn("filters", "絞り込み", Field.COUNTS, lambda edition: edition.filters or None),
    EditionColumn("definitions", "定義の版", Field.COUNTS, lambda edition: edition.definitions),
    EditionColumn("seal", "封印", Field.COUNTS, lambda edition: edition.seal.mark, 36),
)
"""These come last."""

COLUMNS: tuple[AnyColumn, ...] = (*OF_ROWS, *OF_EDITIONS)


def seen_by(fields: Collection[Field]) -> tuple[AnyColumn, ...]:
    """The columns that whoever may see these fields may see."""
    return tuple(column for column in COLUMNS if column.field in fields)


def values_of(
    rows: Iterable[ModuleRow], edition: Edition, columns: Sequence[AnyColumn]
) -> Iterator[tuple[Value, ...]]:
    """What the columns of each row say."""
    of_row = [column.value for column in columns if isinstance(column, Column)]
    of_edition = [column.value(edition) for column in columns if isinstance(column, EditionColumn)]
    for row in rows:
        yield (*[value(row) for value in of_row], *of_edition)
