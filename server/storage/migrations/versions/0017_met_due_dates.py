"""The row of a complete module says by when it had been due. Whoever upgrades has the rows made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("standing", sa.Column("met_due_day", sa.Date(), nullable=True))
    op.add_column("standing", sa.Column("was_late", sa.Boolean(), nullable=True))
