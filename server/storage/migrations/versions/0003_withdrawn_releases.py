"""A release that was published by mistake can be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
