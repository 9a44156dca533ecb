"""Who stands where with the course on a day is counted from an index alone."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Where there are that many people: SQLite is for fewer."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_standing_of_the_course ON standing (coalesce(until_day, '9999-12-31'))"
            " INCLUDE (from_day, until_day, state, person_id, due_day) WHERE module_id = ''"
        )
