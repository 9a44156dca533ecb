"""A completion that was entered wrongly counts no more, and stays visible."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("completion", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
