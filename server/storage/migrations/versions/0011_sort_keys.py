"""People sort by their reading in the database itself, so that a page is read without all the others."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
TO_HIRAGANA = {code: code - ord("ァ") + ord("ぁ") for code in KATAKANA}

person_details = sa.table(
    "person_details",
    sa.column("person_id", sa.String()),
    sa.column("number", sa.String()),
    sa.column("reading", sa.String()),
    sa.column("sort_key", sa.LargeBinary()),
)


def upgrade() -> None:
    op.add_column("person_details", sa.Column("sort_key", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(person_details)).all():
        hiragana = unicodedata.normalize("NFKC", row.reading).translate(TO_HIRAGANA)
        this_one = person_details.update().where(person_details.c.person_id == row.person_id)
        connection.execute(this_one.values(sort_key=f"{hiragana}\0{row.number}".encode()))
    with op.batch_alter_table("person_details") as table:
        table.alter_column("sort_key", existing_type=sa.LargeBinary(), nullable=False)
    op.create_index("ix_person_details_sort_key", "person_details", ["sort_key"])
