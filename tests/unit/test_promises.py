"""docs/promises.md names tests: each of them has to be there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
PROMISES = TESTS.parent / "docs" / "promises.md"


def test_every_test_that_a_promise_names_is_there() -> None:
    written = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", written))
    named = set(re.findall(r"`(test_\w+)`", PROMISES.read_text("utf-8")))

    assert len(named) > 40
    assert named - there == set()
