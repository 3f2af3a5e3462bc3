"""A run over committed samples that needs no reader: their truth, misread here and there.

The readings are made from what the samples are known to print; the tables are really settled
from them and filed in a journal, so that the screen has everything a real run gives it.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from document.report import ReadCell, ReadTable, Report, Source
from pipeline.journal import Attempt, Sighting, add_attempt, add_inputs, add_settings, new_journal
from pipeline.settings import Settings
from reconstruct.repair import settle
from reconstruct.templates import builtin
from tests.reconstruct.readings import clear, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.reading import Reading
    from document.report import Finding, Table
    from document.template import Address

SAMPLES = Path(__file__).parents[2] / "samples" / "documents"
SETTINGS = Settings("1" * 64, "{}")
FORMS = {(t.id, table.id): table for t in builtin() for table in t.tables}
_LOOKS_LIKE = {"0": "8", "1": "7", "2": "3", "3": "8", "4": "1", "5": "6", "6": "5", "7": "1"}


@dataclass(frozen=True)
class Made:
    """A run, and what its pages print: by document, table and address."""

    folder: Path
    truth: dict[tuple[str, str, Address], str]

    def printed(self, sha256: str, table: str, row: str, column: str) -> str:
        return self.truth[sha256, table, (row, column)]


def make(
    folder: Path, names: Sequence[str], *, doubtful: float = 0.12, seed: int = 1, **said: str
) -> Made:
    """Make a run of samples; ``doubtful`` is the share of figures whose reading is in doubt."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = new_journal(folder)
    add_settings(engine, SETTINGS)
    truth: dict[tuple[str, str, Address], str] = {}
    rng = random.Random(seed)  # noqa: S311 - the same run every time
    for name in names:
        report, path, printed = _report(name, rng, doubtful)
        agency = said.get("agency", report.agency)
        report = replace(report, agency=agency)
        truth |= printed
        add_inputs(engine, [Sighting(report.source.sha256, path.stat().st_size, str(path))])
        attempt = Attempt(report.source.sha256, SETTINGS.key, 1.0, alone=False, outcome="read")
        add_attempt(engine, attempt, report)
    engine.dispose()
    return Made(folder, truth)


def _report(
    name: str, rng: random.Random, doubtful: float
) -> tuple[Report, Path, dict[tuple[str, str, Address], str]]:
    (path,) = (p for p in SAMPLES.glob(f"{name}.*") if p.suffix != ".json")
    said: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text("utf-8"))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    tables: list[Table] = []
    findings: list[Finding] = []
    truth: dict[tuple[str, str, Address], str] = {}
    for key, table in said["tables"].items():
        form = FORMS[table["template"], key]
        kinds = {one.address: one.type for one in form.figures}
        cells = []
        for one in table["cells"]:
            address = (one["row"], one["column"])
            kind = kinds[address]
            if kind is None or one["cell"] is None:
                continue
            truth[sha256, key, address] = one["printed"]
            polygon = tuple((float(x), float(y)) for x, y in one["cell"])
            reading = _read(one["printed"], rng, doubtful)
            cells.append(ReadCell(address, kind, reading, one["page"], polygon))  # type: ignore[arg-type]
        read = ReadTable(key, table["template"], tuple(table["pages"]), tuple(cells))
        settled, found = settle(read, form)
        tables.append(settled)
        findings += found
    source = Source(path.name, sha256, said["pages"])
    report = Report(source, said["agency"], said["year"], tuple(tables), tuple(findings))
    return report, path, truth


def _read(printed: str, rng: random.Random, doubtful: float) -> Reading:
    if not printed or rng.random() >= doubtful:
        return clear(printed)
    if rng.random() < 0.08:
        return seen((printed, 0.5), legible=False)
    other = "".join(_LOOKS_LIKE.get(digit, "0") for digit in printed[:1]) + printed[1:]
    first, second = (printed, other) if rng.random() < 0.7 else (other, printed)
    return seen((first, 0.55), (second, 0.43))
