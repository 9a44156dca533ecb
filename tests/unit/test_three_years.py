"""Three years of one bureau, told so that a personnel officer can read and check it.

What happens stands beside the sentence that tells it; what everybody sees on chosen days is in
tests/golden/story/three-years.md (`KYOZAI_REWRITE=1` writes it anew, to be read as a difference).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.record.department_history import department_history
from server.record.standing import ModuleState, differing, states_of
from server.reporting.people import PersonRow, person_on
from server.rules.rates import Totals, rate_text
from server.storage.engine import reading
from server.web.words import STATE_WORDS
from tests.builders.site import Site
from tests.builders.staff import Person, Staff, day
from tests.golden_cases import FOLDER, REWRITE

GOLDEN = FOLDER / "story" / "three-years.md"
MODULES = {"customer-view": "#1", "simple": "#2", "accessibility": "#3"}
WEEKDAYS = "月火水木金土日"
PREAMBLE = """\
# 港湾局の三年間

コースは3モジュール（#1 顧客の視点、#2 シンプル、#3 アクセシビリティ）です。人も組織も作り話です。
表は、その日までに分かっていたことで、その日にだれがどう見えるかです。修了率は人を数えます。
"""


class Story:
    """Lines of the golden file; `staff` does what they tell."""

    def __init__(self, site: Site) -> None:
        self.engine = site.engine
        self.staff: Staff = site.staff
        self.people: list[Person] = []
        self.lines = [PREAMBLE]

    def year(self, number: int) -> None:
        self.lines.append(f"## {number}年度\n")

    def tells(self, on: str, sentence: str) -> None:
        self.lines.append(f"- {day_text(on)} {sentence}")

    def joins(self, name: str, reading_of: str, department: str, on: str) -> Person:
        person = self.staff.person(name, reading=reading_of, department=department, since=on)
        self.people.append(person)
        return person

    def completes(self, person: Person, *modules: str, on: str, version: str = "1.0.0") -> None:
        for module in modules:
            self.staff.completes(person, module, on=on, version=version)

    def releases(self, number: str, *versions: str, on: str) -> None:
        """`versions`: of the modules in their order."""
        self.staff.release(number, on=on, versions=dict(zip(MODULES, versions, strict=True)))

    def looks(self, on: str) -> None:
        """Everybody as on this day, and the rate with what it counts."""
        with reading(self.engine) as connection:
            rows = [row for person in self.people if (row := self._row(connection, person, on))]
            assert differing(connection, [person.id for person in self.people]) == []
        totals = Totals.of(row.state for row, _ in rows)
        gap = [] if self.lines[-1] == "" else [""]
        self.lines += [*gap, f"**{day_text(on)}**", "", *table(rows), "", rates(totals), ""]

    def _row(
        self, connection: Connection, person: Person, on: str
    ) -> tuple[PersonRow, dict[str, ModuleState]] | None:
        seen = person_on(connection, department_history(connection), day(on), person.id)
        states = states_of(connection, person.id, day(on))
        return (seen, states) if seen is not None and (seen.department or seen.left) else None


def table(rows: list[tuple[PersonRow, dict[str, ModuleState]]]) -> Iterator[str]:
    yield f"| 職員 | 所属 | コース | {' | '.join(MODULES.values())} | 期限 |"
    yield "|---|---|---|---|---|---|---|"
    for row, states in rows:
        modules = " | ".join(STATE_WORDS[states[module].state] for module in MODULES)
        due = row.due.isoformat() if row.due else ""
        yield f"| {row.name} | {place(row)} | {STATE_WORDS[row.state]} | {modules} | {due} |"


def place(row: PersonRow) -> str:
    if row.department is None:
        assert row.left is not None
        return f"（{row.left.department}、{row.left.last} まで）"
    concurrent = "".join(f"、兼務 {name}" for name in row.concurrent)
    return row.department + concurrent


def rates(totals: Totals) -> str:
    complete, either, required = totals.complete, totals.complete_or_update_due, totals.required
    return (
        f"修了率 {rate_text(complete, required)}（{complete} / {required}人）、"
        f"修了＋更新要 {rate_text(either, required)}（{either} / {required}人）"
    )


def day_text(text: str) -> str:
    return f"{text}（{WEEKDAYS[day(text).weekday()]}）"


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    site = Site(tmp_path, database_url=database_url)
    yield Story(site)
    site.close()


def test_three_years_of_one_bureau(story: Story) -> None:
    first_year(story)
    second_year(story)
    third_year(story)

    told = "\n".join(story.lines)
    if REWRITE:
        GOLDEN.write_text(told, "utf-8")
    assert told == GOLDEN.read_text("utf-8")


def first_year(story: Story) -> None:
    staff = story.staff
    story.year(2026)

    staff.department("港湾局")
    for section in ("総務課", "港湾課", "海岸課"):
        staff.department(section, under="港湾局")
    staff.policy(since="2026-04-01", days=30, grace_days=30)
    staff.release("1.0.0", *MODULES, on="2026-04-01")
    story.tells("2026-04-01", "版 1.0.0 を公開。受講方針：全員が、着任から30日で。大きな変更の猶予も30日。")

    haru = story.joins("青海 はる", "オウミ ハル", "総務課", "2026-04-01")
    akira = story.joins("飯田 あきら", "イイダ アキラ", "港湾課", "2026-04-01")
    natsuki = story.joins("神田 なつき", "カンダ ナツキ", "海岸課", "2026-04-01")
    fuyuko = story.joins("木場 ふゆこ", "キバ フユコ", "総務課", "2026-04-01")
    story.tells("2026-04-01", "青海（総務課）、飯田（港湾課）、神田（海岸課）、木場（総務課）がいる。")

    story.completes(haru, *MODULES, on="2026-04-20")
    story.tells("2026-04-20", "青海が3つとも修了。")
    story.completes(akira, "customer-view", on="2026-04-24")
    story.tells("2026-04-24", "飯田が #1 を修了。")
    story.completes(fuyuko, *MODULES, on="2026-04-30")
    story.tells("2026-04-30", "木場が3つとも修了。")
    story.looks("2026-05-01")
    story.tells("2026-05-02", "神田は何も始めず、期限の次の日になる。")
    story.looks("2026-05-02")

    staff.takes_leave(akira, "2026-05-15", "2027-03-31")
    story.tells("2026-05-15", "飯田が休職に入る（2027-03-31 まで）。")
    story.completes(natsuki, *MODULES, on="2026-06-10")
    story.tells("2026-06-10", "神田が遅れて3つとも修了。")
    staff.release(
        "1.1.0",
        on="2026-09-01",
        versions={"customer-view": "1.0.0", "simple": "1.1.0", "accessibility": "1.0.0"},
    )
    story.tells("2026-09-01", "版 1.1.0 を公開。#2 の小さな変更（minor）。だれも受け直さない。")
    staff.posts(natsuki, "総務課", "2026-10-01", kind="concurrent")
    story.tells("2026-10-01", "神田が総務課を兼務する。数えるのは本務の海岸課で一度だけ。")
    story.looks("2026-10-01")
    staff.ends_concurrent_posting(natsuki, "総務課", last="2027-03-31")
    staff.leaves(fuyuko, last="2027-03-31")
    story.tells("2027-03-31", "神田の兼務が終わる。木場の任期が終わる。")
    story.looks("2027-03-31")


def second_year(story: Story) -> None:
    staff = story.staff
    haru, akira, natsuki, fuyuko = story.people
    story.year(2027)

    staff.moves_to(haru, "港湾課", on="2027-04-01")
    story.tells("2027-04-01", "青海が港湾課へ異動。修了はそのまま。")
    story.tells("2027-04-01", "飯田が復職。期限は復職から30日で 2027-05-01。")
    ao = story.joins("品川 あお", "シナガワ アオ", "総務課", "2027-04-01")
    story.tells("2027-04-01", "品川が総務課に着任。")
    story.looks("2027-04-01")

    story.completes(akira, "simple", "accessibility", on="2027-04-26", version="1.1.0")
    story.tells("2027-04-26", "飯田が #2 と #3 を修了。休職前の #1 と合わせて、コースを修了。")
    story.completes(ao, "simple", "accessibility", on="2027-04-28", version="1.1.0")
    story.tells("2027-04-28", "品川が #2 と #3 を修了。#1 はまだ。")
    staff.posts(fuyuko, "港湾課", "2027-06-01", appointment="fiscal-year")
    story.tells("2027-06-01", "木場が会計年度任用で港湾課に戻る。職員も修了も前と同じ一人。")
    story.looks("2027-06-01")

    staff.release(
        "2.0.0",
        on="2027-07-01",
        versions={"customer-view": "2.0.0", "simple": "1.1.0", "accessibility": "1.0.0"},
    )
    story.tells(
        "2027-07-01", "版 2.0.0 を公開。#1 の大きな変更（major）。#1 だけ受け直す。猶予は 07-31 まで。"
    )
    story.completes(ao, "customer-view", on="2027-07-02", version="1.0.0")
    story.tells(
        "2027-07-02",
        "品川が、公開の前に始めていた #1 の受験（1.0.0）に合格。猶予はこの日から30日（2027-08-01 まで）。",
    )
    story.looks("2027-07-02")
    story.completes(haru, "customer-view", on="2027-07-10", version="2.0.0")
    story.completes(akira, "customer-view", on="2027-07-12", version="2.0.0")
    story.completes(fuyuko, "customer-view", on="2027-07-30", version="2.0.0")
    story.tells("2027-07-30", "青海（07-10）、飯田（07-12）、木場（07-30）が新しい #1 を修了。")
    story.looks("2027-07-31")
    story.tells("2027-08-01", "神田の猶予が切れる。品川の猶予は、この日まで。")
    story.looks("2027-08-01")
    story.completes(ao, "customer-view", on="2027-08-01", version="2.0.0")
    story.completes(natsuki, "customer-view", on="2027-08-20", version="2.0.0")
    story.tells("2027-08-20", "品川（08-01）と神田（08-20）が新しい #1 を修了。")

    staff.release(
        "3.0.0",
        on="2028-02-01",
        versions={"customer-view": "2.0.0", "simple": "1.1.0", "accessibility": "2.0.0"},
    )
    story.tells("2028-02-01", "版 3.0.0 を公開。#3 の大きな変更。")
    story.looks("2028-02-02")
    staff.withdraws("3.0.0", on="2028-02-03")
    story.tells(
        "2028-02-03",
        "版 3.0.0 は誤りだったので、取り下げる。初めからなかったものとして数え直す。",
    )
    story.looks("2028-02-02")


def third_year(story: Story) -> None:
    staff = story.staff
    haru, _, natsuki, fuyuko, _ = story.people
    story.year(2028)

    staff.leaves(fuyuko, last="2028-03-31")
    staff.moves_to(natsuki, "港湾課", on="2028-04-01")
    staff.merges("海岸課", into="港湾課", last="2028-03-31")
    story.tells("2028-03-31", "木場の任期が終わる。海岸課が終わり、仕事を港湾課が引き継ぐ。")
    story.tells("2028-04-01", "神田が港湾課へ移る。")
    story.looks("2028-03-31")
    story.looks("2028-04-01")

    staff.takes_leave(haru, "2028-09-01")
    story.tells("2028-09-01", "青海が休職に入る（終わりの日は未定）。")
    story.looks("2029-03-31")
