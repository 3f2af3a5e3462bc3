"""The batch that the fault tests order, and everything that comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.export_run import export
from pipeline.journal import old_journal
from pipeline.pool import Limits
from pipeline.run import Order
from pipeline.settings import Settings
from reconstruct.templates import builtin
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings("1" * 64, "{}")
LIMITS = Limits(workers=2, seconds=4, mib=400, documents=7)


def order_for(run: Path, *scans: Path, slowly: bool = False) -> Order:
    load = faulty_reader.load_slowly if slowly else faulty_reader.load
    return Order(scans, run, load, SETTINGS, LIMITS)


def exported(run: Path, folder: Path) -> dict[str, bytes]:
    """Write all that a run can be written as; the bytes of each file."""
    engine = old_journal(run)
    for form in ("csv", "json", "xlsx"):
        export(engine, folder, form, builtin(), "en")
    engine.dispose()
    return {path.name: path.read_bytes() for path in folder.iterdir()}
