"""`kyozai records`: export, seal, verify, compare, erase, rebuild"""

import getpass
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, Row, select

from builder.language import N_
from server.commands.environment import (
    complain,
    load_settings,
    open_database,
    say,
    signing_keys,
    translated,
)
from server.commands.files import written_whole
from server.identity.accounts import LastAdministrator, remove_account
from server.people.persons import erase_details, person_with_number
from server.record.department_history import department_history
from server.record.erasure import erase_payloads
from server.record.revisions import Moved, compare
from server.record.seals import Seal, seal_now, seals
from server.record.signing import KeyFolder
from server.record.standing import differing, refresh_everybody
from server.record.verify import Fault, Finding, verify
from server.reporting.audit_pack import write_audit_pack
from server.reporting.export import Export, log_export
from server.reporting.filters import Filter, read_filter
from server.reporting.formats import FORMATS
from server.reporting.people import page_of_people
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.words import KIND_WORDS, STATE_WORDS, moment_text

FAULT_WORDS = {
    Fault.CHANGED: N_("封印した後に、中身が変えられています。"),
    Fault.MISSING: N_("封印した後に、取り除かれています。"),
    Fault.MOVED: N_("封印した後に、順番が変えられています。"),
    Fault.INSERTED: N_("前からあったように、差し込まれています。"),
    Fault.PAYLOAD_CHANGED: N_("記録に付く中身（回答や理由）が変えられています。"),
    Fault.PAYLOAD_MISSING: N_("記録に付く中身（回答や理由）が、消去の記録なしに消えています。"),
    Fault.BROKEN: N_("この封印の記録は、封印したときのものではありません。"),
    Fault.OUT_OF_CHAIN: N_("前の封印につながっていません。"),
    Fault.UNKNOWN_KEY: N_("この組織の鍵で封印されていません。"),
    Fault.NOT_SIGNED: N_("署名が合いません。"),
    Fault.NOT_EXPECTED: N_("その封印は、この記録にありません。記録が全体で書き直されています。"),
}

OPTIONS = {"day": "--as-of", "department": "--department", "state": "--state"}


@click.group()
def command() -> None:
    """Export the completion records, seal and verify them, or check the kept states."""


@command.command("export")
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
@click.option("--department", metavar="CODE", help="Only this department and all below it.")
@click.option(
    "--state",
    metavar="STATE",
    help="Only people in this state of the course, or in these: overdue,not-started.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="CSV in UTF-8, in CP932 (a zip with a list of what it cannot write), Excel, or JSON Lines.",
)
@click.option(
    "--known-at", "revision", type=click.IntRange(1), metavar="REV", help="As it was known at this revision."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=Path("-"),
    help="The file to write. Default: standard output.",
)
def export_command(
    day: str | None,
    department: str | None,
    state: str | None,
    form: str,
    revision: int | None,
    output: Path,
) -> None:
    """Write the completion records: the same bytes as the page's export. Seals the record first."""
    settings = load_settings()
    key, engine = signing_keys(settings).current(), open_database(settings)
    asked = read_options(engine, {"day": day or "", "department": department or "", "state": state or ""})
    with writing(engine) as connection:
        log_export(
            connection, asked, at=clock.now(), actor="kyozai records export", account=account(), format=form
        )
    newest = seal_now(engine, key, clock.now())
    made = Export(asked, seal_of(engine, revision) if revision else newest, FORMATS[form])
    if output == Path("-"):
        for piece in made.pieces(engine):
            click.echo(piece, nl=False)
        return
    with reading(engine) as connection:
        people = page_of_people(connection, department_history(connection), asked, 0, 1).number
    with click.progressbar(length=people, label=translated(N_("書き出し中")), file=sys.stderr) as bar:
        write_whole(output, made.pieces(engine, each=lambda: bar.update(1)))


def seal_of(engine: Engine, revision: int) -> Seal:
    """Stops the command where there is none."""
    with reading(engine) as connection:
        found = next((seal for seal in seals(connection) if seal.number == revision), None)
    if found is None:
        complain(N_("記録の改訂番号 %(number)s はありません。"), number=revision)
        raise SystemExit(1)
    return found


def read_options(engine: Engine, given: dict[str, str]) -> Filter:
    """Wrong usage when one of them cannot be used."""
    with reading(engine) as connection:
        asked, errors = read_filter(given, department_history(connection), clock.today())
    for field, message in errors.items():
        raise click.BadParameter(translated(message), param_hint=OPTIONS[field])
    return asked


def account() -> str:
    """Who typed the command, as far as this machine knows."""
    try:
        return getpass.getuser()
    except KeyError:
        return str(os.getuid())


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    with written_whole(path) as file:
        file.writelines(pieces)


@command.command("audit-pack")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
def audit_pack_command(file: Path, day: str | None) -> None:
    """Write all that an auditor asks for into one zip, which is read without this program."""
    settings = load_settings()
    keys, engine = signing_keys(settings), open_database(settings)
    asked = read_options(engine, {"day": day or ""})
    with writing(engine) as connection:
        log_export(connection, asked, at=clock.now(), actor="kyozai records audit-pack", account=account())
    seal = seal_now(engine, keys.current(), clock.now())
    with written_whole(file) as out:
        write_audit_pack(engine, out, asked, seal, keys)
    say(N_("監査資料を %(path)s に書きました。読み方は中の README.txt にあります。"), path=file)
    say_seal(seal)


@command.command("seal")
def seal_command() -> None:
    """Seal what came to the record since the newest seal. Every export and closed report does so, too."""
    settings = load_settings()
    key = signing_keys(settings).current()
    say_seal(seal_now(open_database(settings), key, clock.now()))


@command.command("verify")
@click.option("--expect", metavar="SEAL", help="The seal that a file or a paper names: 12-3fb1….")
def verify_command(expect: str | None) -> None:
    """Hold the record against its seals. Exit code 1 where something was changed."""
    settings = load_settings()
    engine = open_database(settings)
    with reading(engine) as connection:
        seen = verify(connection, KeyFolder(settings.key_folder), expect)
    say(N_("封印 %(seals)s個、記録 %(entries)s件を調べました。"), seals=seen.seals, entries=seen.entries)
    say(N_("まだ封印していない記録 %(count)s件"), count=seen.waiting)
    if seen.newest:
        say_seal(seen.newest)
    for finding in seen.findings:
        say_finding(finding)
    if seen.findings:
        complain(N_("問題が %(count)s 件あります。控えと比べてください。"), count=len(seen.findings))
        raise SystemExit(1)
    say(N_("変えられたところはありません。"))


@command.command("compare")
@click.argument("earlier", type=click.IntRange(1))
@click.argument("later", type=click.IntRange(1))
@click.option("--as-of", "day", metavar="DAY", help="The day (2026-04-01), in Japan. Default: today.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, for programs.")
def compare_command(earlier: int, later: int, day: str | None, as_json: bool) -> None:
    """Say whose states on a day are known otherwise since revision EARLIER, and by which entries."""
    engine = open_database()
    asked = read_options(engine, {"day": day or ""})
    for revision in (earlier, later):
        seal_of(engine, revision)
    if earlier > later:
        raise click.BadParameter(translated(N_("前の改訂番号を先に書いてください。")))
    with reading(engine) as connection:
        details = tables.person_details
        names = {row.person_id: row for row in connection.execute(select(details))}
        count = 0
        for moved in compare(connection, earlier, later, asked.day):
            count += 1
            click.echo(json_line(moved) if as_json else moved_line(moved, names.get(moved.person_id)))
    if not as_json:
        say(N_("状態が変わった所 %(count)s件"), count=count)


def moved_line(moved: Moved, details: Row[Any] | None) -> str:
    person = f"{details.number} {details.name}" if details else translated(N_("消去済み"))
    causes = "、".join(
        f"{translated(KIND_WORDS[cause.kind])}（{moment_text(cause.recorded_at)}）" for cause in moved.causes
    )
    before, after = (translated(STATE_WORDS[state]) for state in (moved.before, moved.after))
    return f"{person}  {moved.module_id or translated(N_('コース'))}  {before} → {after}  {causes}"


def json_line(moved: Moved) -> str:
    causes = [{"entry": cause.entry_id, "kind": cause.kind, "actor": cause.actor} for cause in moved.causes]
    values = {"person": moved.person_id, "module": moved.module_id or None, "before": moved.before}
    return json.dumps({**values, "after": moved.after, "causes": causes}, ensure_ascii=False)


@command.command("new-key")
@click.option("--yes", is_flag=True, help="Do not ask.")
def new_key_command(yes: bool) -> None:
    """Sign with a new key from now on. What the older ones signed can still be checked."""
    settings = load_settings()
    keys = signing_keys(settings)
    if not yes:
        click.confirm(translated(N_("新しい鍵に替えますか")), abort=True)
    seal_now(open_database(settings), keys.current(), clock.now())
    say(N_("新しい鍵は %(id)s です。%(path)s を控えてください。"), id=keys.make().id, path=keys.path)


def say_seal(seal: Seal) -> None:
    say(
        N_("記録の改訂番号 %(number)s（%(moment)s）、封印 %(mark)s"),
        number=seal.number,
        moment=moment_text(seal.at),
        mark=seal.mark,
    )


def say_finding(finding: Finding) -> None:
    where = " ".join(
        [
            *([translated(N_("封印 %(number)s"), number=finding.seal)] if finding.seal else []),
            *([translated(N_("記録 %(id)s"), id=finding.entry_id)] if finding.entry_id else []),
        ]
    )
    complain("%(where)s：%(what)s", where=where, what=translated(FAULT_WORDS[finding.fault]))


@command.command("erase")
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(number: str, yes: bool) -> None:
    """Erase what names or describes somebody: name, account, answers, reasons. It cannot be undone.

    Counts, seals and verification stay as they are; reports say 消去済み in place of the name.
    """
    engine = open_database()
    with reading(engine) as connection:
        person_id = person_with_number(connection, number)
    if person_id is None:
        complain(N_("職員番号 %(number)s の職員はいません。"), number=number)
        raise SystemExit(1)
    if not yes:
        question = N_("氏名、アカウント、回答、理由を消します。元に戻せません。消しますか")
        click.confirm(translated(question), abort=True)
    at, actor = clock.now(), "kyozai records erase"
    try:
        with writing(engine) as connection:
            erased = erase_payloads(connection, person_id, at=at, actor=actor)
            remove_account(connection, person_id, at=at, actor=actor)
            erase_details(connection, person_id)
    except LastAdministrator as refused:
        complain(N_("最後の管理者は消せません。先に別の管理者を招いてください。"))
        raise SystemExit(1) from refused
    say(
        N_("消しました（記録に付く中身 %(payloads)s 件、受験 %(attempts)s 回の回答）。"),
        payloads=erased.payloads,
        attempts=erased.attempts,
    )
    say(N_("前の控えには残っています。控えも、期限が来たら消してください。"))


@command.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; exit code 1 if anybody's states differ.")
def rebuild_command(check: bool) -> None:
    """Make the kept states anew from the record, or check that they are what the rules say."""
    engine = open_database()
    if check:
        check_states(engine)
        return
    with writing(engine) as connection:
        refresh_everybody(connection)
    say(N_("受講状態を記録から作り直しました。"))


def check_states(engine: Engine) -> None:
    with reading(engine) as connection:
        people = connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)).all()
        wrong = differing(connection, people)
    say(
        N_("一致 %(right)s人、不一致 %(wrong)s人"),
        right=len(people) - len(wrong),
        wrong=len(wrong),
    )
    for person_id in wrong:
        complain(N_("受講状態が規則と違います：%(person)s"), person=person_id)
    if wrong:
        complain(N_("kyozai records rebuild で、記録から作り直せます。"))
        raise SystemExit(1)
