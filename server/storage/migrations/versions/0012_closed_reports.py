"""Reports as they were handed on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEVER_CHANGED = {
    "sqlite": [
        f"CREATE TRIGGER closed_report_no_{change.lower()} BEFORE {change} ON closed_report"
        " BEGIN SELECT RAISE(ABORT, 'a closed report is never changed'); END"
        for change in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE TRIGGER closed_report_no_change BEFORE UPDATE OR DELETE ON closed_report"
            " FOR EACH ROW EXECUTE FUNCTION entry_refuses_change()"
        )
    ],
}


def upgrade() -> None:
    op.create_table(
        "closed_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("filters", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definitions", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["seal.number"], name=op.f("fk_closed_report_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_report")),
    )
    for statement in NEVER_CHANGED[op.get_bind().dialect.name]:
        op.execute(statement)
