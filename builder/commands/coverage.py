"""`kyozai coverage`: what of each value is there, still a draft, or missing."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from wcwidth import ljust, width

from builder.authoring.coverage import PARTS, Row, coverage
from builder.authoring.drafts import MARK
from builder.commands.options import course_option, language_option, stop
from builder.language import N_, Language, translations
from builder.sources import COURSE_FILE, read_sources

ARTICLE = N_("条")
HEADINGS = {
    "lesson": N_("レッスン"),
    "quiz": N_("確認テスト"),
    "summary": N_("まとめの一行"),
    "case": N_("事例"),
    "first_action": N_("最初の一歩"),
}
WORDS = {"there": N_("あり"), "draft": N_("下書き"), "faulty": N_("読めない"), "missing": N_("なし")}
WHOLE = N_("%(articles)d の条のうち、%(whole)d の条がそろっています。")
BEGIN = N_("始めるには：kyozai new module ID --article %(article)s")
DRAFTS = N_("「下書き」は%(mark)sの文が残っているものです。書き直すと「あり」になります。")
FAULTY = N_("「読めない」の理由は kyozai check で分かります。")


@click.command()
@course_option
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.option("--strict", is_flag=True, help="Exit code 1 unless everything is there. Without it: 0.")
@language_option
def command(root: Path, as_json: bool, strict: bool, language: Language) -> None:
    """Show for every value what is there, still a draft, or missing."""
    sources = read_sources(root)
    if sources.file is None:
        stop([problem for problem in sources.problems if problem.place.file == COURSE_FILE], language)
    rows = coverage(sources.file.value, sources)
    click.echo(as_object(rows) if as_json else as_table(rows, language))
    if strict and not all(row.whole for row in rows):
        raise SystemExit(1)


def as_object(rows: Sequence[Row]) -> str:
    articles = [
        {
            "article": row.article.id,
            "number": row.article.number,
            "title": row.article.title,
            "modules": row.modules,
            **row.states,
        }
        for row in rows
    ]
    return json.dumps({"articles": articles, "whole": whole(rows)}, ensure_ascii=False, indent=2)


def whole(rows: Sequence[Row]) -> int:
    return sum(row.whole for row in rows)


def as_table(rows: Sequence[Row], language: Language) -> str:
    say = translations(language).gettext
    heading = [say(ARTICLE), *(say(HEADINGS[part]) for part in PARTS)]
    lines = [
        [f"{row.article.number:>2} {row.article.title}", *(say(WORDS[row.states[part]]) for part in PARTS)]
        for row in rows
    ]
    remarks = [say(remark) % values for remark, values in remarks_on(rows)]
    return "\n".join([*aligned([heading, *lines]), "", *remarks])


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width on a terminal, where a Japanese character takes the place of two."""
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(ljust, line, widths)).rstrip() for line in lines]


def remarks_on(rows: Sequence[Row]) -> list[tuple[str, dict[str, object]]]:
    found = {state for row in rows for state in row.states.values()}
    untouched = [row.article.id for row in rows if not row.modules]
    remarks: list[tuple[str, dict[str, object]]] = [(WHOLE, {"articles": len(rows), "whole": whole(rows)})]
    if "draft" in found:
        remarks.append((DRAFTS, {"mark": MARK}))
    if "faulty" in found:
        remarks.append((FAULTY, {}))
    if untouched:
        remarks.append((BEGIN, {"article": untouched[0]}))
    return remarks
