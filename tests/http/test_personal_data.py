"""What is kept about somebody: all of it for themselves, without their answers for HR."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.storage import tables
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person
from tests.http.pages import PageClient


@pytest.fixture
def haru(site: Site, tmp_path: Path) -> Person:
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01")
    haru = site.staff.person("青海 はる", since="2026-04-01")
    site.staff.completes(haru, "plain-words", on="2026-05-10")
    site.staff.is_exempt(haru, "ask-early", "2026-06-01")
    return haru


def data(client: PageClient, path: str) -> dict[str, list[dict[str, Any]]]:
    loaded = json.loads(client.download(path).body)
    assert isinstance(loaded, dict)
    return loaded


def test_somebody_gets_everything_about_themselves(site: Site, haru: Person) -> None:
    kept = data(site.sign_in(haru), "/my-data.json")
    assert kept["person_details"][0]["name"] == "青海 はる"
    assert kept["completion"][0]["module_id"] == "plain-words"
    assert kept["completion"][0]["certificate"]
    assert {entry["kind"] for entry in kept["entry"]} >= {"posting", "completion", "exemption"}
    assert set(kept) >= {"attempt", "answer", "reading"}


def test_hr_gets_no_answers_and_no_attempts(site: Site, haru: Person) -> None:
    hr = site.sign_in(site.staff.person("人事 花子", roles=(Role.HR,), department=None))
    kept = data(hr, f"/hr/people/{haru.id}/data.json")
    assert kept["completion"][0]["module_id"] == "plain-words"
    assert not {"attempt", "answer", "reading"} & set(kept)
    assert "submitted" not in {entry["kind"] for entry in kept["entry"]}
    assert "certificate" not in kept["completion"][0]


def test_nobody_gets_what_is_about_somebody_else(site: Site, haru: Person) -> None:
    site.staff.person("飯田 あきら", since="2026-04-01")
    text = site.sign_in(haru).download("/my-data.json").body.decode()
    assert "飯田" not in text


def test_every_table_about_a_person_is_in_it_or_left_out_on_purpose() -> None:
    """A new table with a person in it must be thought of."""
    from server.record.personal import OF_HR, PRIVATE

    about = {table.name for table in tables.metadata.sorted_tables if "person_id" in table.c}
    on_purpose = {
        "account", "account_role", "activation", "second_factor", "recovery_code",
        "web_session", "held_answer", "access_log",
    }  # fmt: skip
    assert about - on_purpose - {"entry"} == {table.name for table in (*OF_HR, *PRIVATE)}
