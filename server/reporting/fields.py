"""Which field of the table of permissions each column of a report of numbers shows.

A file leaves out the columns that its reader's roles may not see. A heading that is not here stops the file:
no column leaves the house without somebody having said who may see it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from server.web.csv_file import Cell
from server.web.permissions import Field

OF_GROUPS = (
    *(
        "モジュール",
        "モジュールの版",
        "当時所属",
        "所属コード",
        "所属",
        "なくなった日",
        "引継先",
        "区分",
        "名前",
        "人数",
    ),
    *("対象", "修了", "更新要", "失効", "期限超過", "受講中", "未着手", "免除", "対象外", "着手"),
    *("修了率", "修了＋更新要", "修了の件数", "期限の来た件数", "期限内の件数", "期限内修了率"),
    *("四分の一が終えた日数", "半分が終えた日数", "四分の三が終えた日数"),
    *("期間の初日", "期間の末日", "基準日", "定義の版"),
)

FIELD_OF = dict.fromkeys(OF_GROUPS, Field.COUNTS)
"""Heading → field."""

Line = Sequence[Cell]


def only_seen(lines: Iterable[Line], fields: Collection[Field]) -> Iterator[Line]:
    """The lines, of which the first holds the headings, without the columns of other fields."""
    rest = iter(lines)
    headings = next(rest)
    kept = [place for place, heading in enumerate(headings) if FIELD_OF[str(heading)] in fields]
    yield [headings[place] for place in kept]
    yield from ([line[place] for place in kept] for line in rest)
