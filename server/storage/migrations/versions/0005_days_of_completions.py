"""A completion knows its day in Japan, so that a database can compare it with the days of postings."""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

completion = sa.table(
    "completion",
    sa.column("id", sa.String()),
    sa.column("completed_at", sa.DateTime(timezone=True)),
    sa.column("completed_day", sa.Date()),
)


def upgrade() -> None:
    op.add_column("completion", sa.Column("completed_day", sa.Date(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(completion.c.id, completion.c.completed_at)).all():
        at = row.completed_at.replace(tzinfo=row.completed_at.tzinfo or UTC)
        day = at.astimezone(ZoneInfo("Asia/Tokyo")).date()
        connection.execute(completion.update().where(completion.c.id == row.id).values(completed_day=day))
    with op.batch_alter_table("completion") as table:
        table.alter_column("completed_day", existing_type=sa.Date(), nullable=False)
    op.create_index("ix_completion_completed_day", "completion", ["completed_day"])
    op.create_index("ix_standing_module_id_from_day", "standing", ["module_id", "from_day"])
