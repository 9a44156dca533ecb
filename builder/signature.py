"""A detached Ed25519 signature over `SHA256SUMS`: who built what lies beside it.

Common tools check it, too: `openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin -in SHA256SUMS -sigfile
SHA256SUMS.sig`, then `sha256sum --check SHA256SUMS`.
"""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from builder.digests import digest
from builder.language import N_
from builder.model.problem import Kind, Place, Problem

CHECKSUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"

BAD_KEY = Kind(
    "signature-key",
    "error",
    N_("「%(file)s」は、Ed25519 の秘密鍵（PEM）として読めません。"),
    N_("openssl genpkey -algorithm ed25519 -out key.pem で作った鍵を指定します。"),
)
MISSING = Kind(
    "signature-missing",
    "error",
    N_("「%(file)s」には署名がありません（同じフォルダの SHA256SUMS と SHA256SUMS.sig）。"),
    N_("kyozai build --sign で作られた dist フォルダの中のファイルを、そのまま使います。"),
)
WRONG = Kind(
    "signature-wrong",
    "error",
    N_("「%(file)s」の署名は、信用する鍵（%(folder)s）のどれでも確かめられません。"),
    N_("作った人に、だれの鍵で署名したかを尋ねます。鍵が正しければ、公開鍵をフォルダに加えます。"),
)
CHANGED = Kind(
    "signature-digest",
    "error",
    N_("「%(file)s」は、署名された SHA256SUMS に書かれたものと違います。"),
    N_("途中で変わったか、別の版のファイルです。作った人から受け取り直します。"),
)


class SignatureRefused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def sign(checksums: bytes, key_file: Path) -> bytes:
    """64 bytes. Raise SignatureRefused."""
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SignatureRefused(_problem(BAD_KEY, key_file)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureRefused(_problem(BAD_KEY, key_file))
    return key.sign(checksums)


def is_signed(file: Path) -> bool:
    return (file.parent / SIGNATURE).is_file() and (file.parent / CHECKSUMS).is_file()


def signature_problem(file: Path, trusted: Path) -> Problem | None:
    """`trusted`: a folder of public keys (PEM). None where one of them signed what lists this very file."""
    if not is_signed(file):
        return _problem(MISSING, file)
    checksums = (file.parent / CHECKSUMS).read_bytes()
    signature = (file.parent / SIGNATURE).read_bytes()
    if not any(_is_by(path, signature, checksums) for path in sorted(trusted.glob("*.pem"))):
        return _problem(WRONG, file, folder=str(trusted))
    if f"{digest(file.read_bytes())}  {file.name}" not in checksums.decode("utf-8", "replace").splitlines():
        return _problem(CHANGED, file)
    return None


def _is_by(public: Path, signature: bytes, message: bytes) -> bool:
    """A file that is no such key is none that signed."""
    try:
        key = load_pem_public_key(public.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _problem(kind: Kind, file: Path, **values: str) -> Problem:
    return Problem(kind, Place(file.name), {"file": file.name, **values})
