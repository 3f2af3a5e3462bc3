"""Withdraws trust in a reader's own word on a table where it proves wrong again and again.

A reader's confidence is calibrated over pages of all kinds. Where one figure in five of a table
is unreadable, or contradicted by its sums, what is on the page is not what the reader knows, and
its confidence says little there: only figures that a sum confirms are taken without a person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.message import Message
from document.report import Status
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Cell, Figure
    from document.template import Address, Equation

SHAKEN = 0.2
"""Share of a table's figures that are unreadable or disputed from which none stands alone."""

LEAST = 5
"""So many of them at least: in a small table one blot is a large share."""

SEEN, WELL, HARDLY = 3, 0.9, 0.5
"""Figures seen from which a table tells how well it can be read; how likely one that is read well
is what it says; and the share of those up to which what is left blank may be figures that faded.

On some 170 recorded poor and terrible develop tables one table with blanks that nobody was asked
about had so few, 2 of 16: 38 of these 40 blanks were figures that a fax had eaten.
"""


def withdrawn(
    cells: Mapping[Address, Cell],
    equations: Sequence[Equation],
    values: Mapping[Address, Figure | None],
) -> dict[Address, Cell]:
    """Return the cells that no sum confirms, for review, if the table's reading is shaken."""
    read = [cell for cell in cells.values() if cell.reading is not None]
    failed = sum(c.status is Status.UNREADABLE or c.status is Status.DISPUTED for c in read)
    if failed < max(LEAST, SHAKEN * len(read)):
        return {}
    confirmed = {
        address for equation in equations if _holds(equation, values) for address in equation.cells
    }
    message = Message(
        f"这张表有 {failed} 个数字无法辨认或与合计不符，又没有算式能证实此处，请人工确认",
        f"{failed} figures of this table are unreadable or contradict its sums, and no sum "
        "confirms this one: a person must look",
    )
    return {
        address: replace(cell, needs_review=True, reason=message)
        for address, cell in cells.items()
        if not cell.needs_review
        and cell.reading is not None
        and cell.status is not Status.HUMAN
        and address not in confirmed
    }


def washed_out(cells: Mapping[Address, Cell]) -> dict[Address, Cell]:
    """Return the blanks of a table, for review, if hardly any figure of it could be read well.

    Where print is so thin that a page of two levels keeps specks of it, a zero leaves nothing.
    """
    best = [cell.reading.best for cell in cells.values() if cell.reading is not None]
    seen = [one for one in best if any(map(str.isdigit, one.text))]
    well = sum(one.probability >= WELL for one in seen)
    if len(seen) < SEEN or well >= HARDLY * len(seen):
        return {}
    if well and len(seen) - well < LEAST:
        return {}  # figures can be read here, and some specks look like zeros
    message = Message(
        f"这张表可见的 {len(seen)} 个数字中只有 {well} 个读得清楚，"
        "空白处的数字可能已经褪去，请对照原件核对",
        f"of the {len(seen)} figures seen in this table {well} could be read well, so that a "
        "blank may be a figure that faded; please compare with the page",
    )
    return {
        address: replace(cell, needs_review=True, reason=message)
        for address, cell in cells.items()
        if not cell.needs_review
        and cell.value is None
        and cell.reading is not None
        and cell.status is not Status.HUMAN
    }


def _holds(equation: Equation, values: Mapping[Address, Figure | None]) -> bool:
    left, right = total(equation.left, values), total(equation.right, values)
    return left is not None and left == right
