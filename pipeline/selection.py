"""Which pages of a document are wanted: "1-3,5,8-"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.faults import fault

_PART = re.compile(r"(\d+)(?:(-)(\d*))?")


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages ``first`` to ``last``, both included, from 1; ``last`` None means to the end."""

    first: int
    last: int | None


Selection: TypeAlias = tuple[PageRange, ...]


def parse_pages(text: str) -> Selection:
    """Parse "1-3,5,8-" into ranges.

    Raises InputError ``pages-option`` where the text is no such list.
    """
    ranges = []
    for part in re.split(r"[,，、]", text):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise fault("pages-option", text=text)
        first = int(match[1])
        last = first if match[2] is None else int(match[3]) if match[3] else None
        if first < 1 or (last is not None and last < first):
            raise fault("pages-option", text=text)
        ranges.append(PageRange(first, last))
    return tuple(ranges)


def selected(selection: Selection | None, pages: int) -> tuple[int, ...]:
    """Return the numbers of the wanted pages of a document of ``pages`` pages, ascending."""
    if selection is None:
        return tuple(range(1, pages + 1))
    wanted: set[int] = set()
    for part in selection:
        last = pages if part.last is None else min(part.last, pages)
        wanted.update(range(part.first, last + 1))
    return tuple(sorted(wanted))


def beyond(selection: Selection | None, pages: int) -> tuple[int, ...]:
    """Return, for each range that asks for pages the document lacks, the first such page."""
    return tuple(
        sorted(
            max(part.first, pages + 1)
            for part in selection or ()
            if part.first > pages or (part.last is not None and part.last > pages)
        )
    )
