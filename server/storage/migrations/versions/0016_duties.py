"""What was due is kept beside the states. Whoever upgrades makes both anew from the record."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("module_id", sa.String(length=64), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("person_id", "module_id", "due_day", "from_day", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_due_day", "duty", ["due_day"])
    op.create_table(
        "tally",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("has_begun", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tally_person_id")),
        sa.PrimaryKeyConstraint("person_id", "from_day", name=op.f("pk_tally")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_tally_until ON tally (coalesce(until_day, '9999-12-31'))"
            " INCLUDE (from_day, person_id, due, on_time, has_begun)"
        )
