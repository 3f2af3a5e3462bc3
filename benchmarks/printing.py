"""Prints what was counted: one column for every set of documents, one line for every measure."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.compare import MORTAL, Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.compare import Case
    from benchmarks.reading import Measured

_LINES: tuple[tuple[str, Callable[[Counts], str]], ...] = (
    ("documents", lambda c: str(c.documents)),
    ("  exactly right", lambda c: _share(c.documents_right, c.documents)),
    ("  finished without a person", lambda c: _share(c.documents_finished, c.documents)),
    ("  non-forms rejected", lambda c: _of(c.strangers_rejected, c.strangers)),
    ("pages", lambda c: str(c.pages)),
    ("tables", lambda c: str(c.tables)),
    ("  exactly right before repair", lambda c: _share(c.tables_right_before, c.tables)),
    ("  exactly right after repair", lambda c: _share(c.tables_right, c.tables)),
    ("  finished without a person", lambda c: _share(c.tables_finished, c.tables)),
    ("numeric cells", lambda c: str(c.cells)),
    ("  right before repair", lambda c: _share(c.right_before, c.cells, 3)),
    ("  right after repair", lambda c: _share(c.right, c.cells, 3)),
    ("  repaired", lambda c: str(c.repaired)),
    ("  sent to review", lambda c: _share(c.review, c.cells, 3)),
    ("  WRONG AND NOT FLAGGED", lambda c: str(c.silent)),
    ("  CHANGED ALTHOUGH READ RIGHT", lambda c: str(c.changed)),
    ("the page's own mistakes", lambda c: str(c.mistakes)),
    ("  flagged", lambda c: _of(c.mistakes_flagged, c.mistakes)),
    ("  MENDED", lambda c: str(c.mistakes_mended)),
)


def print_results(groups: Mapping[str, Sequence[Measured]], wanted: Mapping[str, int]) -> None:
    """Print the table. ``wanted`` is how many documents each group would have in all."""
    names = [name for name, measured in groups.items() if measured]
    rows = [["", *names]]
    totals = [sum((m.counts for m in groups[name]), Counts()) for name in names]
    rows += [[label, *(say(total) for total in totals)] for label, say in _LINES]
    seconds = [median(m.seconds / max(1, m.counts.pages) for m in groups[name]) for name in names]
    rows.append(["CPU seconds per page, median", *(f"{second:.2f}" for second in seconds)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *numbers]).rstrip())
    unread = {name: wanted[name] - len(groups.get(name, ())) for name in wanted}
    for name, number in unread.items():
        if number:
            print(f"not measured in time: {number} of {wanted[name]} documents of {name}")


def print_cases(cases: Sequence[Case], *, everything: bool) -> None:
    """List what went wrong: what must never happen first, flagged misreadings only on demand."""
    shown = [case for case in cases if everything or case.fault != "wrong"]
    for case in sorted(shown, key=lambda case: case.fault not in MORTAL):
        where = " ".join(part for part in (case.table, case.place) if part)
        print(f"\n{case.fault}: {case.document} {where}")
        if case.place and case.status:
            print(
                f"  printed {case.printed!r} = {case.truth}, read {case.read!r},"
                f" became {case.value} ({case.status}, {case.confidence:.6f})"
            )
        if case.candidates:
            seen = "  ".join(f"{text!r} {chance:.6f}" for text, chance in case.candidates)
            print(f"  candidates: {seen}")
        if case.remark:
            print(f"  {case.remark}")


def _share(part: int, whole: int, digits: int = 1) -> str:
    return f"{part} ({100 * part / whole:.{digits}f} %)" if whole else "-"


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "-"
