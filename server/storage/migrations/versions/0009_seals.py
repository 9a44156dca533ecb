"""Seals of the learning record, and which entries each of them covers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEVER_CHANGED = {
    "sqlite": [
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END"
        for table in ("seal", "sealed_entry")
        for change in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} EXECUTE FUNCTION entry_refuses_change()"
        for table in ("seal", "sealed_entry")
        for name, change in (("change", "UPDATE OR DELETE"), ("truncate", "TRUNCATE"))
    ],
}


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed_entry",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_sealed_entry")),
    )
    op.create_index(op.f("ix_sealed_entry_seal_position"), "sealed_entry", ["seal", "position"], unique=True)
    for statement in NEVER_CHANGED[op.get_bind().dialect.name]:
        op.execute(statement)
