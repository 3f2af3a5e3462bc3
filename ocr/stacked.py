"""Which of a form's labels a cell holds, however many lines it runs over.

A narrow cell holds its label in lines of two or three characters, and in poor print these touch
one another and the ruling lines. Where the lines are is not known then, so the cell is cut evenly
into one line, two and so on, and each way the probabilities of its lines, one after another, are
searched for each label (``ocr.phrases``). Only the right cut has the right characters in them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocr.phrases import CLEARLY, ENOUGH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ocr.labels import LabelReader
    from ocr.phrases import Heard

MOST_LINES, UPRIGHT = 3, 1.6
"""Lines that a cell is cut into at most; more where one is less than so many times as wide as it
is high: a label may stand upright, with one character in each."""

LEAST_HEIGHT = 7
"""Pixels of height below which a line cannot be read."""

SLIM = 2.0
"""How much higher than the cell is wide a line may be."""

RIMS = (0, 2)
"""Pixels cut off all around a cell, one after the other: its ruling lines may reach into it."""

INKED = 0.25
"""Share of what the darkest rows of pixels hold from which a row has ink."""

AROUND = 0.25
"""Share of a line's height by which a cut may move to where there is less ink."""


def label_in(
    reader: LabelReader, cell: NDArray[np.uint8], labels: Sequence[str], least: float = ENOUGH
) -> str | None:
    """Return the label, or the part of one, that a cell (H, W, 3) uint8 holds; else None.

    It must be worth ``least`` nats, and CLEARLY more than any other that does not hold the same.
    """
    best: dict[str, Heard] = {}
    for rim in RIMS:
        for heard in reader.hear(_ways(_without(cell, rim), max(map(len, labels))), labels):
            for label, one in heard.items():
                if label not in best or one.score > best[label].score:
                    best[label] = one
        told = _clearly(best, least)
        if told is not None:
            return told
    return None


def _clearly(heard: Mapping[str, Heard], least: float) -> str | None:
    """Return what is heard clearly; nothing that is a part of two labels."""
    if not heard:
        return None
    label = max(heard, key=lambda name: (heard[name].score, heard[name].text == name, name))
    text, score = heard[label].text, heard[label].score
    rivals = [one.score for name, one in heard.items() if text not in name]
    shared = text != label and sum(text in name for name in heard) > 1
    if shared or score < least or score - max(rivals, default=0.0) < CLEARLY:
        return None
    return text


def _without(cell: NDArray[np.uint8], rim: int) -> NDArray[np.uint8]:
    return cell[rim : cell.shape[0] - rim, rim : cell.shape[1] - rim]


def _ways(cell: NDArray[np.uint8], longest: int) -> list[list[NDArray[np.uint8]]]:
    """Cut a cell into lines, in every number that its size and the longest label allow."""
    height, width = cell.shape[:2]
    if height < LEAST_HEIGHT or width < LEAST_HEIGHT:
        return []
    mass = (255 - cv2.cvtColor(cell, cv2.COLOR_BGR2GRAY).astype(np.float64)).sum(axis=1)
    mass -= mass.min()
    inked = np.flatnonzero(mass > INKED * np.percentile(mass, 90))
    if not len(inked):
        return []
    top, bottom = int(inked[0]), int(inked[-1]) + 1
    found = []
    for count in range(1, max(MOST_LINES, longest) + 1):
        tall = (bottom - top) / count
        if tall < LEAST_HEIGHT or (count > MOST_LINES and width > UPRIGHT * tall):
            break
        if tall > SLIM * width:
            continue
        cuts = [max(0, top - 1)]
        for number in range(1, count):
            at = top + tall * number
            first, last = int(at - AROUND * tall), int(at + AROUND * tall) + 1
            cuts.append(first + int(np.argmin(mass[first:last])))
        cuts.append(min(height, bottom + 1))
        found.append([cell[a:b] for a, b in pairwise(cuts)])
    return found
