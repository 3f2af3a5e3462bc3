"""A batch on a disk that gets full, as a program: what was written is whole, and it goes on.

``unshare -m python -m tests.pipeline.full_disk DISK SCANS EXPORT`` mounts a small disk at DISK
that nobody else sees, reads SCANS until it is full, makes room, and goes on. Where nothing can be
mounted, ``--limit`` lets no file grow beyond some bytes instead. With ``--server`` the journal
lies in PostgreSQL, its tables on the small disk. What happened is printed as JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg

from document.errors import OutputError
from pipeline.export_run import export
from pipeline.journal import new_journal, old_journal
from pipeline.journal_queries import filed
from pipeline.run import run_batch
from reconstruct.templates import builtin
from tests.pipeline.orders import exported, order_for
from tests.postgres import serve

SMALL = 1_200_000
LARGE = 200_000_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("disk", type=Path)
    parser.add_argument("scans", type=Path)
    parser.add_argument("export", type=Path)
    parser.add_argument("--limit", action="store_true")
    parser.add_argument("--server", action="store_true")
    asked = parser.parse_args()
    disk, run = asked.disk, asked.disk / "run"
    with ExitStack() as stack:
        if asked.server:
            server = stack.enter_context(serve())
            # Where the server's user can go, whatever becomes of the folders of tests.
            disk, run = server.folder / "disk", asked.disk.with_name("run")
        disk.mkdir(exist_ok=True)
        size(disk, SMALL, limit=asked.limit, new=True)
        if asked.server:
            stack.callback(subprocess.run, ["umount", "-l", str(disk)], check=True)
            shutil.chown(disk, server.user)
            url = server.new_database()
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
                connection.execute(b"ALTER ROLE gouji SET default_tablespace = small")
            run.mkdir()
            new_journal(run, url).dispose()
        order = order_for(run, asked.scans)
        said = {"cause": "", "export": ""}
        try:
            run_batch(order, lambda _: None)
        except OutputError as error:
            said["cause"] = error.message.en
        try:
            export(old_journal(run), run / "export", "csv", builtin(), "en")
        except OutputError as error:
            said["export"] = error.message.en
        size(disk, LARGE, limit=asked.limit, new=False)
        read = sum(one.result is not None for one in filed(old_journal(run)))
        run_batch(order, lambda _: None)
        exported(run, asked.export)
    print(json.dumps({**said, "read": read}))  # noqa: T201 - the program's answer


def size(disk: Path, room: int, *, limit: bool, new: bool) -> None:
    if limit:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        return
    options = f"size={room}" if new else f"remount,size={room}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(disk)], check=True)


if __name__ == "__main__":
    main()
