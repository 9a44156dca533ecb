"""Everything an auditor asks for, in one zip that is read without our software."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine, select

from server.record.department_history import department_history
from server.record.entries import reason_in
from server.record.facts import policies_by_entry
from server.record.seals import Seal, seals
from server.record.signing import KeyFolder
from server.releases.library import newest
from server.reporting.department_report import csv_lines, department_report
from server.reporting.export import Export
from server.reporting.filters import STATE_MEANINGS, Filter
from server.reporting.formats import FORMATS
from server.rules.days import JAPAN
from server.rules.rates import DEFINITIONS
from server.storage import tables
from server.storage.engine import reading
from server.web.csv_file import Cell, encoded
from server.web.words import STATE_WORDS

HANDOUT = "handout.pdf"

README = """\
監査資料 / Audit pack

基準日 {day}、記録の改訂番号 {revision}、定義の版 {definitions}。

records.csv          受講記録（職員とモジュールの組が1行）
counts.csv           所属ごとの人数と率
definitions.csv      受講状態の意味（上から順に、最初に当てはまるもの）
policies.csv         受講方針
roster-imports.csv   名簿の取り込み
exemptions.csv       免除と理由
corrections.csv      訂正と理由
seals.csv            封印のすべて
seal.json, seal.sig  最も新しい封印の文と署名
public-….pem         署名を確かめる公開鍵
course.json          コースパッケージの版と要約値
handout.pdf          受講者が読んだ教材
manifest.json        このほかのファイルの SHA-256

ファイルが変えられていないこと / no file was changed:
  manifest.json の値と、sha256sum の値を比べます。
封印がこの組織の鍵のものであること / the seal is of this organisation's key:
  openssl pkeyutl -verify -pubin -inkey {public} -rawin -in seal.json -sigfile seal.sig
  公開鍵は、この資料とは別の道で受け取ったものと比べてください。
記録が封印の後に変えられていないこと / the record was not changed since:
  kyozai records verify --expect {mark}
"""


@dataclass
class Pack:
    """Files as they are added, with their digests."""

    archive: zipfile.ZipFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest, member = hashlib.sha256(), zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(member, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.digests[name] = digest.hexdigest()

    def add_table(self, name: str, lines: Iterable[Sequence[Cell]]) -> None:
        self.add(name, encoded(lines))


def write_audit_pack(engine: Engine, out: IO[bytes], asked: Filter, seal: Seal, keys: KeyFolder) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        pack = Pack(archive)
        public = f"public-{seal.key_id}.pem"
        pack.add("README.txt", [_readme(asked, seal, public).encode()])
        pack.add("records.csv", Export(asked, seal, FORMATS["csv"]).pieces(engine))
        with reading(engine) as connection:
            _add_tables(pack, connection, asked)
            _add_course(pack, connection, asked)
        pack.add("seal.json", [seal.message])
        pack.add("seal.sig", [seal.signature])
        key = keys.public(seal.key_id)
        assert key is not None, "the seal was made with a key of this folder"
        pack.add(public, [key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)])
        archive.writestr("manifest.json", json.dumps(pack.digests, indent=1, sort_keys=True))


def _readme(asked: Filter, seal: Seal, public: str) -> str:
    return README.format(
        day=asked.day, revision=seal.number, definitions=DEFINITIONS, public=public, mark=seal.mark
    )


def _add_tables(pack: Pack, connection: Connection, asked: Filter) -> None:
    departments = department_history(connection).on(asked.day)
    report = department_report(connection, departments, asked, hides_small=False)
    pack.add_table("counts.csv", csv_lines(report, asked))
    pack.add_table("definitions.csv", _definitions())
    pack.add_table("policies.csv", _policies(connection))
    pack.add_table("roster-imports.csv", _imports(connection))
    pack.add_table("exemptions.csv", _with_reasons(connection, "exemption"))
    pack.add_table("corrections.csv", _with_reasons(connection, "correction"))
    pack.add_table("seals.csv", _seals(connection))


def _definitions() -> Iterator[tuple[Cell, ...]]:
    yield "受講状態", "意味"
    for state, meaning in STATE_MEANINGS.items():
        yield STATE_WORDS[state], meaning


def _policies(connection: Connection) -> Iterator[tuple[Cell, ...]]:
    yield (
        "記録", "始まりの日", "終わりの日", "日数", "期限の日", "猶予の日数", "有効な日数",
        "モジュール", "所属", "任用区分",
    )  # fmt: skip
    for entry_id, policy in policies_by_entry(connection).items():
        yield (
            entry_id,
            policy.first.isoformat(),
            policy.last.isoformat() if policy.last else None,
            policy.days,
            policy.due.isoformat() if policy.due else None,
            policy.grace_days,
            policy.valid_days,
            " ".join(sorted(policy.modules)),
            " ".join(sorted(policy.departments)),
            " ".join(sorted(policy.appointments)),
        )


def _imports(connection: Connection) -> Iterator[tuple[Cell, ...]]:
    yield "日時", "担当", "ファイル", "行", "追加", "異動", "終わり", "取り消した日時"
    table = tables.roster_import
    for row in connection.execute(select(table).order_by(table.c.id)):
        counts = row.counts
        yield (
            _moment(row.at),
            row.actor,
            row.file_name,
            row.lines,
            counts["added"],
            counts["transferred"],
            counts["ended"],
            _moment(row.undone_at) if row.undone_at else None,
        )


def _with_reasons(connection: Connection, kind: str) -> Iterator[tuple[Cell, ...]]:
    yield "記録", "職員", "モジュール", "担当", "記録した日時", "中身", "理由"
    entry, payload = tables.entry, tables.entry_payload
    query = (
        select(entry, payload.c.payload)
        .outerjoin(payload, payload.c.entry_id == entry.c.id)
        .where(entry.c.kind == kind)
        .order_by(entry.c.id)
    )
    for row in connection.execute(query):
        body = json.dumps(row.body, ensure_ascii=False)
        reason = reason_in(row.payload)
        yield row.id, row.person_id, row.module_id, row.actor, _moment(row.recorded_at), body, reason


def _seals(connection: Connection) -> Iterator[tuple[Cell, ...]]:
    yield "改訂番号", "日時", "記録の数", "根", "前の封印", "鍵", "要約値"
    for seal in seals(connection):
        yield (
            seal.number,
            _moment(seal.at),
            seal.entries,
            seal.root,
            seal.previous,
            seal.key_id,
            seal.digest,
        )


def _add_course(pack: Pack, connection: Connection, asked: Filter) -> None:
    published = newest(connection, asked.day)
    if published is None:
        return
    manifest = published.manifest
    told = {
        "course": manifest.id,
        "release": published.number,
        "content_digest": manifest.content_digest,
        "files": manifest.files,
        "modules": {module.id: module.version for module in manifest.modules},
    }
    pack.add("course.json", [json.dumps(told, ensure_ascii=False, indent=1).encode()])
    if HANDOUT in manifest.files:
        pack.add(HANDOUT, [published.file(HANDOUT)])


def _moment(at: datetime) -> str:
    return f"{at.astimezone(JAPAN):%Y-%m-%d %H:%M}"
