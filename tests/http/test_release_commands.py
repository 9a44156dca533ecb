"""Publishing and withdrawing: whom it would touch is said before, and credit is never lost."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.commands.publish import command as publish_command
from server.commands.withdraw import command as withdraw_command
from server.record.standing import differing, states_of
from server.releases.library import newest
from server.rules.state import State
from server.storage.engine import reading
from server.web import clock
from tests.builders.package import Edit, next_release, real_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon

M = "customer-view"
LESSON = "modules/01-customer-view/lesson.md"
TODAY = date(2026, 6, 1)


@pytest.fixture
def bureau(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Two bureaus; one of three people completed the first module. It is 1 June."""
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    site.staff.department("港湾局")
    site.staff.department("計画課", under="港湾局")
    site.staff.department("水道局")
    site.publishes(real_course())
    site.staff.policy(days=90)
    with clock.fixed(noon(TODAY.isoformat())):
        yield site


@pytest.fixture
def haru(bureau: Site) -> Person:
    """Completed the module that the releases change."""
    person = bureau.staff.person("青海 はる", department="計画課")
    bureau.staff.completes(person, M, on="2026-05-01")
    return person


def major(folder: Path) -> Path:
    return package(folder, "2.0.0", {LESSON: ("version: 1.0.0", "version: 2.0.0")})


def minor(folder: Path) -> Path:
    return package(folder, "1.1.0", {LESSON: ("version: 1.0.0", "version: 1.1.0")})


def package(folder: Path, number: str, changes: Mapping[str, Edit | list[Edit]]) -> Path:
    shutil.rmtree(folder / "sources", ignore_errors=True)
    file = folder / f"{number}.zip"
    file.write_bytes(next_release(folder / "sources", number, changes))
    return file


def publish(*arguments: str) -> Result:
    return CliRunner(env={"KYOZAI_LANG": "ja"}).invoke(publish_command, arguments)


def withdraw(number: str, *options: str) -> Result:
    return CliRunner().invoke(withdraw_command, [number, "--reason", "まちがえて公開した", *options])


def state(site: Site, person: Person, module: str = M) -> State:
    with reading(site.engine) as connection:
        return states_of(connection, person.id, TODAY)[module].state


def test_a_dry_run_says_who_would_be_asked_again_per_bureau(
    bureau: Site, haru: Person, tmp_path: Path
) -> None:
    bureau.staff.person("有明 なつき", department="水道局")

    result = publish("--dry-run", str(major(tmp_path)))

    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "版 2.0.0 を今日公開すると、次のようになります。まだ何も変えていません。\n"
        "#1 顧客視点でデザインしよう  1.0.0 → 2.0.0  major（このモジュールだけ、もう一度修了します）\n"
        "  修了 → 更新要  1人（港湾局 1）\n"
    )
    assert state(bureau, haru) is State.COMPLETE


def test_what_the_dry_run_said_is_what_happens(bureau: Site, haru: Person, tmp_path: Path) -> None:
    file = major(tmp_path)

    publish(str(file))

    assert state(bureau, haru) is State.UPDATE_DUE


def test_a_minor_change_moves_nobody_and_is_told_to_whoever_is_complete(
    bureau: Site, haru: Person, tmp_path: Path
) -> None:
    result = publish("--dry-run", str(minor(tmp_path)))

    assert "修了のまま、変わった所の確認を頼む  1人（港湾局 1）" in result.stdout
    assert "→ 更新要" not in result.stdout


def test_a_package_that_cannot_be_published_has_no_dry_run(bureau: Site, tmp_path: Path) -> None:
    file = tmp_path / "same.zip"
    file.write_bytes(real_course())

    result = publish("--dry-run", str(file))

    assert result.exit_code == 1
    assert "[release-already-published]" in result.stderr


def test_a_version_names_one_content_of_a_module_even_after_a_withdrawal(
    bureau: Site, tmp_path: Path
) -> None:
    publish(str(minor(tmp_path)))
    withdraw("1.1.0")
    edits = [("version: 1.0.0", "version: 1.1.0"), ("使うところを見る", "使う様子を見る")]

    result = publish(str(package(tmp_path, "1.2.0", {LESSON: edits})))

    assert result.exit_code == 1
    assert "[release-version-reused]" in result.stderr


def test_a_withdrawn_release_is_as_if_it_had_never_been(bureau: Site, haru: Person, tmp_path: Path) -> None:
    publish(str(major(tmp_path)))
    assert state(bureau, haru) is State.UPDATE_DUE

    result = withdraw("2.0.0")

    assert result.exit_code == 0, result.output
    assert state(bureau, haru) is State.COMPLETE
    with reading(bureau.engine) as connection:
        current = newest(connection)
        assert current is not None
        assert current.number == "1.0.0"
        assert differing(connection, [haru.id]) == []


def test_completions_of_a_withdrawn_release_stay(bureau: Site, haru: Person, tmp_path: Path) -> None:
    publish(str(major(tmp_path)))
    natsuki = bureau.staff.person("有明 なつき", department="水道局")
    bureau.staff.completes(natsuki, M, on="2026-06-01", version="2.0.0", release="2.0.0")

    withdraw("2.0.0")

    assert state(bureau, natsuki) is State.COMPLETE


def test_the_dry_run_of_a_withdrawal_says_whom_it_would_touch(
    bureau: Site, haru: Person, tmp_path: Path
) -> None:
    publish(str(major(tmp_path)))

    result = withdraw("2.0.0", "--dry-run")

    assert "  更新要 → 修了  1人（港湾局 1）\n" in result.stdout
    assert state(bureau, haru) is State.UPDATE_DUE


def test_only_the_newest_release_can_be_withdrawn(bureau: Site, haru: Person, tmp_path: Path) -> None:
    publish(str(major(tmp_path)))

    result = withdraw("1.0.0")

    assert result.exit_code == 1
    assert "[release-not-newest]" in result.stderr


def test_the_number_of_a_withdrawn_release_is_not_used_again(
    bureau: Site, haru: Person, tmp_path: Path
) -> None:
    file = major(tmp_path)
    publish(str(file))
    withdraw("2.0.0")

    result = publish(str(file))

    assert result.exit_code == 1
    assert "[release-was-withdrawn]" in result.stderr


def test_after_a_withdrawal_the_mended_release_can_be_published(
    bureau: Site, haru: Person, tmp_path: Path
) -> None:
    publish(str(major(tmp_path)))
    withdraw("2.0.0")

    result = publish(str(minor(tmp_path)))

    assert result.exit_code == 0, result.output
    assert state(bureau, haru) is State.COMPLETE


# Signatures ----------------------------------------------------------------------------------------


@pytest.fixture
def trusting(bureau: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server that knows whom to trust: nobody yet."""
    (tmp_path / "trusted").mkdir()
    monkeypatch.setenv("KYOZAI_TRUSTED_KEYS", str(tmp_path / "trusted"))
    return bureau


def published(file: Path) -> Result:
    return CliRunner().invoke(publish_command, [str(file)])


def test_a_package_without_a_signature_is_taken_unless_the_settings_refuse_it(
    trusting: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYOZAI_UNSIGNED", "refuse")
    refused = published(minor(tmp_path))
    assert refused.exit_code == 1
    assert "[signature-missing]" in refused.stderr
    monkeypatch.setenv("KYOZAI_UNSIGNED", "accept")
    assert published(minor(tmp_path)).exit_code == 0


def test_a_signature_of_nobody_whom_the_server_trusts_is_always_refused(
    trusting: Site, tmp_path: Path
) -> None:
    package_file = minor(tmp_path)
    (tmp_path / "SHA256SUMS").write_text("")
    (tmp_path / "SHA256SUMS.sig").write_bytes(bytes(64))
    refused = published(package_file)
    assert refused.exit_code == 1
    assert "[signature-wrong]" in refused.stderr
