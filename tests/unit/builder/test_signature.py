"""What is built may be signed, and whoever takes it in may ask for the signature."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from builder import signature
from builder.commands.options import as_text
from builder.language import LANGUAGES, Language
from builder.model.problem import Kind, Problem
from builder.output import replace_output
from builder.signature import SignatureRefused, sign, signature_problem
from tests.golden_cases import Case, cases

CASES = [case for case in cases("commands") if case.file.stem == "signatures"]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The private key; its public one is in `trusted`."""
    private = Ed25519PrivateKey.generate()
    (tmp_path / "trusted").mkdir()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "trusted" / "office.pem").write_bytes(public)
    (tmp_path / "trusted" / "not-a-key.pem").write_text("a letter")
    path = tmp_path / "key.pem"
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture
def built(key: Path, tmp_path: Path) -> Path:
    """A signed file of a build."""
    replace_output(tmp_path / "dist", {"course.zip": b"a course", "handout.pdf": b"%PDF"}, key)
    return tmp_path / "dist" / "course.zip"


def problem(file: Path) -> Problem | None:
    return signature_problem(file, file.parent.parent / "trusted")


def test_what_is_signed_by_a_trusted_key_is_accepted(built: Path) -> None:
    assert problem(built) is None


def test_common_tools_accept_it_too(built: Path, tmp_path: Path) -> None:
    public = str(tmp_path / "trusted" / "office.pem")
    checked = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin"]
    files = ["-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"]
    assert subprocess.run([*checked, *files], cwd=built.parent, check=False).returncode == 0
    assert (
        subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=built.parent, check=False).returncode == 0
    )


def test_a_build_without_a_key_after_one_with_it_leaves_no_signature(built: Path) -> None:
    replace_output(built.parent, {"course.zip": b"another course"})
    assert not (built.parent / "SHA256SUMS.sig").exists()


def unsigned(file: Path) -> Problem | None:
    (file.parent / "SHA256SUMS.sig").unlink()
    return problem(file)


def by_somebody_else(file: Path) -> Problem | None:
    (file.parent.parent / "trusted" / "office.pem").unlink()
    found = problem(file)
    assert found
    return Problem(found.kind, found.place, {**found.values, "folder": "trusted"})


def changed(file: Path) -> Problem | None:
    file.write_bytes(b"another course")
    return problem(file)


def sums_changed(file: Path) -> Problem | None:
    (file.parent / "SHA256SUMS").write_text("")
    found = problem(file)
    assert found
    return Problem(found.kind, found.place, {**found.values, "folder": "trusted"})


def no_key(file: Path) -> Problem | None:
    key = file.parent.parent / "key.pem"
    key.write_bytes(
        X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    with pytest.raises(SignatureRefused) as refused:
        sign(b"", key)
    return refused.value.problem


BREAKS: dict[str, Callable[[Path], Problem | None]] = {
    "A key of another kind": no_key,
    "A file without a signature": unsigned,
    "A signature by somebody else": by_somebody_else,
    "Checksums that were changed after they were signed": sums_changed,
    "A file that was changed after it was signed": changed,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_said_where_it_does_not_hold(case: Case, language: Language, built: Path) -> None:
    found = BREAKS[case.title](built)
    assert found
    case.hold(language, as_text(found, language) + "\n")


def test_every_kind_has_a_case() -> None:
    assert {case.title for case in CASES} == set(BREAKS)
    kinds = {value.code for value in vars(signature).values() if isinstance(value, Kind)}
    assert kinds == {code for case in CASES for code in kinds if f"[{code}]" in case.body}
