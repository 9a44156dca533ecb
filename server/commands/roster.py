"""`kyozai roster check` and `kyozai roster import`"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection, Engine

from builder.language import N_
from server.commands.environment import complain, load_settings, open_database, say, say_problems, translated
from server.commands.invitation import issue_slip, say_slip, say_until
from server.commands.records import account, write_whole
from server.identity.accounts import create_account, grant_role, has_account
from server.identity.slips import Slip, slips_document
from server.people.roster import Change, RosterPlan, apply, plan
from server.people.roster_file import RosterRow, read_roster
from server.settings import Settings
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from server.web.access_log import log_access

ACTOR = "kyozai roster import"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DEFAULT_SLIPS = Path("activation-slips.html")


@dataclass(frozen=True)
class Roster:
    """The rows of a file, all of them good."""

    file: str
    rows: Sequence[RosterRow]

    def plan(self, connection: Connection) -> RosterPlan:
        return plan(connection, self.rows, self.file, clock.today())


@click.group()
def command() -> None:
    """Check or import a staff list (CSV, UTF-8).

    Its first line names the columns: 職員番号,氏名,フリガナ,所属コード,所属名,配属日
    (or number,name,reading,department_code,department_name,from).
    """


@command.command("check")
@click.argument("file", type=FILE)
def check_command(file: Path) -> None:
    """List what importing FILE would change. Nothing is changed."""
    engine = open_database()
    checked(engine, read_file(file))


@command.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--slips",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_SLIPS,
    show_default=True,
    help="Where the printable slips of new accounts are written.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def import_command(file: Path, slips: Path, yes: bool) -> None:
    """Import FILE: all of it or, when anything is wrong, nothing. Who is absent from it has not left."""
    settings = load_settings()
    engine = open_database(settings)
    roster = read_file(file)
    shown = checked(engine, roster)
    if shown.is_empty:
        say(N_("変わるところはありません。"))
        return
    stop_if_there(slips)
    if not yes:
        click.confirm(translated(N_("この内容で取り込みますか")), abort=True)
    with writing(engine) as connection:
        stop_if_changed(shown, roster.plan(connection))
        issued = carry_out(connection, shown, settings, at=clock.now())
        if issued:
            write_whole(slips, [slips_document(issued, settings.organisation).encode()])
    report(issued, slips)


def read_file(file: Path) -> Roster:
    rows, problems = read_roster(file.read_bytes(), file.name)
    if problems:
        say_problems(problems)
        complain(N_("問題が %(count)s 件あります。何も変えていません。"), count=len(problems))
        raise SystemExit(1)
    return Roster(file.name, rows)


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


def say_plan(planned: RosterPlan) -> None:
    for heading, changes in (
        (N_("追加 %(count)s人"), planned.added),
        (N_("配属（所属のなかった職員）%(count)s人"), planned.arrived),
        (N_("異動 %(count)s人"), planned.transferred),
        (N_("氏名・フリガナの変更 %(count)s人"), planned.changed),
    ):
        say(heading, count=len(changes))
        for change in changes:
            click.echo(f"  {change_text(change)}")
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


def carry_out(connection: Connection, planned: RosterPlan, settings: Settings, *, at: datetime) -> list[Slip]:
    """Returns the slips of those who have an account from now on."""
    people = apply(connection, planned, at=at, actor=ACTOR)
    joining = [people[change.row.number] for change in (*planned.added, *planned.arrived)]
    issued = [
        issue_slip(connection, settings, person_id, at=at, actor=ACTOR)
        for person_id in joining
        if becomes_learner(connection, person_id, at=at)
    ]
    counts = {
        "added": len(planned.added),
        "arrived": len(planned.arrived),
        "transferred": len(planned.transferred),
        "changed": len(planned.changed),
    }
    log_access(connection, "roster-imported", at=at, actor=ACTOR, account=account(), **counts)
    return issued


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
