"""Secrets that have to be read again, encrypted by a key that is not in the database."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.settings import Settings

PURPOSE = b"kyozai second factor"
"""Of the same secret key, another purpose makes another key."""


class Keyring:
    """Encrypts by the secret key of the settings; reads what the one before it encrypted, too."""

    def __init__(self, settings: Settings) -> None:
        keys = [settings.secret_key, settings.secret_key_before]
        self._keys = MultiFernet([_key(key.get_secret_value()) for key in keys if key is not None])

    def sealed(self, secret: str) -> str:
        return self._keys.encrypt(secret.encode()).decode()

    def opened(self, sealed: str) -> str | None:
        """None when it was encrypted by a key that is not here."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            return None


def _key(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Fernet(urlsafe_b64encode(derived))
