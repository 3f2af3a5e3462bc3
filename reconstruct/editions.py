"""Tells editions of a form apart, whose tables differ in a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.headers import READ_WELL
from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import Address, TableTemplate
    from reconstruct.align import Alignment, Match
    from reconstruct.bands import Line
    from reconstruct.register import Registration

SAME_LABELS = 0.5
"""Difference of summed likeness up to which two editions of a form say the same."""

CERTAINLY = 0.7
"""By how much an edition must fit better than another: about one row with its label."""


PLAIN, LONG, UNLIKE = 0.85, 10, 0.7
"""Likeness of words to a row's own label from which they are plainly that; characters that such a
label has at least; and likeness to any label of another edition up to which they are not its."""


def as_good(table: TableTemplate, other: TableTemplate, ahead: float) -> bool:
    """Tell whether another edition, with other figures, fits about as well."""
    return ahead < CERTAINLY and addresses(table) != addresses(other)


def shows_its_own(
    table: TableTemplate, other: TableTemplate, alignment: Alignment, printed: Sequence[Line]
) -> bool:
    """Tell whether a row is read that the table has and another edition has not.

    Where all of these are lost, so may be those that the other edition has in their place.
    """
    own = _own(table, other)
    return not own or any(
        m.line in own and m.likeness >= READ_WELL for m in labelled_of(alignment, printed)
    )


def plainly_says_its_own(
    table: TableTemplate, other: TableTemplate, alignment: Alignment, printed: Sequence[Line]
) -> bool:
    """Tell whether words are plainly read that only this edition of a form has.

    A table cut off below the first of its own rows fits another edition about as well, which has
    one row where it has several; the words of that row tell.
    """
    own = _own(table, other)
    theirs = [cell for cell in other.cells if cell.address is None]
    for match in alignment.matches:
        if match.line not in own:
            continue
        shown = alignment.bands[match.first : match.last + 1]
        for label in printed[match.line].labels:
            for text in (text for band in shown for text in band.owned):
                plain = len(label.label) >= LONG and likeness(text, label.spellings) >= PLAIN
                if plain and all(likeness(text, one.spellings) <= UNLIKE for one in theirs):
                    return True
    return False


def _own(table: TableTemplate, other: TableTemplate) -> set[int]:
    """Return the lines of ``table`` whose figures another edition has not."""
    rows = {cell.address[0] for cell in other.figures if cell.address}
    return {cell.row for cell in table.figures if cell.address and cell.address[0] not in rows}


def addresses(table: TableTemplate) -> frozenset[Address]:
    """Return the addresses of all figures of a table."""
    return frozenset(cell.address for cell in table.figures if cell.address)


def told_apart(table: TableTemplate, other: TableTemplate, mine: Alignment, its: Alignment) -> bool:
    """Tell whether anything seen belongs to one edition of a form and not to the other.

    Where the rows in which they differ are lost, the edition with fewer rows would win for
    lacking fewer, and the figures of the other would never be missed.
    """
    own = _own(table, other)
    theirs = _own(other, table)
    told = max((m.likeness for m in mine.matches if m.line in own), default=0.0)
    same = max((m.likeness for m in its.matches if m.line in theirs), default=0.0)
    # the first row of several may say all that the one row says, and more
    if told and (told < READ_WELL or told > same):
        return True
    seen, rival = (sum(m.likeness for m in one.matches) for one in (mine, its))
    return seen > rival + SAME_LABELS


def contested(found: Registration) -> frozenset[Address]:
    """Return the figures that a table has as its edition and has not as the one that fits as well.

    Where they stand may stand figures of the other edition's rows.
    """
    if found.rival is None:
        return frozenset()
    theirs = [addresses(one) for one in found.rival.tables if one.id == found.table.id]
    return addresses(found.table).difference(*theirs)


def labelled_of(alignment: Alignment, printed: Sequence[Line]) -> list[Match]:
    """Return the matches of lines that have labels."""
    return [m for m in alignment.matches if printed[m.line].labels]
