"""Sees a page at the size of characters that the tables of a report have."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from layout.sheet import survey
from layout.tone import tone_at
from pipeline.typed_part import TypedPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout.sheet import Sheet
    from pipeline.sight import Part

OTHER = 1.25
"""How much larger or smaller characters of tables must be than those that a page was seen at."""


def at_size_of_tables(sheet: Sheet, page: int, before: Sequence[Part]) -> Sheet | None:
    """Return a sheet as it looks where characters are as large as in the tables before it.

    A report sets its tables in one size, and often smaller than its prose, of which there may be
    more on a page. None where characters are of that size here, or there are no tables before.
    """
    sizes = [part.em for part in before if not isinstance(part, TypedPart)]
    if not sizes:
        return None
    em = median(sizes)
    if max(em / sheet.em, sheet.em / em) < OTHER:
        return None
    return survey(sheet.view, page, tone_at(sheet.view.image, em, sheet.made))
