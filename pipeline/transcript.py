"""Writes down all text that was seen on a document's pages, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import Box
from document.word import Transcript, Word
from pipeline.typed_part import FLAWLESS, TypedPart
from reconstruct.wording import is_figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.fragment import SpanText
    from ocr.labels import LabelReader
    from pipeline.sight import Part, Sight

_LINE = 1.1
"""Height of a line of text in em."""


def transcribe(sights: Sequence[Sight], reader: LabelReader) -> Transcript:
    """Return the lines of the pages seen in pixels: labels, headings, and all prose.

    Lines that nobody has needed so far are read now.
    """
    seen = [sight for sight in sights if sight.quality is not FLAWLESS]
    loose = [(sight.page, line) for sight in seen for line in sight.loose if line.polygon]
    unread = [line.picture for _, line in loose if line.picture is not None]
    texts = iter(reader.read(unread))
    words: list[Word] = []
    for page, line in loose:
        text = line.text if line.picture is None else next(texts).text
        if text and line.polygon is not None:
            words.append(Word(page, text, line.polygon))
    for sight in seen:
        for part in sight.parts:
            if not isinstance(part, TypedPart):
                words += _labels(part)
                words += _short_labels(part, reader)
    return Transcript(frozenset(sight.page for sight in seen), tuple(words))


def _labels(part: Part) -> Iterator[Word]:
    """Yield the labels of a table; of a line its height alone is known, and it is set centred."""
    for cell in part.fragment.spans:
        box = cell.span.box
        for middle, text in cell.lines:
            half = min(box.width, len(text) * part.em) / 2
            x, high = box.center[0], _LINE * part.em / 2
            around = Box(x - half, middle - high, x + half, middle + high)
            yield Word(part.page, text, part.on_page(around.polygon))


def _short_labels(part: Part, reader: LabelReader) -> Iterator[Word]:
    """Read labels as short as figures (规章), which were left to the readers of figures.

    They stand in columns where most cells have longer ones.
    """
    single = [cell for cell in part.fragment.spans if cell.inked and _is_row(cell)]
    waiting = []
    for column in sorted({cell.span.left for cell in single}):
        here = [cell for cell in single if cell.span.left == column]
        if 2 * sum(bool(cell.lines) for cell in here) > len(here):
            waiting += [cell for cell in here if not cell.lines]
    crops = [part.crop(cell.span.box.polygon) for cell in waiting]
    for cell, line in zip(waiting, reader.read(crops), strict=True):
        if line.text and not is_figure(line.text):
            x, y = cell.span.box.center
            wide, high = len(line.text) * part.em / 2, _LINE * part.em / 2
            around = Box(x - wide, y - high, x + wide, y + high)
            yield Word(part.page, line.text, part.on_page(around.polygon))


def _is_row(cell: SpanText) -> bool:
    return cell.span.bottom - cell.span.top == 1
