"""`kyozai roster check`, `import` and `undo`"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection, Engine

from builder.language import N_
from server.commands.environment import (
    alone_or_stop,
    complain,
    load_settings,
    open_database,
    say,
    say_problems,
    translated,
)
from server.commands.files import write_whole
from server.commands.invitation import issue_slip, say_slip, say_until
from server.commands.records.options import account
from server.identity.accounts import create_account, grant_role, has_account
from server.identity.slips import Slip, slips_document
from server.people.alarms import alarms
from server.people.roster import Change, RosterPlan, plan
from server.people.roster_file import COLUMNS, RosterRow, read_roster
from server.people.roster_imports import (
    UndoRefused,
    last_import,
    lines_last_time,
    take_in,
    told,
    undo_last,
)
from server.people.roster_uploads import headings
from server.people.words import ALARM_WORDS
from server.settings import Settings
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from server.web.words import KIND_WORDS, moment_text

ACTOR = "kyozai roster import"
UNDO_ACTOR = "kyozai roster undo"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DEFAULT_SLIPS = Path("activation-slips.html")


@dataclass(frozen=True)
class Roster:
    """The rows of a file, all of them good. `reused`: numbers that belong to somebody else than before."""

    file: str
    rows: Sequence[RosterRow]
    reused: frozenset[str]

    def plan(self, connection: Connection) -> RosterPlan:
        return plan(connection, self.rows, self.file, clock.today(), reused=self.reused)


REUSED = click.option(
    "--new-holder",
    "reused",
    multiple=True,
    metavar="NUMBER",
    help="This number belongs to somebody else than before. May be given several times.",
)


@click.group()
def command() -> None:
    """Check, import or take back a staff list (CSV in UTF-8 or CP932, or xlsx).

    Its first line names the columns: 職員番号,氏名,フリガナ,所属コード,所属名,配属日
    (or number,name,reading,department_code,department_name,from). More columns: docs/roster.md.
    """


@command.command("check")
@click.argument("file", type=FILE)
@REUSED
def check_command(file: Path, reused: tuple[str, ...]) -> None:
    """List what importing FILE would change. Nothing is changed."""
    engine = open_database()
    checked(engine, read_file(engine, file, reused))


@command.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--slips",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_SLIPS,
    show_default=True,
    help="Where the printable slips of new accounts are written.",
)
@REUSED
@click.option("--unusual", is_flag=True, help="It is meant, however unusual the list is.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def import_command(file: Path, slips: Path, reused: tuple[str, ...], unusual: bool, yes: bool) -> None:
    """Import FILE: all of it or, when anything is wrong, nothing. Who is absent from it has not left."""
    settings = load_settings()
    engine = open_database(settings)
    roster = read_file(engine, file, reused)
    shown = checked(engine, roster)
    if shown.is_empty:
        say(N_("変わるところはありません。"))
        return
    stop_if_unusual(engine, shown, roster, is_meant=unusual)
    stop_if_there(slips)
    if not yes:
        click.confirm(translated(N_("この内容で取り込みますか")), abort=True)
    with alone_or_stop(engine, ACTOR), writing(engine) as connection:
        stop_if_changed(shown, roster.plan(connection))
        issued = carry_out(connection, shown, roster, settings, at=clock.now())
        if issued:
            write_whole(slips, [slips_document(issued, settings.organisation).encode()])
    report(issued, slips)


@command.command("undo")
@click.option("--yes", is_flag=True, help="Do not ask.")
def undo_command(yes: bool) -> None:
    """Take the newest import back, unless something later rests on it."""
    engine = open_database()
    with reading(engine) as connection:
        newest = last_import(connection)
    if newest is None:
        complain(N_("取り消せる取り込みはありません。"))
        raise SystemExit(1)
    say(N_("%(moment)s に取り込んだ %(file)s"), moment=moment_text(newest.at), file=newest.file_name)
    if not yes:
        click.confirm(translated(N_("この取り込みを取り消しますか")), abort=True)
    try:
        with alone_or_stop(engine, ACTOR), writing(engine) as connection:
            undo_last(connection, at=clock.now(), actor=UNDO_ACTOR)
    except UndoRefused as refused:
        complain(N_("後からの記録が、この取り込みの上にあります。何も変えていません。"))
        for kind, count in told(refused.dependents):
            complain("  %(kind)s  %(count)s", kind=translated(KIND_WORDS[kind]), count=count)
        raise SystemExit(1) from refused
    say(N_("取り消しました。所属と受講状態は、取り込む前に戻りました。"))


def read_file(engine: Engine, file: Path, reused: Sequence[str]) -> Roster:
    with reading(engine) as connection:
        known = headings(connection)
    read = read_roster(file.read_bytes(), file.name, known)
    for heading, meaning in (read.mapped or {}).items():
        used = COLUMNS.get(meaning) or translated(N_("使わない"))
        say(N_("見出し「%(heading)s」：%(meaning)s（前に選んだ意味）"), heading=heading, meaning=used)
    if read.problems:
        say_problems(read.problems)
        complain(N_("問題が %(count)s 件あります。何も変えていません。"), count=len(read.problems))
        raise SystemExit(1)
    return Roster(file.name, read.rows, frozenset(reused))


def checked(engine: Engine, roster: Roster) -> RosterPlan:
    """The plan, shown. Stops when it may not be applied."""
    with reading(engine) as connection:
        planned = roster.plan(connection)
    say_plan(planned)
    say_problems(planned.problems)
    if not planned.may_be_applied:
        complain(N_("問題が %(count)s 件あります。何も変えていません。"), count=len(planned.problems))
        raise SystemExit(1)
    return planned


def stop_if_unusual(engine: Engine, planned: RosterPlan, roster: Roster, *, is_meant: bool) -> None:
    with reading(engine) as connection:
        found = alarms(planned, len(roster.rows), lines_last_time(connection))
    for alarm in found:
        complain(ALARM_WORDS[alarm.reason], count=alarm.count, whole=alarm.whole)
    if found and not is_meant:
        complain(N_("そのつもりなら --unusual を付けて、もう一度実行してください。何も変えていません。"))
        raise SystemExit(1)


def say_plan(planned: RosterPlan) -> None:
    for heading, changes in (
        (N_("追加 %(count)s人"), planned.added),
        (N_("配属（所属のなかった職員）%(count)s人"), planned.arrived),
        (N_("異動 %(count)s人"), planned.transferred),
        (N_("兼務 %(count)s件"), planned.concurrent),
        (N_("配属の終わり %(count)s件"), planned.ended),
        (N_("休職 %(count)s人"), planned.on_leave),
        (N_("復職 %(count)s人"), planned.back_from_leave),
        (N_("氏名・フリガナの変更 %(count)s人"), planned.changed),
    ):
        say(heading, count=len(changes))
        for change in changes:
            click.echo(f"  {change_text(change)}")
    say(N_("新しい所属 %(count)s件"), count=len(planned.begun))
    for code, name in planned.begun:
        click.echo(f"  {code}  {name}")
    say(N_("所属名の変更 %(count)s件"), count=len(planned.renamed))
    for code, old, new in planned.renamed:
        click.echo(f"  {code}  {old} → {new}")
    say(N_("変更なし %(count)s人"), count=planned.unchanged)
    say(N_("名簿にない職員 %(count)s人（退職とはみなしません。何も変えません）"), count=planned.absent)


def change_text(change: Change) -> str:
    row, known = change.row, change.known
    name, department = f"{row.name}（{row.reading}）", row.department_name
    if known is not None and change.changes_details:
        name = f"{known.name}（{known.reading}）→ {name}"
    if known is not None and known.postings and change.is_posting:
        department = f"{known.postings[-1].department} → {department}"
    return f"{row.number}  {name}  {department}  {row.first_day}"


def stop_if_there(slips: Path) -> None:
    """An earlier import's slips may not have been printed yet."""
    if slips.exists():
        complain(
            N_("%(path)s がすでにあります。印刷が済んでいれば消すか、--slips で別の名前にしてください。"),
            path=slips,
        )
        raise SystemExit(1)


def stop_if_changed(shown: RosterPlan, now: RosterPlan) -> None:
    """Somebody else may have imported while the question was on the screen."""
    if now != shown:
        complain(
            N_("確認している間に職員の記録が変わりました。もう一度実行してください。何も変えていません。")
        )
        raise SystemExit(1)


def carry_out(
    connection: Connection, planned: RosterPlan, roster: Roster, settings: Settings, *, at: datetime
) -> list[Slip]:
    """Returns the slips of those who have an account from now on."""
    label = translated(N_("取り込み中"))
    with click.progressbar(length=len(planned.changes), label=label, file=sys.stderr) as bar:
        imported = take_in(
            connection,
            planned,
            roster.file,
            len(roster.rows),
            at=at,
            actor=ACTOR,
            each=lambda: bar.update(1),
            account=account(),
        )
    joining = {imported.people[change.row.number] for change in (*planned.added, *planned.arrived)}
    return [
        issue_slip(connection, settings, person_id, at=at, actor=ACTOR)
        for person_id in sorted(joining)
        if becomes_learner(connection, person_id, at=at)
    ]


def becomes_learner(connection: Connection, person_id: str, *, at: datetime) -> bool:
    """Whether the account is new."""
    if has_account(connection, person_id):
        grant_role(connection, person_id, Role.LEARNER, at=at, actor=ACTOR)
        return False
    create_account(connection, person_id, {Role.LEARNER}, at=at, actor=ACTOR)
    return True


def report(issued: Sequence[Slip], slips: Path) -> None:
    say(N_("取り込みました。"))
    for slip in issued:
        say_slip(slip)
    if issued:
        say_until(issued[0])
        say(N_("案内票を %(path)s に書きました。印刷して手渡したら、消してください。"), path=slips)
