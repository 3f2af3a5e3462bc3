"""Sees the pages of a document one after another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from document.page import PageFailure
from document.report import Finding
from pipeline.explained import waits
from pipeline.leaf import Leaf, belied, shows_what_it_says
from pipeline.second_look import Looker, first_look, look_again
from pipeline.sheets import sheets_of
from pipeline.sight import Sight
from reconstruct.title import title
from reconstruct.wording import phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.page import Page
    from document.template import Template
    from ocr.labels import LabelReader
    from pipeline.intake import Document
    from pipeline.overlay import Overlay
    from pipeline.recover import Readers
    from pipeline.second_look import FirstLook
    from pipeline.sight import Part

TITLED = 2
"""Pages from the first on that may name the report."""


def see_all(
    document: Document,
    readers: Readers,
    templates: Sequence[Template],
    debug: Overlay | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[Sight], list[Finding]]:
    """See the pages one after another; a page that cannot be decoded becomes a finding."""
    seen = _Seen(readers.labels, templates, debug)
    findings = list(document.findings)
    total = len(document.wanted) + len(document.absent)
    for done, sheet in enumerate(sheets_of(document), start=1):
        page = sheet
        if isinstance(page, Leaf) and not shows_what_it_says(page, readers.figures, readers.glance):
            findings.append(belied(page.number))
            page = page.pixels()
        if isinstance(page, (Leaf, Sight)):
            seen.add(page.sight if isinstance(page, Leaf) else page)
        elif isinstance(page, PageFailure):
            findings.append(Finding(page.code, page.message, page=page.number, wants_person=True))
        else:
            seen.look(page, document.handled(page.number).turns)
        if progress:
            progress(done, total)
    seen.settle()
    return seen.sights, findings


@dataclass(slots=True)
class _Seen:
    """What was seen so far; the last page may wait for the one after it, see ``waits``."""

    reader: LabelReader
    templates: Sequence[Template]
    debug: Overlay | None
    sights: list[Sight] = field(default_factory=list)
    waiting: tuple[FirstLook, Looker] | None = None
    knows: bool = False

    def add(self, sight: Sight) -> None:
        """Add a page that needs no look."""
        self.settle(sight)
        self.sights.append(sight)

    def look(self, page: Page, turns: int | None) -> None:
        """Look at a page; whatever waits for it is settled first."""
        if not self.knows:
            self.reader, self.knows = self.reader.knowing(phrases(self.templates)), True
        hint = self.sights[-1].turns if self.sights else None
        looker = Looker(self.reader, self.templates, self._before(), turns, self._unnamed())
        first = first_look(page, looker, hint)
        self.settle(first.sight)
        looker = replace(looker, before=self._before(), earlier=self._earlier(len(self.sights)))
        self.sights.append(first.sight)
        self.waiting = (first, looker)
        if not waits(first.sight, looker):
            self.settle()

    def settle(self, after: Sight | None = None) -> None:
        """Look again at the page that waits, where what is seen after it does not explain it."""
        if self.waiting is None:
            return
        first, looker = self.waiting
        parts = () if after is None else after.parts
        self.sights[-1] = look_again(first, looker, parts, self.debug)
        self.waiting = None

    def _before(self) -> tuple[Part, ...]:
        return self._earlier(2)

    def _earlier(self, pages: int) -> tuple[Part, ...]:
        """Return the parts seen on so many of the last pages."""
        return tuple(part for sight in self.sights[-pages:] for part in sight.parts)

    def _unnamed(self) -> bool:
        """Tell whether the report may be named on the page after those seen."""
        lines = [line for sight in self.sights for line in sight.lines]
        return len(self.sights) < TITLED and title(lines)[0] is None
