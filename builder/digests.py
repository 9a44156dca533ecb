"""Equal values have equal digests."""

import hashlib
import json


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def canonical(value: object) -> bytes:
    """One spelling for equal values."""
    return ENCODER.encode(value).encode()
