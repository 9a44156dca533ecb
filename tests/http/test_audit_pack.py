"""The audit pack: read and checked without our software."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select

from server.commands.records import command
from server.record.corrections import void_completion
from server.storage import tables
from server.storage.engine import writing
from server.web import clock
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import noon

TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon(TODAY)):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    monkeypatch.chdir(tmp_path)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    haru = site.staff.person("青海 はる", department="企画課")
    site.staff.completes(haru, "plain-words", on="2026-05-10")
    site.staff.is_exempt(haru, "ask-early", "2026-06-01")
    with writing(site.engine) as connection:
        completion = connection.scalars(select(tables.completion.c.id)).one()
        void_completion(connection, completion, reason="別の人", at=noon(TODAY), actor="hr")
    return site


def made(tmp_path: Path) -> zipfile.ZipFile:
    result: Result = CliRunner().invoke(command, ["audit-pack", "audit.zip", "--as-of", TODAY])
    assert result.exit_code == 0, result.output
    return zipfile.ZipFile(tmp_path / "audit.zip")


def test_every_file_has_its_digest_in_the_manifest(office: Site, tmp_path: Path) -> None:
    pack = made(tmp_path)
    digests = json.loads(pack.read("manifest.json"))
    assert set(digests) == set(pack.namelist()) - {"manifest.json"}
    for name, digest in digests.items():
        assert hashlib.sha256(pack.read(name)).hexdigest() == digest, name


def test_it_holds_what_its_readme_names(office: Site, tmp_path: Path) -> None:
    pack = made(tmp_path)
    readme = pack.read("README.txt").decode()
    for name in pack.namelist():
        assert name in readme or name.startswith("public-") or name == "README.txt", name


def test_the_newest_seal_is_checked_with_the_key_alone(office: Site, tmp_path: Path) -> None:
    pack = made(tmp_path)
    public = next(name for name in pack.namelist() if name.startswith("public-"))
    key = load_pem_public_key(pack.read(public))
    assert isinstance(key, Ed25519PublicKey)
    key.verify(pack.read("seal.sig"), pack.read("seal.json"))
    assert json.loads(pack.read("seal.json"))["number"] == 1


def test_corrections_and_exemptions_come_with_their_reasons(office: Site, tmp_path: Path) -> None:
    pack = made(tmp_path)
    assert "別の人" in pack.read("corrections.csv").decode()
    assert "見本" in pack.read("exemptions.csv").decode()


def test_the_same_record_is_the_same_pack(office: Site, tmp_path: Path) -> None:
    first = {name: made(tmp_path).read(name) for name in made(tmp_path).namelist()}
    assert {name: made(tmp_path).read(name) for name in first} == first
