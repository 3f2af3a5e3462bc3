"""A PostgreSQL server that is really started, for tests and measurements: in a folder of its own,
heard through a socket in it, gone with it. The journal is trusted to no imitation.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

DEBIAN = Path("/usr/lib/postgresql")
PLAIN = {"fsync": "off"}
"""A killed server loses nothing without fsync either; only a machine without power does."""


class ServerError(Exception):
    """A server that is not there, or does not do as it is told."""


class Server:
    """A server and its databases. PostgreSQL refuses to run as root, so root lends it a user."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._settings = PLAIN if settings is None else settings
        self._account = pwd.getpwnam(_user()) if os.getuid() == 0 else None
        self.user = pwd.getpwuid(os.getuid()).pw_name if self._account is None else _user()
        self._numbers = count(1)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        self._call("initdb", "-U", "gouji", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            **self._settings,
        }
        words = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._call("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", words)

    def stop(self, mode: str = "immediate") -> None:
        self._call("pg_ctl", "stop", "-w", "-m", mode)

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"run{next(self._numbers)}"
        with psycopg.connect(self._where("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://gouji@/{name}?host={self.folder}"

    def size(self, url: str) -> int:
        """Return the bytes of a database on disk."""
        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self._where(name)) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    def _where(self, name: str) -> str:
        return f"host={self.folder} user=gouji dbname={name}"

    def _call(self, program: str, *words: str) -> None:
        account = self._account
        done = subprocess.run(
            [_find(program), "-D", str(self.folder / "data"), *words],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            # The server would keep a pipe open; a file's reader does not wait for it.
            stdout=(self.folder / "said").open("ab"),
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            said = [(self.folder / name) for name in ("said", "log")]
            told = "\n".join(one.read_text("utf-8", "replace") for one in said if one.exists())
            raise ServerError(program, done.returncode, told)


@contextmanager
def serve(settings: dict[str, str] | None = None) -> Iterator[Server]:
    """Run a server in a new folder, and leave nothing of it behind."""
    # Not among pytest's folders: those are closed to any other user.
    folder = Path(tempfile.mkdtemp(prefix="gouji-pg-"))
    try:
        server = Server(folder, settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str, seconds: float = 20) -> None:
    """Wait until a database takes connections."""
    end = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", "")).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _user() -> str:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _find(program: str) -> str:
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    path = os.pathsep.join([*map(str, versions), os.environ.get("PATH", os.defpath)])
    found = shutil.which(program, path=path)
    if found is None:
        raise ServerError(program, "not found: scripts/prepare.sh installs PostgreSQL")
    return found
