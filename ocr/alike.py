"""Figures of a document that look the same, of which the first reader need not see every one.

Most figures of a form are a 0 or another lone digit, printed from the same type again and again.
Where our own reader reads two lines alike and for certain, and their pictures hardly differ, what
the first reader says of one is what it would say of the other. Each line is still read by itself
by our own reader, and an odd one is like no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.digits.alphabet import SYMBOLS
from ocr.ctc import probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocr.general import Sight

    Views: TypeAlias = Sequence[NDArray[np.float32]]
    Lattices: TypeAlias = Sequence[NDArray[np.float64]]

CERTAIN = 0.98
"""Probability of a text in every frame from which a line may be like another."""

ALIKE = 0.97
"""Correlation of the pictures of two lines, in every frame, from which they are the same.

Other digits in the same place come to 0.95 at most, clean print of the same to 0.98 and more."""

BORNE_OUT = 0.9
"""Probability that the first reader must give what our own reads, to speak for other lines."""

FIGURES = "0123456789"
STROKES = "/-—"
"""Lone strokes: what the first reader makes of them is known to be worth little."""

FEW = 6
"""Rows multiplied at once: OpenBLAS asks its threads from 262,144 products on, of which the wider
pictures, 5,120 pixels, make 184,320."""

DASHES = "-—"
"""Short and long. Our own reader seldom tells for certain which of them it is."""


def stand_ins(
    views: Sequence[Views], lattices: Sequence[Lattices], lying: Sequence[bool] | None = None
) -> list[int]:
    """Return for each line the number of the one that stands for it: often its own.

    ``views`` are the pictures (2, h, w) of each line as our own reader sees it, one for each
    frame, ``lattices`` (T, classes) what it says of them. ``lying`` tells which lines are lone
    lying strokes by their shape: what is none is no dash, a long figure blurred may look like one.
    """
    lying = lying or [True] * len(lattices)
    said = zip((_certain(each) for each in lattices), lying, strict=True)
    texts = ["" if text in DASHES and not stroke else text for text, stroke in said]
    kinds: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for number, (text, pictures) in enumerate(zip(texts, views, strict=True)):
        if text:
            shape = tuple(side for one in pictures for side in one.shape)
            kinds.setdefault((text, shape), []).append(number)
    found = list(range(len(views)))
    for numbers in kinds.values():
        like = _likeness([views[number] for number in numbers]) >= ALIKE
        waiting = np.ones(len(numbers), bool)
        while waiting.any():
            # the one that most others are like stands for them
            first = int(np.where(waiting, (like & waiting).sum(axis=1), -1).argmax())
            group = like[first] & waiting
            group[first] = True
            for one in np.flatnonzero(group).tolist():
                found[numbers[one]] = numbers[first]
            waiting &= ~group
    return found


def borne_out(sight: Sight, lattices: Lattices) -> bool:
    """Tell whether the first reader sees plainly what our own reads in the same line."""
    read = _certain(lattices)
    text, chance = _greedy(sight.lattice)
    return read in STROKES or (chance >= BORNE_OUT and text == read)


def _certain(lattices: Lattices) -> str:
    """Return the digits that our own reader sees for certain in every frame of a line, or ""."""
    read = [_seen(lattice) for lattice in lattices]
    text = read[0][0] if read else ""
    plain = bool(text) and (text in STROKES or not set(text) - set(FIGURES))
    sure = all(other == text and chance >= CERTAIN for other, chance in read)
    return text if plain and sure else ""


def _seen(lattice: NDArray[np.float64]) -> tuple[str, float]:
    """Return what a lattice says, and how surely: of a dash, whichever it is and however long."""
    short, long = (SYMBOLS.index(dash) + 1 for dash in DASHES)
    one = lattice.copy()
    one[:, long] += one[:, short]
    one[:, short] = 0.0
    text, chance = _greedy(one)
    return (text, probability(one, [long])) if text == DASHES[1] else (text, chance)


def _greedy(lattice: NDArray[np.float64]) -> tuple[str, float]:
    """Return the text of the likeliest path through a lattice, and the path's probability."""
    best = lattice.argmax(axis=1)
    first = best != 0
    first[1:] &= best[1:] != best[:-1]
    text = "".join(SYMBOLS[number - 1] for number in best[first].tolist())
    return text, float(lattice.max(axis=1).prod())


def _likeness(views: Sequence[Views]) -> NDArray[np.float32]:
    """Return how alike lines are, two by two: the correlation of their least alike pictures."""
    least = np.ones((len(views), len(views)), np.float32)
    for pictures in zip(*views, strict=True):
        flat = np.stack([picture[1].ravel() for picture in pictures])
        flat = flat - flat.mean(axis=1, keepdims=True)
        flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
        least = np.minimum(least, _products(flat))
    return least


def _products(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inner products of rows (n, k), two by two: (n, n).

    A product of any size wakes the threads of numpy's algebra, which then wait for more and burn
    forty times what it takes; one of a few rows does not.
    """
    found = np.empty((len(rows), len(rows)), np.float32)
    starts = range(0, len(rows), FEW)
    for first in starts:
        some = rows[first : first + FEW]
        for then in starts[first // FEW :]:
            block = some @ rows[then : then + FEW].T
            found[first : first + FEW, then : then + FEW] = block
            found[then : then + FEW, first : first + FEW] = block.T
    return found
