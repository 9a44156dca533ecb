"""The least that keeps an answer: one row, one transaction, as durable as ours. No server, no rules.

`python transaction.py DATABASE ANSWERS`: prints the seconds that all of it took.
"""

import sqlite3
import sys
import time
from datetime import UTC, datetime

if __name__ == "__main__":
    database = sqlite3.connect(sys.argv[1], isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    attempts = [row[0] for row in database.execute("SELECT id FROM attempt")]
    start = time.perf_counter()
    for number in range(int(sys.argv[2])):
        database.execute("BEGIN IMMEDIATE")
        answer = (
            attempts[number % len(attempts)],
            f"q{number}",
            '"a"',
            True,
            datetime.now(UTC).isoformat(" "),
        )
        database.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", answer)
        database.execute("COMMIT")
    print(time.perf_counter() - start)
