"""What is known of a document that is measured, read from the truth file beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from document.template import Address

SUFFIX = ".truth.json"


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A figure as printed. ``value`` is None for a blank or a dash.

    ``page`` is None where the cell stands on no page at all.
    """

    address: Address
    printed: str
    value: Decimal | None
    page: int | None


@dataclass(frozen=True, slots=True)
class TrueTable:
    """A table that is printed on ``pages``."""

    table: str
    pages: tuple[int, ...]
    cells: tuple[TrueCell, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A figure with which the page itself does not add up, and the one that would."""

    table: str
    address: Address
    would_add_up: Decimal


@dataclass(frozen=True, slots=True)
class Truth:
    """A document with what it says. A document without ``tables`` is to be rejected."""

    path: Path
    severity: str
    seen_as: str
    tables: tuple[TrueTable, ...]
    mistakes: tuple[Mistake, ...]


def read_truth(path: Path) -> Truth:
    """Read a truth file; what it does not need may be missing from it.

    Raises OSError where it cannot be read, ValueError or KeyError where it is none.
    """
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Truth(
        path=path.with_name(said["file"]),
        severity=said["severity"],
        seen_as=said.get("seen_as", ""),
        tables=tuple(_table(name, table) for name, table in said["tables"].items()),
        mistakes=tuple(
            Mistake(wrong["table"], _address(wrong["cell"]), Decimal(wrong["would_add_up"]))
            for wrong in said.get("page_is_wrong_at", ())
        ),
    )


def truths_of(folder: Path) -> list[Truth]:
    """Return the truths of a folder's documents, by name. Raises as ``read_truth`` does."""
    return [read_truth(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def _table(name: str, table: dict[str, Any]) -> TrueTable:
    cells = tuple(
        TrueCell(
            address=(cell["row"], cell["column"]),
            printed=cell["printed"],
            value=None if cell["value"] is None else Decimal(cell["value"]),
            page=cell["page"],
        )
        for cell in table["cells"]
    )
    pages = {cell.page for cell in cells if cell.page is not None}
    return TrueTable(name, tuple(sorted(pages)), cells)


def _address(words: list[str]) -> Address:
    row, column = words
    return (row, column)
