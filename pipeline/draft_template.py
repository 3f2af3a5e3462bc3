"""Drafts a template from scans of a form: what each page shows, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.errors import InputError
from document.message import Language, Message
from document.page import PageFailure
from layout.desk import lift
from layout.flatten import framed
from layout.tone import tone
from pipeline.intake import open_document
from pipeline.orient import upright
from pipeline.recover import load_readers
from pipeline.sight import see, sheet_of
from reconstruct.draft_toml import to_toml
from reconstruct.drafting import SeenCell, SeenTable, alike, draft
from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from document.fragment import SpanText
    from pipeline.recover import Readers
    from pipeline.sight import Part, Sight
    from reconstruct.drafting import DraftTable

FEWEST = 3
"""Rows and columns together from which a lattice is worth a draft; less is a frame."""

SURE = 0.6
"""Probability of a figure's reading from which it is taken for what is printed."""


def drafted(scans: Sequence[Path], language: Language) -> str:
    """Return the text of a template file for the form that ``scans`` show.

    Tables of the first scan are drafted; the same tables in the others prove their sums. Raises
    InputError where a scan cannot be read or no table is found.
    """
    readers = load_readers()
    seen = [list(_tables(scan, readers)) for scan in scans]
    drafts: list[DraftTable] = []
    for table in seen[0]:
        others = [one for tables in seen[1:] for one in tables if alike(table, one)]
        same = [one for one in seen[0] if one is not table and alike(table, one)]
        found = draft([table, *others, *same])
        known = any(one.labels == found.labels for one in drafts) if found else True
        if found and not known:
            drafts.append(found)
    if not drafts:
        message = Message(
            f"{scans[0]}：没有找到带数字位置的表格；请换一份线条清楚的扫描件",
            f"{scans[0]}: no table with places for figures was found; try a scan with clear lines",
        )
        raise InputError("no-table", message)
    return to_toml(drafts, scans[0].stem, language)


def _tables(scan: Path, readers: Readers) -> Iterator[SeenTable]:
    turns = 0
    for page in open_document(scan).pages():
        if isinstance(page, PageFailure):
            raise InputError(page.code, page.message)
        lifted = framed(lift(page.image))
        made = tone(lifted.image)
        view, turns, legible = upright(lifted, readers.labels, turns, made)
        sheet = sheet_of(view, page.number, None if turns else made)
        sight = see(sheet, page.number, readers.labels, turns, legible)
        for part in sight.parts:
            lattice = part.fragment.lattice
            if lattice.rows + lattice.columns >= FEWEST and lattice.rows > 1:
                yield _table(part, sight, readers)


def _table(part: Part, sight: Sight, readers: Readers) -> SeenTable:
    """Read all cells of a table, short labels too, and number its separators anew."""
    cells = part.fragment.spans
    unread = [cell for cell in cells if cell.inked and (not cell.text or is_figure(cell.text))]
    crops = [
        part.crop(
            part.fragment.lattice.polygon(
                cell.span.top, cell.span.bottom, cell.span.left, cell.span.right
            )
        )
        for cell in unread
    ]
    figures = readers.figures(crops)
    words = readers.labels.read(crops)
    said: dict[SpanText, tuple[str, bool]] = {}
    for cell, figure, word in zip(unread, figures, words, strict=True):
        sure = figure.legible and figure.best.probability >= SURE
        wordy = bool(word.text) and not is_figure(word.text) and word.confidence > 0.5
        if sure and not (wordy and not any(c.isdigit() for c in figure.best.text)):
            said[cell] = (figure.best.text, bool(figure.best.text))
        elif wordy:
            said[cell] = (word.text, False)
        else:
            said[cell] = (word.text or figure.best.text, True)
    tops = _numbered([cell.span.top for cell in cells] + [cell.span.bottom for cell in cells])
    lefts = _numbered([cell.span.left for cell in cells] + [cell.span.right for cell in cells])
    return SeenTable(
        len(tops) - 1,
        len(lefts) - 1,
        tuple(
            SeenCell(
                tops[cell.span.top],
                lefts[cell.span.left],
                tops[cell.span.bottom] - tops[cell.span.top],
                lefts[cell.span.right] - lefts[cell.span.left],
                *said.get(cell, (cell.text, False)),
            )
            for cell in sorted(cells, key=lambda c: (c.span.top, c.span.left))
        ),
        _heading(part, sight),
    )


def _numbered(separators: Sequence[int]) -> dict[int, int]:
    """Number the separators at which a cell begins or ends; the others divide nothing."""
    return {separator: n for n, separator in enumerate(sorted(set(separators)))}


def _heading(part: Part, sight: Sight) -> str:
    """Return the line above the table that looks most like its title."""
    lines = [*reversed(part.fragment.headings), *sight.lines]
    titles = [line for line in lines if ":" not in line and "：" not in line and len(line) > 2]
    return next((line for line in titles if line.endswith(("表", "情况"))), next(iter(titles), ""))
