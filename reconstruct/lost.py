"""What becomes of a figure that nobody can read: what equations imply, if a reader saw it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import NOTHING
from document.report import Cell, Status
from reconstruct.evidence import parse
from reconstruct.verdict import chance

if TYPE_CHECKING:
    from reconstruct.evidence import Evidence
    from reconstruct.manner import Manner
    from reconstruct.verdict import Verdict


def lost(e: Evidence, verdict: Verdict, manner: Manner) -> Cell:
    """Return the cell of a figure that cannot be read, which always is for a person to say.

    An implied zero that a reader saw as such, be it as a blank, is what its table prints for zeros.
    """
    implied, reading = verdict.implied, e.cell.reading
    listed = reading.candidates if reading else ()
    seen = [(parse(c.text, e.cell.type), c.probability) for c in listed]
    supported = implied is not None and any(numeral.addend == implied for numeral, _ in seen)
    value = manner.lost_zero(e.cell.address, seen) if implied == 0 else implied
    return Cell(
        address=e.cell.address,
        printed=e.printed,
        value=value if supported else None,
        status=Status.UNREADABLE if implied is None else Status.DERIVED,
        needs_review=True,
        confidence=chance(verdict.margin or 0.0) if supported else 0.0,
        reason=NOTHING,
        reading=reading,
        page=e.cell.page,
        polygon=e.cell.polygon,
        suggestion=implied,
        reliable=e.cell.reliable,
    )
