"""Looks for tables by their words: where a form's labels stand, its cells must stand too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from document.geometry import Box, hull
from layout.fit import fitted
from layout.pieces import pieces_of
from layout.words import in_line, joined, stacked
from reconstruct.planning import Word
from reconstruct.sought import CERTAIN, most_alike, seek

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from document.lattice import Lattice
    from document.template import Template
    from layout.sheet import Sheet, Traces
    from ocr.labels import LabelReader
    from pipeline.sight import Sight

WORD = 1.5
"""Width, in em, from which a piece of text may be a word of a label."""

MOST = 300
"""Pieces of text on a page from which grain was taken for text."""

LEAST = 0.5
"""Height, in em, of the least character that is read above or below others."""

MOST_UPRIGHT = 80
"""Runs of such characters that are read at most."""


def by_words(
    sheet: Sheet,
    sight: Sight,
    left: Traces,
    reader: LabelReader,
    templates: Sequence[Template],
    but: Collection[str],
) -> tuple[Lattice, ...]:
    """Return the tables that the words of a page announce, drawn as their forms have them.

    ``left`` are the traces of the sheet, ``sight`` what was read on it in another look; tables
    whose names are in ``but`` are not looked for.
    """
    pieces = _pieces(sheet, left)
    if len(pieces) > MOST:
        return ()
    words = _words(sheet, pieces, reader)
    words += [*in_lines(words, templates, sheet.made.em), *_upright(sheet, left, reader, templates)]
    words += _labels(sheet, sight)
    found = [one for one in seek(words, templates, sheet.made.em) if one.table.id not in but]
    drawn = (fitted(sheet.made, left.edges, one.plan, sight.page) for one in found)
    return tuple(lattice for lattice in drawn if lattice is not None)


def _pieces(sheet: Sheet, left: Traces) -> list[Box]:
    """Return the pieces of text wide enough for words, alone and joined to their neighbours.

    Ruling lines that are taken for torn may be text, and text that touches them is lost.
    """
    em = sheet.made.em
    alone = list(left.pieces)
    for more in (pieces_of(sheet.made, left.torn), joined(alone, em)):
        alone += _others(more, alone, em)
    return [box for box in alone if box.width > WORD * em]


def _others(boxes: Sequence[Box], known: Sequence[Box], em: float) -> list[Box]:
    """Return the boxes that are none of those known, but for some pixels."""
    if not known:
        return list(boxes)
    sides = np.array([(box.left, box.right, box.top, box.bottom) for box in known])
    return [
        box
        for box in boxes
        if np.abs(sides - (box.left, box.right, box.top, box.bottom)).sum(axis=1).min() >= 0.6 * em
    ]


def _words(sheet: Sheet, pieces: Sequence[Box], reader: LabelReader) -> list[Word]:
    scale, calmed = sheet.made.scale, sheet.made.treatment.calmed
    boxes = [_scaled(box, 1 / scale).inset(-0.15 * sheet.em) for box in pieces]
    read = reader.read_labels([calmed(sheet.crop(box)) for box in boxes])
    return [Word(box, line.text) for box, line in zip(pieces, read, strict=True) if line.text]


def in_lines(words: Sequence[Word], templates: Sequence[Template], em: float) -> list[Word]:
    """Return words that stand above one another in a narrow column, where together they say more.

    More than each of them alone: else they are labels of two rows. Of the words from one on that
    many which say most: what stands below a header's words are figures.
    """
    best: dict[int, tuple[float, Word]] = {}
    for run in sorted(stacked([word.box for word in words], em), key=len):
        texts = [words[n].text for n in run]
        together = most_alike("".join(texts), templates)
        if together < CERTAIN or together <= max(most_alike(one, templates) for one in texts):
            continue
        if run[0] not in best or together > best[run[0]][0]:
            best[run[0]] = together, Word(hull(words[n].box for n in run), "".join(texts))
    return [word for _, word in best.values()]


def _upright(
    sheet: Sheet, left: Traces, reader: LabelReader, templates: Sequence[Template]
) -> list[Word]:
    """Read characters that stand above one another as a line, from left to right.

    Of those from one on that many which say most of a label: figures may stand below it.
    """
    em = sheet.made.em
    single = [box for box in left.pieces if box.width <= WORD * em and box.height > LEAST * em]
    runs = stacked(single, em)[:MOST_UPRIGHT]
    scale, calmed = sheet.made.scale, sheet.made.treatment.calmed
    crops = []
    for run in runs:
        boxes = [_scaled(single[n], 1 / scale).inset(-0.08 * sheet.em) for n in run]
        crops.append(calmed(in_line([sheet.crop(box) for box in boxes])))
    best: dict[int, tuple[float, Word]] = {}
    read = zip(runs, reader.read_labels(crops), strict=True)
    for run, line in sorted(read, key=lambda one: len(one[0])):
        alike = most_alike(line.text, templates)
        if line.text and (run[0] not in best or alike > best[run[0]][0]):
            best[run[0]] = alike, Word(hull(single[n] for n in run), line.text)
    return [word for _, word in best.values()]


def _labels(sheet: Sheet, sight: Sight) -> list[Word]:
    """Return the lines of labels that another look has read, somewhere in their cells."""
    scale, em = sheet.made.scale, sheet.made.em
    return [
        Word(
            Box(
                one.span.box.left * scale,
                y * scale - em / 2,
                one.span.box.right * scale,
                y * scale + em / 2,
            ),
            text,
            placed=False,
        )
        for part in sight.parts
        for one in part.fragment.spans
        for y, text in one.lines
    ]


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)
