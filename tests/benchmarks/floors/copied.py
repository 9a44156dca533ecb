"""The fastest way out of PostgreSQL: COPY of one query. `python copied.py URL QUERY > FILE`"""

import sys

import psycopg

if __name__ == "__main__":
    copying = f"COPY ({sys.argv[2]}) TO STDOUT (FORMAT csv, HEADER)"
    with psycopg.connect(sys.argv[1]) as connection, connection.cursor().copy(copying) as copied:
        for data in copied:
            sys.stdout.buffer.write(data)
