"""`kyozai roster`: what a staff list would change, and that it changes all of that or nothing."""

import re
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from server.commands.roster import command
from server.record.department_history import department_history
from server.record.standing import differing
from server.rules.days import Span
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from server.web.access import Role
from tests.builders.site import Site
from tests.builders.staff import day, noon

HEADER = "職員番号,氏名,フリガナ,所属コード,所属名,配属日"
HARU = "00123,青海 はる,オウミ ハル,0111,総務課,2026-04-01"
NATSUKI = "00124,有明 なつき,アリアケ ナツキ,0121,申請受付課,2026/4/1"
LINK = re.compile(r"http://127\.0\.0\.1:8000/activate/[A-Z0-9-]+")


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon("2026-11-24")):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server for the commands, and an empty folder to call them in."""
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return site


def roster(action: str, *lines: str, options: tuple[str, ...] = (), answer: str = "") -> Result:
    Path("staff.csv").write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return CliRunner().invoke(command, [action, "staff.csv", *options], input=answer)


def take_in(*lines: str) -> Result:
    result = roster("import", *lines, options=("--yes", "--slips", "slips.html"))
    assert result.exit_code == 0, result.output
    Path("slips.html").unlink(missing_ok=True)
    return result


def rows(site: Site, table: str) -> int:
    with reading(site.engine) as connection:
        return connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def postings(site: Site, number: str) -> list[tuple[str, Span]]:
    posting, details = tables.posting, tables.person_details
    with reading(site.engine) as connection:
        found = connection.execute(
            select(posting)
            .join(details, details.c.person_id == posting.c.person_id)
            .where(details.c.number == number)
            .order_by(posting.c.first_day)
        )
        departments = department_history(connection)
        return [
            (departments.named(row.department_id, date.max).name, Span(row.first_day, row.last_day))
            for row in found
        ]


def said(result: Result, heading: str) -> list[str]:
    """The lines under a heading."""
    lines = result.stdout.splitlines()
    start = lines.index(heading) + 1
    return [line.strip() for line in lines[start:] if line.startswith("  ")][: _indented(lines[start:])]


def _indented(lines: list[str]) -> int:
    return next((count for count, line in enumerate(lines) if not line.startswith("  ")), len(lines))


def test_a_check_says_what_would_happen_and_changes_nothing(office: Site) -> None:
    result = roster("check", HARU, NATSUKI)

    assert result.exit_code == 0
    assert said(result, "追加 2人") == [
        "00123  青海 はる（オウミ ハル）  総務課  2026-04-01",
        "00124  有明 なつき（アリアケ ナツキ）  申請受付課  2026-04-01",
    ]
    assert rows(office, "person") == 0


def test_an_import_makes_learners_whose_links_work(office: Site) -> None:
    result = take_in(HARU)
    (link,) = LINK.findall(result.stdout)
    client = office.client()
    client.get(link)
    client.submit("activate", password="umi-to-kamome-27", again="umi-to-kamome-27")

    assert client.submit("sign-in", password="umi-to-kamome-27").path == "/"
    assert postings(office, "00123") == [("総務課", Span(day("2026-04-01")))]


def test_nobody_is_imported_without_a_yes(office: Site) -> None:
    refused = roster("import", HARU, answer="n\n")
    accepted = roster("import", HARU, answer="y\n")

    assert (refused.exit_code, accepted.exit_code) == (1, 0)
    assert rows(office, "person") == 1


def test_every_new_person_has_a_slip_that_only_the_importer_can_read(office: Site) -> None:
    result = roster("import", HARU, NATSUKI, options=("--yes",))
    slips = Path("activation-slips.html")
    text = slips.read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(text)

    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    assert LINK.findall(text) == LINK.findall(result.stdout)
    assert text.count('<section class="slip">') == 2
    assert "青海 はる さんへ" in text
    assert "2026年11月27日（金） 12:00 まで" in text
    assert "src=" not in text
    assert "href=" not in text


def test_slips_that_are_still_there_are_not_written_over(office: Site) -> None:
    Path("activation-slips.html").write_text("not printed yet", encoding="utf-8")
    result = roster("import", HARU, options=("--yes",))

    assert result.exit_code == 1
    assert "activation-slips.html がすでにあります。" in result.stderr
    assert rows(office, "person") == 0


def test_slips_that_cannot_be_written_leave_everything_as_it_was(office: Site) -> None:
    result = roster("import", HARU, options=("--yes", "--slips", "no/such/folder/slips.html"))

    assert result.exit_code == 1
    assert rows(office, "person") == 0


def test_the_same_list_again_changes_nothing(office: Site) -> None:
    take_in(HARU, NATSUKI)
    entries = rows(office, "entry")
    result = roster("import", HARU, NATSUKI)

    assert result.exit_code == 0
    assert "変わるところはありません。" in result.stdout
    assert rows(office, "entry") == entries


def test_a_transfer_ends_one_posting_and_begins_another(office: Site) -> None:
    take_in(HARU)
    result = take_in("00123,青海 はる,オウミ ハル,0121,申請受付課,2026-07-01")

    assert said(result, "異動 1人") == ["00123  青海 はる（オウミ ハル）  総務課 → 申請受付課  2026-07-01"]
    assert LINK.findall(result.stdout) == []
    assert postings(office, "00123") == [
        ("総務課", Span(day("2026-04-01"), day("2026-06-30"))),
        ("申請受付課", Span(day("2026-07-01"))),
    ]


def test_a_transfer_to_come_is_recorded_and_an_older_list_does_not_undo_it(office: Site) -> None:
    take_in(HARU)
    take_in("00123,青海 はる,オウミ ハル,0121,申請受付課,2027-04-01")
    again = roster("import", HARU, options=("--yes",))

    assert "変わるところはありません。" in again.stdout
    assert postings(office, "00123")[-1] == ("申請受付課", Span(day("2027-04-01")))


@pytest.mark.parametrize("from_day", ["2026-04-01", "2026-03-01"])
def test_a_transfer_not_after_the_present_posting_is_a_problem(office: Site, from_day: str) -> None:
    take_in(HARU)
    result = roster("import", NATSUKI, f"00123,青海 はる,オウミ ハル,0121,申請受付課,{from_day}")

    assert result.exit_code == 1
    assert "staff.csv:3: [roster-posted-later]" in result.stderr
    assert rows(office, "person") == 1


def test_another_day_for_the_same_department_is_said_and_changes_nothing(office: Site) -> None:
    take_in(HARU)
    result = take_in(HARU.replace("2026-04-01", "2026-05-01"), NATSUKI)

    assert "staff.csv:2: [roster-day-differs]" in result.stderr
    assert postings(office, "00123") == [("総務課", Span(day("2026-04-01")))]


def test_a_new_name_and_a_renamed_department_are_said(office: Site) -> None:
    take_in(HARU)
    result = take_in("00123,有明 はる,アリアケ ハル,0111,総務企画課,2026-04-01")

    assert said(result, "氏名・フリガナの変更 1人") == [
        "00123  青海 はる（オウミ ハル）→ 有明 はる（アリアケ ハル）  総務企画課  2026-04-01"
    ]
    assert said(result, "所属名の変更 1件") == ["0111  総務課 → 総務企画課"]
    assert postings(office, "00123") == [("総務企画課", Span(day("2026-04-01")))]


def test_absent_is_not_left(office: Site) -> None:
    take_in(HARU, NATSUKI)
    result = roster("check", HARU)

    assert "名簿にない職員 1人（退職とはみなしません。何も変えません）" in result.stdout
    assert postings(office, "00124")[-1][1].last is None


def test_who_comes_back_keeps_account_and_history(office: Site) -> None:
    haru = office.staff.person("青海 はる", reading="オウミ ハル", number="00123", department="0111")
    office.staff.leaves(haru, last="2026-06-30")
    result = take_in("00123,青海 はる,オウミ ハル,0121,申請受付課,2026-10-01")

    assert said(result, "配属（所属のなかった職員）1人") != []
    assert LINK.findall(result.stdout) == []
    assert [span.first for _, span in postings(office, "00123")] == [day("2026-04-01"), day("2026-10-01")]


def test_an_administrator_in_the_list_becomes_a_learner_too(office: Site) -> None:
    chief = office.staff.person(
        "管理 太郎", reading="カンリ タロウ", number="00001", roles=(Role.ADMINISTRATOR,), department=None
    )
    result = take_in("00001,管理 太郎,カンリ タロウ,0111,総務課,2026-04-01")
    client = office.sign_in(chief)

    assert LINK.findall(result.stdout) == []
    assert client.get("/completions").path == "/completions"
    assert client.get("/accounts").path == "/accounts"


def test_a_number_whose_zeros_were_lost_is_no_new_person(office: Site) -> None:
    take_in(HARU)
    result = roster("import", HARU.replace("00123", "123"))

    assert result.exit_code == 1
    assert "[roster-number-zeros-lost]" in result.stderr
    assert "「00123」のことですか。" in result.stderr


def test_one_bad_line_keeps_every_line_out(office: Site) -> None:
    result = roster("import", HARU, "00124,,,,,", options=("--yes",))

    assert result.exit_code == 1
    assert "staff.csv:3:2: [roster-cell-empty] 「氏名」が空です。" in result.stderr
    assert rows(office, "person") == rows(office, "department") == 0


def test_messages_are_there_in_english_too(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYOZAI_LANG", "en")
    result = roster("check", HARU, "00124,,,,,")

    assert 'staff.csv:3:2: [roster-cell-empty] "氏名" is empty.' in result.stderr


def test_the_states_follow_from_the_postings(office: Site) -> None:
    office.staff.policy(days=30)
    office.staff.release("1.0.0", "customer-view")
    take_in(HARU, NATSUKI)
    take_in("00123,青海 はる,オウミ ハル,0121,申請受付課,2026-07-01")
    with reading(office.engine) as connection:
        people = connection.scalars(select(tables.person.c.id)).all()
        wrong = differing(connection, people)

    assert len(people) == 2
    assert wrong == []


def test_an_import_is_logged_with_what_it_changed(office: Site) -> None:
    take_in(HARU, NATSUKI)
    log = tables.access_log
    with reading(office.engine) as connection:
        row = connection.execute(select(log).where(log.c.action == "roster-imported")).one()

    assert row.actor == "kyozai roster import"
    assert (row.details["added"], row.details["transferred"]) == (2, 0)


def test_without_a_server_the_way_to_one_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = roster("check", HARU)

    assert result.exit_code == 1
    assert "kyozai init" in result.stderr
