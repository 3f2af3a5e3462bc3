"""Where the journal of a run lies: in the run's folder, or in a database that the folder names.

A run in a database has an identity of its own, kept on both sides, so that two runs never mix.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipeline.faults import fault
from pipeline.writing import write

FILE = "journal.sqlite"
ADDRESS = "journal.json"
"""The file of a run's folder that names a journal which lies elsewhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and the run that it holds; None for the journal in the run's own folder."""

    url: URL
    run: str | None = None


def place_of(folder: Path, asked: str | None = None) -> Place:
    """Return where the journal of a run folder lies.

    Args:
        folder: The folder of the run.
        asked: The URL that a person gave. A folder without a journal is to remember it (see
            ``remember``); one that has a journal must mean the same.

    Raises:
        InputError: The URL is none that can be used, or the journal lies elsewhere.
    """
    own = Place(make_url("sqlite://").set(database=str(folder / FILE)))
    known = _remembered(folder)
    if asked is None:
        return known or own
    url = _usable(asked)
    mine = own.url.set(database=str((folder / FILE).absolute()))
    if url == mine and known is None:
        return own
    if known is None and (folder / FILE).is_file():
        known = own
    if known is None:
        return Place(url, secrets.token_hex(16))
    if _without_password(url) != known.url:
        raise fault("journal-elsewhere", place=known.url.render_as_string())
    return Place(url, known.run)


def remember(folder: Path, place: Place) -> None:
    """Write down where the journal lies, but no password. Raises OutputError."""
    if place.run is not None and not (folder / ADDRESS).exists():
        url = _without_password(place.url).render_as_string()
        content = json.dumps({"journal": url, "run": place.run}, indent=1)
        write(folder / ADDRESS, f"{content}\n".encode())


def _remembered(folder: Path) -> Place | None:
    try:
        content = (folder / ADDRESS).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise fault("unreadable-file", cause=error.strerror) from error
    try:
        said = json.loads(content)
        return Place(make_url(said["journal"]), str(said["run"]))
    except (ValueError, KeyError, TypeError, ArgumentError) as error:
        raise fault("lost-journal", file=folder / ADDRESS) from error


def _usable(asked: str) -> URL:
    try:
        url = make_url(asked)
    except (ArgumentError, ValueError) as error:
        raise fault("not-a-journal", url=asked.partition(":")[0]) from error
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url.set(database=str(Path(str(url.database)).absolute()))
    if url.drivername != "postgresql+psycopg":
        raise fault("not-a-journal", url=url.drivername)
    return url


def _without_password(url: URL) -> URL:
    bare = url.difference_update_query(["password"])
    facts = (bare.username, None, bare.host, bare.port, bare.database, bare.query)
    return URL.create(bare.drivername, *facts)
