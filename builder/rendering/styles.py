"""The style sheet of every screen (the server's pages, the preview): one file, made of parts by subject."""

from importlib.resources import files

from builder.digests import digest

PARTS = (
    "tokens", "elements", "links", "frame", "buttons", "forms", "messages", "states", "modules",
    "lessons", "quizzes", "tables", "reports", "papers", "settings", "paper",
)  # fmt: skip
"""Files of `theme/screen/`, in the order of the cascade."""


def _joined() -> bytes:
    folder = files("builder") / "rendering" / "theme" / "screen"
    return b"\n".join((folder / f"{part}.css").read_bytes() for part in PARTS)


SCREEN_STYLES = _joined()
STYLES_DIGEST = digest(SCREEN_STYLES)[:16]
"""Stands in the sheet's address, so that browsers keep it until it changes, and no longer."""
