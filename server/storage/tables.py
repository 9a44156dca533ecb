"""Every table. Those of the learning record (`entry` and on) are written by `server.record` only."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC. One without a time zone is refused: it would be ambiguous."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: object) -> datetime | None:
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id(name: str = "id", **options: Any) -> Column[str]:
    return Column(name, String(32), primary_key=True, **options)


def _person(**options: Any) -> Column[str]:
    return Column("person_id", String(32), ForeignKey("person.id"), nullable=False, **options)


def _department(name: str, **options: Any) -> Column[str]:
    return Column(name, String(32), ForeignKey("department.id"), **options)


# People and departments. What names a person lies apart, so that it can be erased.

person = Table(
    "person",
    metadata,
    _id(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("is_sample", Boolean, nullable=False, default=False),
)

person_details = Table(
    "person_details",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("number", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("reading", String(200), nullable=False),
    Column("sort_key", LargeBinary, nullable=False, index=True),
)
"""`sort_key`: bytes by which people sort, the same in every database (`rules.readings`)."""

department = Table("department", metadata, _id())

department_period = Table(
    "department_period",
    metadata,
    _department("department_id", primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, nullable=True),
    Column("entry_id", String(32), ForeignKey("entry.id"), nullable=False),
    Column("code", String(64), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    _department("parent_id", nullable=True),
    CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
)
"""How a department was called and what it stood under, while nothing of it changed."""

department_successor = Table(
    "department_successor",
    metadata,
    _department("department_id", primary_key=True),
    _department("successor_id", primary_key=True),
    Column("first_day", Date, nullable=False),
)
"""Who goes on with the work of a department that ended: one after a merger, several after a split."""

# The learning record: entries, what lies beside them, and what is derived from them.

entry = Table(
    "entry",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("person_id", String(32), ForeignKey("person.id"), nullable=True),
    Column("module_id", String(64), nullable=True),
    Column("body", JSON, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("effective_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("payload_digest", String(64), nullable=True),
    Index("ix_entry_person_id_kind", "person_id", "kind"),
    Index("ix_entry_kind", "kind"),
)

entry_payload = Table(
    "entry_payload",
    metadata,
    Column("entry_id", String(32), ForeignKey("entry.id"), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("payload", Text, nullable=False),
)

seal = Table(
    "seal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

sealed_entry = Table(
    "sealed_entry",
    metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("seal", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("leaf", String(64), nullable=False),
    Index("ix_sealed_entry_seal_position", "seal", "position", unique=True),
)
"""Which seal an entry belongs to. No reference to the entry: the seal goes on naming one that is gone."""

posting = Table(
    "posting",
    metadata,
    _id(),
    Column("entry_id", String(32), ForeignKey("entry.id"), nullable=False),
    _person(),
    Column("department_id", String(32), ForeignKey("department.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=True),
    Column("appointment", String(16), nullable=False, server_default="regular"),
    Column("is_head", Boolean, nullable=False, server_default=false()),
    CheckConstraint("kind IN ('main', 'concurrent')", name="kind"),
    CheckConstraint(
        "appointment IN ('regular', 'seconded-in', 'seconded-out', 'fiscal-year')", name="appointment"
    ),
    CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
    Index("ix_posting_person_id_first_day", "person_id", "first_day"),
    Index("ix_posting_department_id", "department_id"),
)
"""The database itself refuses two main postings on a day: triggers in SQLite, a constraint in PostgreSQL.
`is_head`: whoever holds it heads the department (所属長)."""

deputy = Table(
    "deputy",
    metadata,
    _id(),
    Column("department_id", String(32), ForeignKey("department.id"), nullable=False),
    _person(index=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("granted_by", String(32), ForeignKey("person.id"), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    CheckConstraint("last_day >= first_day", name="days"),
)
"""Who sees a section in place of its head."""

leave = Table(
    "leave",
    metadata,
    _id(),
    Column("entry_id", String(32), ForeignKey("entry.id"), nullable=False),
    _person(index=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=True),
)

completion = Table(
    "completion",
    metadata,
    _id(),
    Column("entry_id", String(32), ForeignKey("entry.id"), nullable=False),
    _person(),
    Column("module_id", String(64), nullable=False),
    Column("module_version", String(32), nullable=False),
    Column("release", String(32), nullable=False),
    Column("completed_at", UtcDateTime, nullable=False),
    Column("completed_day", Date, nullable=False, index=True),
    Column("evidence", String(64), nullable=False),
    Column("attempt_id", String(32), ForeignKey("attempt.id"), nullable=True),
    Column("known_department_id", String(32), ForeignKey("department.id"), nullable=True),
    Column("certificate", String(12), nullable=False, unique=True),
    Column("voided_at", UtcDateTime, nullable=True),
    Index("ix_completion_person_id_module_id", "person_id", "module_id"),
)

standing = Table(
    "standing",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("module_id", String(64), primary_key=True),
    Column("from_day", Date, primary_key=True),
    Column("until_day", Date, nullable=True),
    Column("state", String(16), nullable=False),
    Column("due_day", Date, nullable=True),
    Column("met_due_day", Date, nullable=True),
    Column("was_late", Boolean, nullable=True),
    Index("ix_standing_module_id_from_day", "module_id", "from_day"),
)
"""`until_day` is the first day on which the row no longer holds. An empty `module_id` is the course. Of what
is complete: `met_due_day`, the newest due date there had been, and `was_late`, whether it had passed.
"""

UNTIL = func.coalesce(standing.c.until_day, literal_column("'9999-12-31'"), type_=Date)
"""Of a row that holds for good, too: one comparison finds those that are not over."""

OF_THE_COURSE = standing.c.module_id == literal_column("''")
"""Written out, so that a database knows it when it plans."""

Index(
    "ix_standing_of_the_course",
    UNTIL,
    postgresql_include=["from_day", "until_day", "state", "person_id", "due_day"],
    postgresql_where=OF_THE_COURSE,
).ddl_if(dialect="postgresql")
"""Who stands where with the course on a day is counted from this alone, where there are that many."""

duty = Table(
    "duty",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("module_id", String(64), primary_key=True),
    Column("due_day", Date, primary_key=True),
    Column("from_day", Date, primary_key=True),
    Column("until_day", Date, nullable=True),
    Column("on_time", Boolean, nullable=False),
    Index("ix_duty_due_day", "due_day"),
)
"""What was due, and whether it was done in time; as `rules.duties` says. Kept beside the states."""

tally = Table(
    "tally",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("from_day", Date, primary_key=True),
    Column("until_day", Date, nullable=True),
    Column("due", Integer, nullable=False),
    Column("on_time", Integer, nullable=False),
    Column("has_begun", Boolean, nullable=False),
)
"""Each person's duties summed up, by day, so that a table of everybody need not count millions."""

TALLY_UNTIL = func.coalesce(tally.c.until_day, literal_column("'9999-12-31'"), type_=Date)

Index(
    "ix_tally_until",
    TALLY_UNTIL,
    postgresql_include=["from_day", "person_id", "due", "on_time", "has_begun"],
).ddl_if(dialect="postgresql")

merged_person = Table(
    "merged_person",
    metadata,
    _person(primary_key=True),
    Column("into_id", String(32), ForeignKey("person.id"), nullable=False, index=True),
    Column("entry_id", String(32), ForeignKey("entry.id"), nullable=False),
)
"""Who was found to be another person: whose record it is by now."""

proposal = Table(
    "proposal",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("person_id", String(32), ForeignKey("person.id"), nullable=True, index=True),
    Column("arguments", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", String(32), ForeignKey("person.id"), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", String(32), ForeignKey("person.id"), nullable=True),
    Column("decided_at", UtcDateTime, nullable=True),
    Column("is_accepted", Boolean, nullable=True),
)
"""A correction that waits for a second one of HR. `person_id`: about whom, where it is about one person.
`reason` is empty once it was decided: then it lies beside the entry, or nowhere."""

closed_report = Table(
    "closed_report",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("day", Date, nullable=False),
    Column("filters", String(400), nullable=False),
    Column("revision", Integer, ForeignKey("seal.number"), nullable=False),
    Column("definitions", Integer, nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""A report as it was handed on: the file itself, and what it was of."""

# Staff lists.

roster_upload = Table(
    "roster_upload",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("seen_entry", String(32), nullable=True),
)
"""Working state: a list between its check and its import. `seen_entry`: the newest entry about people,
departments or what they have to do at the check."""

roster_import = Table(
    "roster_import",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("entries", JSON, nullable=False),
    Column("added", JSON, nullable=False),
    Column("details_before", JSON, nullable=False),
    Column("undone_at", UtcDateTime, nullable=True),
)
"""What a list brought: the ids of its entries in their order, those of the people it added, and what those
were called before whose name or number it changed."""

roster_heading = Table(
    "roster_heading",
    metadata,
    Column("heading", String(200), primary_key=True),
    Column("meaning", String(32), nullable=False),
)
"""What a heading of somebody's lists means; an empty `meaning` is not used."""

operation_lock = Table(
    "operation_lock",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

# Releases: the course packages themselves live in the database.

release = Table(
    "release",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("published_at", UtcDateTime, nullable=False, index=True),
    Column("package", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("withdrawn_at", UtcDateTime, nullable=True),
)

# Learning.

attempt = Table(
    "attempt",
    metadata,
    _id(),
    _person(),
    Column("module_id", String(64), nullable=False),
    Column("module_version", String(32), nullable=False),
    Column("release", String(32), ForeignKey("release.number"), nullable=False),
    Column("questions", JSON, nullable=False),
    Column("kept", JSON, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    Column("passed", Boolean, nullable=True),
    Index("ix_attempt_person_id_module_id", "person_id", "module_id"),
    Index(
        "uq_attempt_under_way",
        "person_id",
        "module_id",
        unique=True,
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
"""`questions`: [objective, question] pairs as asked. `kept`: objectives right in the attempt before.
Of a module, a person has at most one attempt under way."""

answer = Table(
    "answer",
    metadata,
    Column("attempt_id", String(32), ForeignKey("attempt.id"), primary_key=True),
    Column("question_id", String(64), primary_key=True),
    Column("given", JSON, nullable=False),
    Column("right", Boolean, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("attempt_id", String(32), ForeignKey("attempt.id"), primary_key=True),
    Column("question_id", String(64), primary_key=True),
    Column("form", JSON, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)
"""Working state: a choice not yet confirmed. Never graded."""

reading = Table(
    "reading",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("module_id", String(64), primary_key=True),
    Column("section_id", String(64), primary_key=True),
    Column("read_at", UtcDateTime, nullable=False),
)
"""Working state: which sections were opened, and when last. The introduction's module is empty."""

# Identity.

account = Table(
    "account",
    metadata,
    Column("person_id", String(32), ForeignKey("person.id"), primary_key=True),
    Column("password_hash", String(255), nullable=True),
    Column("disabled_at", UtcDateTime, nullable=True),
)

account_role = Table(
    "account_role",
    metadata,
    Column("person_id", String(32), ForeignKey("account.person_id"), primary_key=True),
    Column("role", String(32), primary_key=True),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("person_id", String(32), ForeignKey("account.person_id"), primary_key=True),
    Column("secret", String(255), nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
    Column("last_step", Integer, nullable=False),
)
"""`secret` is encrypted by a key outside the database. `last_step`: of the newest code that was accepted, in
units of 30 seconds since 1970; none up to it is good any more."""

recovery_code = Table(
    "recovery_code",
    metadata,
    _id(),
    Column("person_id", String(32), ForeignKey("account.person_id"), nullable=False, index=True),
    Column("code_hash", String(255), nullable=False),
    Column("used_at", UtcDateTime, nullable=True),
)

activation = Table(
    "activation",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("person_id", String(32), ForeignKey("account.person_id"), nullable=False, index=True),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("issued_by", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=True),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("person_id", String(32), ForeignKey("person.id"), nullable=True, index=True),
    Column("expired_person_id", String(32), ForeignKey("person.id"), nullable=True),
    Column("data", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)
"""After it ran idle a session signs nobody in, but remembers who it was, for the answer it held."""

held_answer = Table(
    "held_answer",
    metadata,
    Column("session_digest", String(64), primary_key=True),
    Column("attempt_id", String(32), ForeignKey("attempt.id"), primary_key=True),
    Column("question_id", String(64), primary_key=True),
    Column("person_id", String(32), ForeignKey("person.id"), nullable=False),
    Column("form", JSON, nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
)
"""An answer posted by who was signed in no more, waiting for the same person in the same browser."""

throttle = Table(
    "throttle",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", UtcDateTime, nullable=False),
)

access_log = Table(
    "access_log",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", String(64), nullable=False, index=True),
    Column("action", String(64), nullable=False),
    Column("person_id", String(32), nullable=True, index=True),
    Column("details", JSON, nullable=False),
)
"""`person_id`: about whom, where it is about one person."""
