"""Finds which way up a page is: the way in which its lines can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.page import View
from layout.flatten import quarter_turn, skew_of
from layout.textlines import level_share, text_lines
from layout.tone import tone, turned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layout.tone import Tone
    from ocr.labels import LabelReader, TextLine

SAMPLED = 6
"""Lines read per orientation: enough to tell, few enough to cost little."""

FIRST = 3
"""Lines of these that are read first: no more where twice as much is read there more plainly.

All are glanced at, narrowed, before any is read as it is."""

VERY_PLAIN = 0.96
"""Mean confidence that is needed for that."""

MORE = 12
"""The same on a page on which those were not plain."""

PLAIN = 0.93
"""Mean confidence above which text is upright (upside down or from the side: below 0.91)."""

CLEARLY = 1.5
"""How much more must be read another way up for it to be preferred."""

ENOUGH = 15
"""Characters read plainly that settle the matter without trying the other ways up.

Headers set in columns of single characters can be read from the side too, so more is not
always better."""

ALONG = 0.75
"""Share of the text running one way above which only that way and its reverse are tried.

The recogniser reads characters that lie on their side nearly as well as upright ones, so that
its confidence cannot tell; how text is spaced can."""

FAIRLY = 0.85
"""The same where it is not: then lines are made level before more is read."""

ASKEW = 0.8
"""Degrees from level above which the lines of a page are cut with parts of their neighbours."""

FEWEST, FEW_PLAIN = 4.0, 8.0
"""Characters, weighted with their confidence, that turning a page needs as evidence; and where
its text seems to run the other way, all of them read plainly, or where the page before is held
another way: the last rows of a table alone show few words."""


def upright(
    view: View, reader: LabelReader, hint: int | None = None, made: Tone | None = None
) -> tuple[View, int, float]:
    """Turn a view of a page by quarters until its lines can be read.

    ``hint`` is the number of clockwise quarter turns of the page before, which are tried first and
    taken where nothing can be read: a single row of a table and specks tell no direction.
    ``made`` is the tone of the view where that is known.
    Returns the view, the turns and the confidence (0…1) of what was read there.
    """
    made = made or tone(view.image)
    order = _order(hint or 0, level_share(made))
    best = _best_way(view, made, order, reader, hint=hint)
    if len(order) < 4 and (best.confidence < FAIRLY or best.characters < ENOUGH):
        # rows of dashes, and broken lines, may be spaced like text that runs the other way
        across = _best_way(view, made, [(turns + 1) % 4 for turns in order], reader)
        if across.confidence >= PLAIN and across.evidence > max(CLEARLY * best.evidence, FEW_PLAIN):
            best = across
    if best.confidence < FAIRLY or best.characters < ENOUGH:
        straight = _straightened(view, made, order[0])
        if straight is not None:
            order = _order(hint or 0, level_share(straight[1]))
            again = _best_way(*straight, order, reader, MORE, hint)
            best = max(best, again, key=lambda way: way.evidence)
    if not best.characters and hint is not None:
        best = replace(best, turns=hint)
    return turned_view(view, best.turns), best.turns, best.confidence


@dataclass(frozen=True, slots=True)
class _Way:
    """What was read of a page turned by ``turns``: characters, with their mean confidence."""

    turns: int
    characters: int
    confidence: float

    @property
    def evidence(self) -> float:
        return self.characters * self.confidence


def _best_way(
    view: View,
    made: Tone,
    order: list[int],
    reader: LabelReader,
    lines: int = SAMPLED,
    hint: int | None = None,
) -> _Way:
    best = _Way(order[0], 0, 0.0)
    free, fewest = (order[0], FEWEST) if hint is None else (hint, FEW_PLAIN)
    for turns in order:
        way = _Way(turns, *_readable(view, made, turns, reader, lines))
        if way.evidence > max(CLEARLY * best.evidence, fewest if turns != free else 0.0):
            best = way
        if way.confidence >= PLAIN and way.characters >= ENOUGH:
            break
    return best


def _straightened(view: View, made: Tone, turns: int) -> tuple[View, Tone] | None:
    """Return the page and its tone with lines made level, or upright; None where they are."""
    skew = skew_of(turned(made, turns).ink)
    if abs(skew) < ASKEW:
        return None
    image = _rotated(view.image, skew, cv2.BORDER_REPLICATE)
    return View(image, view.to_page), replace(made, ink=_rotated(made.ink, skew))


def _rotated(
    image: NDArray[np.uint8], degrees: float, border: int = cv2.BORDER_CONSTANT
) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    size = (width, height)
    return np.asarray(cv2.warpAffine(image, turn, size, borderMode=border), np.uint8)


def as_asked(view: View, made: Tone, reader: LabelReader, turns: int) -> tuple[View, int, float]:
    """Turn a view as a person asked for; returns what ``upright`` does."""
    _, legible = _readable(view, made, turns, reader)
    return turned_view(view, turns), turns, legible


def _order(hint: int, level: float) -> list[int]:
    """Return the turns worth trying, the likeliest first."""
    order = [hint, (hint + 2) % 4, (hint + 1) % 4, (hint + 3) % 4]
    if max(level, 1 - level) < ALONG:
        return order
    parity = 0 if level >= ALONG else 1
    return [turns for turns in order if turns % 2 == parity]


def turned_view(view: View, turns: int) -> View:
    """Turn a view clockwise by ``turns`` × 90°."""
    turn = quarter_turn(view.image, turns)
    return View(turn.image, view.to_page @ turn.to_page)


def _readable(
    stored: View, made: Tone, turns: int, reader: LabelReader, lines: int = SAMPLED
) -> tuple[int, float]:
    """Return (characters read, their mean confidence) of the longest ``lines``, once turned.

    ``made`` is the tone of the view as it is stored.

    Only Chinese characters count: rows of 0, 1 and 8 read well upside down too.
    """
    view = quarter_turn(stored.image, turns)
    em = made.em / made.scale
    height, width = view.image.shape[:2]
    crops = []
    for box in text_lines(turned(made, turns))[:lines]:
        grown = Box(box.left, box.top, min(box.right, box.left + 14 * em), box.bottom)
        grown = grown.inset(-0.15 * em)
        rows = slice(max(0, int(grown.top)), min(height, int(grown.bottom)))
        columns = slice(max(0, int(grown.left)), min(width, int(grown.right)))
        crops.append(made.treatment.calmed(view.image[rows, columns]))
    crops = [crop for crop in crops if crop.size]
    for look, enough in ((reader.skim, ENOUGH), (reader.read, 2 * ENOUGH)):
        read = list(look(crops[:FIRST]))
        if _very_plain(read, 2 * ENOUGH):
            break
        read += look(crops[FIRST:])
        if _very_plain(read, enough):
            break
    return _plainness(read)


def _very_plain(read: Sequence[TextLine], enough: int) -> bool:
    characters, confidence = _plainness(read)
    return confidence >= VERY_PLAIN and characters >= enough


def _plainness(read: Sequence[TextLine]) -> tuple[int, float]:
    """Return how many Chinese characters were read, and their mean confidence."""
    counts = [sum(character > "\u2e7f" for character in line.text) for line in read]
    characters = sum(counts)
    if not characters:
        return 0, 0.0
    weighted = sum(n * line.confidence for n, line in zip(counts, read, strict=True))
    return characters, weighted / characters
