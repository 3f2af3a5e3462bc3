"""What several tests stand on: a PostgreSQL server, and runs whose journals lie here or there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from pipeline.journal import new_journal
from tests.postgres import Server, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NewRun: TypeAlias = "Callable[[str], Path]"
Tell: TypeAlias = "Callable[[str], None]"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-faults", action="store_true", help="fifty kills instead of a few")
    parser.addoption("--facts", type=Path, help="a file that gets what make test-hard is to print")


@pytest.fixture
def all_faults(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--all-faults"))


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Return what keeps a sentence for the end of ``make test-hard``."""
    facts: Path | None = request.config.getoption("--facts")

    def keep(said: str) -> None:
        request.node.add_report_section("call", "facts", said)
        if facts is not None:
            with facts.open("a", encoding="utf-8") as stream:
                stream.write(f"{said}\n")

    return keep


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serve() as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def new_run(request: pytest.FixtureRequest, tmp_path: Path) -> NewRun:
    """Make the folder of a run by its name; in PostgreSQL, every run has its own database."""
    server: Server | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("server")

    def make(name: str) -> Path:
        folder = tmp_path / name
        if server is not None:
            folder.mkdir()
            new_journal(folder, server.new_database()).dispose()
        return folder

    return make


@pytest.fixture
def run(new_run: NewRun) -> Path:
    return new_run("run")
