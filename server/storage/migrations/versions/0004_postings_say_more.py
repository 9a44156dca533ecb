"""A posting says more, and the database itself refuses two main ones on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ONE_MAIN_A_DAY = {
    "sqlite": [
        f"CREATE TRIGGER posting_one_main_{change.lower()} BEFORE {change} ON posting"  # noqa: S608 — no input
        " WHEN NEW.kind = 'main' AND EXISTS ("
        "SELECT 1 FROM posting AS other WHERE other.person_id = NEW.person_id AND other.kind = 'main'"
        " AND other.id <> NEW.id"
        " AND other.first_day <= coalesce(NEW.last_day, '9999-12-31')"
        " AND NEW.first_day <= coalesce(other.last_day, '9999-12-31'))"
        " BEGIN SELECT RAISE(ABORT, 'one main posting a day'); END"
        for change in ("INSERT", "UPDATE")
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        (
            "ALTER TABLE posting ADD CONSTRAINT ex_posting_one_main EXCLUDE USING gist"
            " (person_id WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (kind = 'main')"
        ),
    ],
}


def upgrade() -> None:
    with op.batch_alter_table("posting") as table:
        table.add_column(
            sa.Column("appointment", sa.String(length=16), nullable=False, server_default="regular")
        )
        table.add_column(sa.Column("is_head", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(
            op.f("ck_posting_appointment"),
            "appointment IN ('regular', 'seconded-in', 'seconded-out', 'fiscal-year')",
        )
    for statement in ONE_MAIN_A_DAY[op.get_bind().dialect.name]:
        op.execute(statement)
