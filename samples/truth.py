"""The truth beside a made document: what is printed where, in pixels of the final pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from samples.figures import Mistake, TableFigures
    from samples.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document before it is scanned.

    ``tables`` holds (template id, figures); ``expect`` says what a reader should make of it:
    "tables", or "none" where no table of the form is there.
    """

    agency: str | None
    year: int | None
    tables: tuple[tuple[str, TableFigures], ...]
    mistakes: tuple[Mistake, ...] = ()
    expect: str = "tables"


def _polygon(corners: NDArray[Any]) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in corners]


def truth_of(
    file: str, severity: str, seen_as: str, known: Known, sheets: Sequence[Sheet]
) -> dict[str, Any]:
    """Return the truth as JSON values.

    ``polygon`` surrounds the text (the cell, where it is blank), ``cell`` the whole cell; both
    null, with ``page`` null, where the cell is on no page.
    """
    tables: dict[str, Any] = {}
    for template, figures in known.tables:
        places = {
            mark.address: (number, sheet, mark)
            for number, sheet in enumerate(sheets, start=1)
            for mark in sheet.marks
            if mark.table == figures.table and mark.address
        }
        cells = []
        for entry in figures.entries:
            row, column = entry.address
            cell: dict[str, Any] = {
                "row": row,
                "column": column,
                "printed": entry.printed,
                "value": entry.value,
                "page": None,
                "polygon": None,
                "cell": None,
            }
            if entry.address in places:
                number, sheet, mark = places[entry.address]
                cell["page"] = number
                cell["polygon"] = _polygon(sheet.text_corners(mark))
                cell["cell"] = _polygon(sheet.cell_corners(mark))
            cells.append(cell)
        pages = sorted({number for number, _, _ in places.values()})
        tables[figures.table] = {"template": template, "pages": pages, "cells": cells}
    wrong = [
        {
            "table": mistake.table,
            "cell": list(mistake.address),
            "printed": mistake.printed,
            "would_add_up": mistake.would_add_up,
        }
        for mistake in known.mistakes
    ]
    return {
        "file": file,
        "severity": severity,
        "seen_as": seen_as,
        "expect": known.expect,
        "agency": known.agency,
        "year": known.year,
        "pages": len(sheets),
        "page_is_wrong_at": wrong,
        "tables": tables,
    }


def path_of(document: Path) -> Path:
    """Return where the truth of ``document`` stands."""
    return document.with_name(document.stem + ".truth.json")


def write_truth(document: Path, truth: dict[str, Any]) -> None:
    """Write ``truth`` beside ``document``, one cell a line, so that differences can be read."""
    tables = truth["tables"]
    lines = [json.dumps(truth | {"tables": {}}, ensure_ascii=False)[:-2]]
    parts = []
    for name, table in tables.items():
        cells = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in table["cells"])
        head = json.dumps(table | {"cells": []}, ensure_ascii=False)[:-2]
        parts.append(f'\n"{name}": {head}\n{cells}]}}')
    lines.append(",".join(parts))
    path_of(document).write_text("".join(lines) + "}}\n", encoding="utf-8")
