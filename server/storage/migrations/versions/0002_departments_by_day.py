"""Departments have a history: what they are called, and what they stand under, holds from a day to a day."""

from datetime import UTC, date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEGINNING = date(1900, 1, 1)

entry = sa.table(
    "entry",
    *(sa.column(name) for name in ("id", "kind", "actor")),
    sa.column("body", sa.JSON()),
    sa.column("effective_at", sa.DateTime(timezone=True)),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
)
period = sa.table(
    "department_period",
    *(sa.column(name) for name in ("department_id", "entry_id", "code", "name", "parent_id")),
    sa.column("first_day", sa.Date()),
)


def upgrade() -> None:
    op.create_table(
        "department_period",
        sa.Column("department_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day", name=op.f("ck_department_period_days")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_department_period_department_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_department_period_entry_id")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["department.id"], name=op.f("fk_department_period_parent_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "first_day", name=op.f("pk_department_period")),
    )
    op.create_index(op.f("ix_department_period_code"), "department_period", ["code"])
    op.create_table(
        "department_successor",
        sa.Column("department_id", sa.String(length=32), nullable=False),
        sa.Column("successor_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_department_successor_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["department.id"], name=op.f("fk_department_successor_successor_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "successor_id", name=op.f("pk_department_successor")),
    )
    keep_as_they_are(op.get_bind())
    with op.batch_alter_table("department") as table:
        table.drop_constraint(op.f("fk_department_parent_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_department_code"), type_="unique")
        for column in ("code", "name", "parent_id"):
            table.drop_column(column)


def keep_as_they_are(connection: sa.Connection) -> None:
    """Nobody knows since when: every department has been what it is from the beginning."""
    start = datetime.combine(BEGINNING, time(), tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)
    rows = connection.execute(sa.text("SELECT id, code, name, parent_id FROM department ORDER BY id")).all()
    for row in rows:
        entry_id = uuid4().hex
        body = {
            "department": row.id,
            "code": row.code,
            "name": row.name,
            "parent": row.parent_id,
            "first": BEGINNING.isoformat(),
        }
        connection.execute(
            entry.insert().values(
                id=entry_id,
                kind="department",
                actor="kyozai upgrade",
                body=body,
                effective_at=start,
                recorded_at=datetime.now(UTC),
            )
        )
        connection.execute(
            period.insert().values(
                department_id=row.id,
                first_day=BEGINNING,
                entry_id=entry_id,
                code=row.code,
                name=row.name,
                parent_id=row.parent_id,
            )
        )
