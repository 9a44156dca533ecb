"""The tools that shape the bytes of a build: same sources and same tools give the same bytes."""

import ctypes
import hashlib
import os
import sys
import zlib
from functools import cache
from pathlib import Path

PACKAGES = (
    "kyozai",
    "budoux",
    "cssselect2",
    "fonttools",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "mdurl",
    "nh3",
    "noto-cjk-sans-jp-bold",
    "noto-cjk-sans-jp-regular",
    "pillow",
    "pydantic",
    "pydyf",
    "pyphen",
    "pyyaml",
    "tinycss2",
    "tinyhtml5",
    "weasyprint",
)
LIBRARIES = {
    "pango": (("libpango-1.0.so.0", "libpango-1.0.0.dylib"), "pango_version_string"),
    "harfbuzz": (("libharfbuzz.so.0", "libharfbuzz.0.dylib"), "hb_version_string"),
}


@cache
def tools() -> dict[str, str]:
    """Name → version, of Python packages and of the system's libraries as they are loaded."""
    from importlib.metadata import version  # slow to load, and not needed when nothing changed

    return {name: version(name) for name in PACKAGES} | libraries()


def libraries() -> dict[str, str]:
    found = {name: library_version(*library) for name, library in LIBRARIES.items()}
    return found | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


def installed() -> list[str]:
    """Python, and whatever is installed with it: the names of the packages' notes hold their versions."""
    names = (name for folder in sys.path if os.path.isdir(folder) for name in os.listdir(folder))
    return [sys.version, *sorted(name for name in names if name.endswith("-info"))]


def library_version(file_names: tuple[str, ...], function: str) -> str:
    """`missing` when there is none: such a course can still be checked and shown, only not printed."""
    for name in file_names:
        try:
            ask = getattr(ctypes.CDLL(name), function)
        except OSError:
            continue
        ask.restype = ctypes.c_char_p
        answer: bytes = ask()
        return answer.decode()
    return "missing"


@cache
def own_code() -> str:
    """A digest of the builder itself, so that nothing made by other code is taken from a cache."""
    root = Path(__file__).parent
    whole = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".html", ".css")):
        whole.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()
