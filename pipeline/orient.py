"""Finds which way up a page is: the way in which its lines can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.geometry import Box
from document.page import View
from layout.flatten import quarter_turn
from layout.textlines import level_share, text_lines
from layout.tone import tone, turned

if TYPE_CHECKING:
    from layout.tone import Tone
    from ocr.labels import LabelReader

SAMPLED = 6
"""Lines read per orientation: enough to tell, few enough to cost little."""

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

FEWEST = 4.0
"""Characters, weighted with their confidence, that turning a page needs as evidence."""


def upright(view: View, reader: LabelReader, hint: int = 0) -> tuple[View, int, float]:
    """Turn a view of a page by quarters until its lines can be read.

    ``hint`` is the number of clockwise quarter turns to try first (that of the page before).
    Returns the view, the turns and the confidence (0…1) of what was read there.
    """
    made = tone(view.image)
    order = _order(hint, level_share(made))
    best = (order[0], 0.0, 0.0)
    for turns in order:
        characters, confidence = _readable(view, made, turns, reader)
        if characters * confidence > max(CLEARLY * best[2], FEWEST if turns != order[0] else 0.0):
            best = (turns, confidence, characters * confidence)
        if confidence >= PLAIN and characters >= ENOUGH:
            break
    return turned_view(view, best[0]), best[0], best[1]


def as_asked(view: View, reader: LabelReader, turns: int) -> tuple[View, int, float]:
    """Turn a view as a person asked for; returns what ``upright`` does."""
    _, legible = _readable(view, tone(view.image), turns, reader)
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


def _readable(stored: View, made: Tone, turns: int, reader: LabelReader) -> tuple[int, float]:
    """Return (characters read, their mean confidence) of the longest lines, once turned.

    ``made`` is the tone of the view as it is stored.

    Only Chinese characters count: rows of 0, 1 and 8 read well upside down too.
    """
    view = quarter_turn(stored.image, turns)
    em = made.em / made.scale
    height, width = view.image.shape[:2]
    crops = []
    for box in text_lines(turned(made, turns))[:SAMPLED]:
        grown = Box(box.left, box.top, min(box.right, box.left + 14 * em), box.bottom)
        grown = grown.inset(-0.15 * em)
        rows = slice(max(0, int(grown.top)), min(height, int(grown.bottom)))
        crops.append(view.image[rows, max(0, int(grown.left)) : min(width, int(grown.right))])
    lines = reader.read(crops)
    counts = [sum(character > "\u2e7f" for character in line.text) for line in lines]
    characters = sum(counts)
    if not characters:
        return 0, 0.0
    weighted = sum(n * line.confidence for n, line in zip(counts, lines, strict=True))
    return characters, weighted / characters
