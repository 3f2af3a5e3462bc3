"""Reads the headers again over columns that are in doubt because nothing else is read there.

A column is proved by its header's words. In narrow columns these run over two or three lines that
touch one another where print is poor, and are read as one. Which of the table's own headers stands
there is asked then (``ocr.stacked``); where it is another's, that is kept, and denies the column.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocr.stacked import label_in
from reconstruct.headers import READ_WELL, heading_cells
from reconstruct.wording import likeness, speaks_of_a_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from document.fragment import Fragment, SpanText
    from document.geometry import Box
    from document.template import TableTemplate
    from pipeline.second_look import Looker
    from pipeline.sight import Part, Sight


def with_heads(sight: Sight, looker: Looker) -> Sight:
    """Return a look with what is heard in the places of headers that could not be read."""
    parts = list(sight.parts)
    for one in looker.tables(sight.parts):
        found = one.registration
        if all(place.reliable for place in found.places):
            continue
        heard: dict[int, dict[Box, str]] = {}
        for number, _, box in found.mute:
            at = one.fragments[number]
            if at >= 0 and _inked(parts[at].fragment, box):
                text = _heard(parts[at], box, found.table, looker)
                if text is not None:
                    heard.setdefault(at, {})[box] = text
        for at, texts in heard.items():
            parts[at] = replace(parts[at], fragment=_told(parts[at].fragment, texts))
    same = all(one is other for one, other in zip(parts, sight.parts, strict=True))
    return sight if same else replace(sight, parts=tuple(parts))


def _heard(
    part: Part,
    box: Box,
    table: TableTemplate,
    looker: Looker,
) -> str | None:
    """Return which of the table's headers stands in a box; None where that is not clear."""
    labels = sorted({text for cell in heading_cells(table) for text in cell.spellings})
    text = label_in(looker.reader, _all_of(part, box), labels)
    if text is None:
        return None
    said = [label for label in labels if likeness(text, (label,)) >= READ_WELL]
    # 制发件数 may be this year's or another's: of such a label no part will do
    whole = [label for label in said if label == text or not speaks_of_a_year(label)]
    return text if whole else None


def _all_of(part: Part, box: Box) -> NDArray[np.uint8]:
    """Return what stands in a box of the view, to its edges: (h, w, 3) uint8."""
    left, top = part.origin
    rows = slice(max(0, round(box.top - top)), max(0, round(box.bottom - top)))
    columns = slice(max(0, round(box.left - left)), max(0, round(box.right - left)))
    return part.picture.image[rows, columns]


def _inside(fragment: Fragment, box: Box) -> list[SpanText]:
    return [one for one in fragment.spans if box.contains(one.span.box.center)]


def _inked(fragment: Fragment, box: Box) -> bool:
    return any(one.inked for one in _inside(fragment, box))


def _told(fragment: Fragment, texts: Mapping[Box, str]) -> Fragment:
    """Put a text in the place of what is read in each of some boxes."""
    said: dict[SpanText, SpanText] = {}
    for box, text in texts.items():
        for number, one in enumerate(_inside(fragment, box)):
            lines = () if number else ((one.span.box.center[1], text),)
            said[one] = replace(one, lines=lines)
    spans = tuple(said.get(one, one) for one in fragment.spans)
    return replace(fragment, spans=spans)
