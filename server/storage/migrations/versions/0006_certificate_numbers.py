"""A certificate is found by its number: the random end of the completion's id."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("completion", sa.Column("certificate", sa.String(length=12), nullable=True))
    op.execute("UPDATE completion SET certificate = upper(substr(id, 21, 12))")
    with op.batch_alter_table("completion") as table:
        table.alter_column("certificate", existing_type=sa.String(length=12), nullable=False)
        table.create_unique_constraint(op.f("uq_completion_certificate"), ["certificate"])
