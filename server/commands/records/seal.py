"""`kyozai records seal`, `verify` and `new-key`"""

import click

from builder.language import N_
from server.commands.environment import (
    complain,
    load_settings,
    open_database,
    say,
    signing_keys,
    translated,
)
from server.commands.records.options import say_seal
from server.record.seals import seal_now
from server.record.signing import KeyFolder
from server.record.verify import Fault, Finding, verify
from server.storage.engine import reading
from server.web import clock

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


@click.command("seal")
def seal_command() -> None:
    """Seal what came to the record since the newest seal. Every export and closed report does so, too."""
    settings = load_settings()
    key = signing_keys(settings).current()
    say_seal(seal_now(open_database(settings), key, clock.now()))


@click.command("verify")
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


@click.command("new-key")
@click.option("--yes", is_flag=True, help="Do not ask.")
def new_key_command(yes: bool) -> None:
    """Sign with a new key from now on. What the older ones signed can still be checked."""
    settings = load_settings()
    keys = signing_keys(settings)
    if not yes:
        click.confirm(translated(N_("新しい鍵に替えますか")), abort=True)
    seal_now(open_database(settings), keys.current(), clock.now())
    say(N_("新しい鍵は %(id)s です。%(path)s を控えてください。"), id=keys.make().id, path=keys.path)


def say_finding(finding: Finding) -> None:
    where = " ".join(
        [
            *([translated(N_("封印 %(number)s"), number=finding.seal)] if finding.seal else []),
            *([translated(N_("記録 %(id)s"), id=finding.entry_id)] if finding.entry_id else []),
        ]
    )
    complain("%(where)s：%(what)s", where=where, what=translated(FAULT_WORDS[finding.fault]))
