"""Seals: every way of tampering with the record is found and named, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, text, update

from server.record.entries import append
from server.record.seals import Seal, newest_seal, seal, seal_now
from server.record.signing import PRIVATE, KeyFolder, NoSigningKey
from server.record.verify import Fault, Finding, Verified, verify
from server.storage import tables
from server.storage.engine import reading, writing
from server.storage.ids import new_id
from tests.builders.site import Site
from tests.builders.staff import noon

M = "customer-view"
NOW = noon("2026-06-10")
ENTRY, SEALED = tables.entry, tables.sealed_entry


@dataclass
class Sealed:
    """A small record under two seals."""

    site: Site
    keys: KeyFolder

    def seals(self) -> Seal:
        return seal_now(self.site.engine, self.keys.current(), NOW)

    def verified(self, expected: str | None = None) -> Verified:
        with reading(self.site.engine) as connection:
            return verify(connection, self.keys, expected)

    def faults(self, expected: str | None = None) -> list[Finding]:
        return list(self.verified(expected).findings)

    def entries(self, kind: str) -> list[str]:
        with reading(self.site.engine) as connection:
            return list(
                connection.scalars(select(ENTRY.c.id).where(ENTRY.c.kind == kind).order_by(ENTRY.c.id))
            )

    def tampers(self, how: Callable[[Connection], object]) -> None:
        """As somebody who owns the database may: the guards of the tables are taken off first."""
        with writing(self.site.engine) as connection:
            without_guards(connection)
            how(connection)


GUARDS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": ("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"),
}


def without_guards(connection: Connection) -> None:
    for name, table in connection.execute(text(GUARDS[connection.dialect.name])).all():
        of_table = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{of_table}"))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = 1")


@pytest.fixture
def record(tmp_path: Path, database_url: str) -> Iterator[Sealed]:
    site = Site(tmp_path, database_url=database_url)
    keys = KeyFolder(tmp_path / "keys")
    keys.make()
    record = Sealed(site, keys)
    site.staff.policy(since="2026-04-01", days=30)
    site.staff.release("1.0.0", M, on="2026-04-01")
    haru = site.staff.person("青海 はる", since="2026-04-01")
    site.staff.completes(haru, M, on="2026-04-20")
    record.seals()
    akira = site.staff.person("飯田 あきら", since="2026-04-01")
    site.staff.completes(akira, M, on="2026-04-21")
    with writing(site.engine) as connection:
        for person, given in ((haru, "a"), (akira, "b")):
            append(
                connection, "submitted", at=NOW, actor=person.id, person_id=person.id, module_id=M,
                body={}, payload={"given": given},
            )  # fmt: skip
    record.seals()
    yield record
    site.close()


def test_a_record_that_nobody_touched_verifies(record: Sealed) -> None:
    seen = record.verified()
    assert (seen.seals, seen.waiting, seen.findings) == (2, 0, ())
    with reading(record.site.engine) as connection:
        assert seen.entries == len(connection.execute(select(ENTRY)).all())


def test_what_came_since_waits_for_the_next_seal(record: Sealed) -> None:
    record.site.staff.person("大井 そら", since="2026-05-01")
    assert record.verified().waiting == 1
    assert record.seals().number == 3
    assert record.verified().waiting == 0


def test_a_seal_of_nothing_new_is_the_one_that_is_there(record: Sealed) -> None:
    assert record.seals().number == 2


def test_seals_are_never_changed_by_the_server(record: Sealed) -> None:
    for table in (tables.seal, tables.sealed_entry):
        for statement in (delete(table), update(table).values({table.c[0].name: table.c[0]})):
            with pytest.raises(Exception, match="never changed"), writing(record.site.engine) as connection:
                connection.execute(statement)


def test_a_changed_entry_is_named(record: Sealed) -> None:
    completion = record.entries("completion")[0]
    record.tampers(
        lambda c: c.execute(update(ENTRY).where(ENTRY.c.id == completion).values(module_id="agile"))
    )
    assert record.faults() == [Finding(Fault.CHANGED, 1, completion)]


@pytest.mark.parametrize("column", ["kind", "actor", "body", "recorded_at", "effective_at", "payload_digest"])
def test_no_part_of_an_entry_can_be_changed_unseen(record: Sealed, column: str) -> None:
    entry_id = record.entries("submitted")[0]
    other = {"body": {"x": 1}, "recorded_at": noon("2026-01-01"), "effective_at": noon("2026-01-01")}
    changed = update(ENTRY).where(ENTRY.c.id == entry_id).values({column: other.get(column, "x")})
    record.tampers(lambda c: c.execute(changed))
    assert record.faults() == [Finding(Fault.CHANGED, 2, entry_id)]


def test_a_removed_entry_is_named(record: Sealed) -> None:
    entry_id = record.entries("submitted")[0]

    def remove(connection: Connection) -> None:
        connection.execute(delete(tables.entry_payload).where(tables.entry_payload.c.entry_id == entry_id))
        connection.execute(delete(ENTRY).where(ENTRY.c.id == entry_id))

    record.tampers(remove)
    assert record.faults() == [Finding(Fault.MISSING, 2, entry_id)]


def test_an_entry_removed_with_its_place_in_the_seal_breaks_the_seal(record: Sealed) -> None:
    entry_id = record.entries("submitted")[0]

    def remove(connection: Connection) -> None:
        connection.execute(delete(tables.entry_payload).where(tables.entry_payload.c.entry_id == entry_id))
        connection.execute(delete(SEALED).where(SEALED.c.entry_id == entry_id))
        connection.execute(delete(ENTRY).where(ENTRY.c.id == entry_id))

    record.tampers(remove)
    assert record.faults() == [Finding(Fault.BROKEN, 2)]


def copied(connection: Connection, entry_id: str, new: str) -> None:
    row = connection.execute(select(ENTRY).where(ENTRY.c.id == entry_id)).one()
    connection.execute(insert(ENTRY).values({**row._mapping, "id": new}))


def test_an_entry_put_in_as_an_old_one_is_named(record: Sealed) -> None:
    old, like = "0" * 32, record.entries("completion")[0]
    record.tampers(lambda c: copied(c, like, old))
    assert record.faults() == [Finding(Fault.INSERTED, entry_id=old)]


def test_an_entry_put_into_a_seal_breaks_it(record: Sealed) -> None:
    new, like = new_id(), record.entries("completion")[0]

    def put_in(connection: Connection) -> None:
        copied(connection, like, new)
        sealed = connection.execute(select(SEALED).order_by(SEALED.c.position.desc())).first()
        assert sealed is not None
        connection.execute(
            insert(SEALED).values(entry_id=new, seal=1, position=sealed.position + 1, leaf=sealed.leaf)
        )

    record.tampers(put_in)
    assert [each.fault for each in record.faults()] == [Fault.CHANGED, Fault.BROKEN]


def test_entries_in_another_order_are_named(record: Sealed) -> None:
    with reading(record.site.engine) as connection:
        one, other = connection.execute(
            select(SEALED).where(SEALED.c.seal == 2).order_by(SEALED.c.position).limit(2)
        ).all()

    def swap(connection: Connection) -> None:
        for row, position in ((one, -1), (other, one.position), (one, other.position)):
            connection.execute(
                update(SEALED).where(SEALED.c.entry_id == row.entry_id).values(position=position)
            )

    record.tampers(swap)
    assert record.faults() == [Finding(Fault.MOVED, 2, one.entry_id), Finding(Fault.BROKEN, 2)]


def test_swapped_payload_digests_of_two_people_are_named(record: Sealed) -> None:
    one, other = record.entries("submitted")

    def swap(connection: Connection) -> None:
        rows = connection.execute(select(ENTRY.c.id, ENTRY.c.payload_digest))
        digests = {row.id: row.payload_digest for row in rows}
        for entry_id, digest in ((one, digests[other]), (other, digests[one])):
            connection.execute(update(ENTRY).where(ENTRY.c.id == entry_id).values(payload_digest=digest))

    record.tampers(swap)
    assert record.faults() == [Finding(Fault.CHANGED, 2, one), Finding(Fault.CHANGED, 2, other)]


def test_swapped_payloads_of_two_people_are_named(record: Sealed) -> None:
    payload = tables.entry_payload
    one, other = record.entries("submitted")

    def swap(connection: Connection) -> None:
        rows = {row.entry_id: row for row in connection.execute(select(payload))}
        for entry_id, row in ((one, rows[other]), (other, rows[one])):
            connection.execute(
                update(payload)
                .where(payload.c.entry_id == entry_id)
                .values(salt=row.salt, payload=row.payload)
            )

    record.tampers(swap)
    assert record.faults() == [
        Finding(Fault.PAYLOAD_CHANGED, 2, one),
        Finding(Fault.PAYLOAD_CHANGED, 2, other),
    ]


def test_a_payload_that_is_gone_without_an_entry_that_says_so_is_named(record: Sealed) -> None:
    entry_id = record.entries("submitted")[0]
    payload = tables.entry_payload
    record.tampers(lambda c: c.execute(delete(payload).where(payload.c.entry_id == entry_id)))
    assert record.faults() == [Finding(Fault.PAYLOAD_MISSING, 2, entry_id)]


def test_a_removed_seal_breaks_the_chain(record: Sealed) -> None:
    def remove(connection: Connection) -> None:
        connection.execute(delete(SEALED).where(SEALED.c.seal == 1))
        connection.execute(delete(tables.seal).where(tables.seal.c.number == 1))

    record.tampers(remove)
    assert Finding(Fault.OUT_OF_CHAIN, 2) in record.faults()


def test_a_signature_of_something_else_is_named(record: Sealed) -> None:
    record.tampers(
        lambda c: c.execute(
            update(tables.seal).where(tables.seal.c.number == 2).values(at=noon("2026-06-11"))
        )
    )
    assert record.faults() == [Finding(Fault.NOT_SIGNED, 2)]


def rewritten(record: Sealed, keys: KeyFolder) -> None:
    """From end to end, and sealed anew: all of it fits together."""
    entry_id = record.entries("completion")[0]

    def rewrite(connection: Connection) -> None:
        connection.execute(delete(SEALED))
        connection.execute(delete(tables.seal))
        connection.execute(update(ENTRY).where(ENTRY.c.id == entry_id).values(module_id="agile"))
        seal(connection, keys.current(), NOW)

    record.tampers(rewrite)


def test_a_record_rewritten_without_our_key_is_named(record: Sealed, tmp_path: Path) -> None:
    theirs = KeyFolder(tmp_path / "theirs")
    theirs.make()
    rewritten(record, theirs)
    assert record.faults() == [Finding(Fault.UNKNOWN_KEY, 1)]


def test_a_record_rewritten_with_our_key_is_not_the_one_that_was_printed(record: Sealed) -> None:
    with reading(record.site.engine) as connection:
        printed = newest_seal(connection)
    assert printed is not None
    rewritten(record, record.keys)
    assert record.faults() == []
    assert record.faults(expected=printed.mark) == [Finding(Fault.NOT_EXPECTED, 2)]


def test_what_an_older_key_signed_still_verifies(record: Sealed) -> None:
    record.keys.make()
    record.site.staff.person("大井 そら", since="2026-05-01")
    record.seals()
    assert record.verified().seals == 3
    assert record.faults() == []


def test_the_private_key_is_for_its_owner_alone(record: Sealed) -> None:
    assert (record.keys.path / PRIVATE).stat().st_mode & 0o077 == 0


def test_without_a_key_nothing_is_sealed(record: Sealed) -> None:
    (record.keys.path / PRIVATE).write_text("nonsense")
    with pytest.raises(NoSigningKey):
        record.seals()


def test_two_who_seal_at_once_take_turns(record: Sealed) -> None:
    for number in range(3):
        record.site.staff.person("大井 そら", number=f"x{number}", since="2026-05-01")
        both = [Thread(target=record.seals) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join()
    assert (record.verified().seals, record.faults()) == (5, [])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["completes", "moves", "seals", "leave"]), max_size=8))
def test_a_record_verifies_after_any_sequence_of_operations(record: Sealed, story: list[str]) -> None:
    staff = record.site.staff
    person = staff.person(number=f"p{staff.counted}", since="2026-04-01")
    for number, happening in enumerate(story):
        on = f"2026-05-{number + 1:02}"
        match happening:
            case "completes":
                staff.completes(person, M, on=on)
            case "moves":
                staff.moves_to(person, "港湾課" if number % 2 else "総務課", on=on)
            case "leave":
                staff.takes_leave(person, on, on)
            case "seals":
                record.seals()
    assert record.faults() == []
