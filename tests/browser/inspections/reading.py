"""The page as it is read aloud: title, where the focus is, then the accessibility tree in reading order."""

import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from tests.browser.tab import Tab

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "pages"
CHANGING = {
    r"http://127\.0\.0\.1:\d+": "http://127.0.0.1:8000",
    r"/activate/[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}": "/activate/ABCD-EFGH-JKLM-NPQR",
    r"番号：[0-9a-f]{8}": "番号：0123abcd",
    r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b": "SECRET",
    r"\b\d{4} \d{4} \d{4}\b": "CODE",
    r"\b[0-9a-f]{64}\b": "DIGEST",
    r"\b[0-9a-f]{32}\b": "ID",
    r"\b[0-9A-F]{4}(?:-[0-9A-F]{4}){2}\b": "0123-4567-89AB",
}
"""Secrets and ports, which differ each time, and ids, which differ when the server comes to need more."""

FOCUSED = """
() => {
  const element = document.activeElement;
  return element === document.body ? "the page" :
    `${element.tagName.toLowerCase()} ${element.innerText?.trim().split("\\n")[0] || element.id}`;
}
"""


def inspect(tab: Tab, name: str) -> Iterator[str]:
    golden = GOLDEN / f"{name}.txt"
    read = as_read(tab)
    if os.environ.get("KYOZAI_REWRITE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(read, "utf-8")
        return
    kept = golden.read_text("utf-8") if golden.exists() else ""
    changes = unified_diff(kept.splitlines(), read.splitlines(), golden.name, "the page", lineterm="")
    if kept != read:
        yield "is read otherwise; KYOZAI_REWRITE=1 writes it anew, to be read:\n" + "\n".join(changes)


def as_read(tab: Tab) -> str:
    tree = tab.page.locator("body").aria_snapshot()
    read = f"title: {tab.page.title()}\nfocus: {tab.evaluate(FOCUSED)}\n\n{tree}\n"
    for changing, fixed in CHANGING.items():
        read = re.sub(changing, fixed, read)
    return read
