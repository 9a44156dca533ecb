"""Codes that are good once: those an authenticator app shows by time (TOTP, RFC 6238), and recovery codes."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno

from server.identity.passwords import normalised

DIGITS = 6
DRIFT = 1
"""Steps of 30 seconds by which the clocks of phone and server may differ."""
RECOVERY_CODES = 10
RECOVERY_DIGITS = 12
GROUP = 4


def new_secret() -> str:
    """160 random bits, in base32."""
    return pyotp.random_base32()


def new_recovery_codes() -> tuple[str, ...]:
    """Digits only, 40 random bits each: typed on the same keys as the codes of the app."""
    return tuple(
        "".join(secrets.choice("0123456789") for _ in range(RECOVERY_DIGITS)) for _ in range(RECOVERY_CODES)
    )


def as_digits(typed: str) -> str:
    """What was meant: blanks, hyphens and width do not matter."""
    return re.sub(r"[\s-]", "", normalised(typed))


def is_code(digits: str) -> bool:
    return re.fullmatch(r"[0-9]{6}", digits) is not None


def is_recovery_code(digits: str) -> bool:
    return re.fullmatch(r"[0-9]{12}", digits) is not None


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The step that the code is of, if it is one about now and later than `after`."""
    app = pyotp.TOTP(secret, digits=DIGITS)
    now = app.timecode(at)
    steps = range(max(now - DRIFT, after + 1), now + DRIFT + 1)
    return next((step for step in steps if compare_digest(app.generate_otp(step), code)), None)


def in_groups(text: str) -> Sequence[str]:
    return [text[start : start + GROUP] for start in range(0, len(text), GROUP)]


def qr_code(secret: str, number: str, organisation: str, title: str) -> str:
    """What an authenticator app reads from the screen, as an SVG element."""
    address = pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=number, issuer_name=organisation)
    image = segno.make(address, micro=False)
    return image.svg_inline(omitsize=True, light="#fff", dark="#000", title=title, svgclass="qr-code")
