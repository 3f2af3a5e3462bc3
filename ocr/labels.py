"""Labels by PP-OCRv6: what PaddleOCR's ``TextRecognition`` reads, without loading PaddleOCR.

Importing the package takes four CPU seconds and 450 MB, which is most of a short run; what it
does around the network is a dozen lines. ``tests/ocr/test_labels.py`` holds the two against each
other, bit by bit, and ``ocr/paddle.py`` reads with the package itself where that is wanted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.sessions import DEFAULT_THREADS, infer
from models.weights import find
from ocr.general import WEIGHTS, characters
from ocr.phrases import Phrases
from ocr.phrases import find as find_phrase
from ocr.strips import batches, strip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Recogniser: TypeAlias = Callable[[NDArray[np.uint8]], Sequence[tuple[str, float]]]
    """Takes strips (n, 48, width, 3) uint8 to their texts, and the confidence in each."""

MOST_KNOWN = 2048
"""Crops whose readings are kept: other looks at a page cut many of them out again."""

PLAIN = 0.9
"""Confidence from which a line is taken as read, whatever phrases are known."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as read: ``confidence`` is the recogniser's own, 0 to 1, uncalibrated."""

    text: str
    confidence: float


class LabelReader:
    """Reads single lines of any text with PP-OCRv6 on onnxruntime.

    Give it the whole interior of a label cell, or of one line of it: cropping to the ink drops
    一 and 、 at the edges.
    """

    def __init__(
        self, threads: int = DEFAULT_THREADS, recogniser: Recogniser | None = None
    ) -> None:
        """Check the weights, which are loaded when a first line is read. Raises WeightsError.

        ``recogniser`` replaces the one of this module.
        """
        find(WEIGHTS)
        self._threads = threads
        self._read_before: dict[bytes, TextLine] = {}
        self._replaced = recogniser
        self._phrases: tuple[str, ...] = ()

    def knowing(self, phrases: Iterable[str]) -> LabelReader:
        """Return a reader that finds these phrases in lines that it cannot read plainly."""
        other = LabelReader(self._threads, self._replaced)
        other._phrases = tuple(sorted(set(phrases)))
        return other

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Read single-line crops, each (H, W, 3) uint8 blue-green-red, in their order.

        A crop with no pixels reads as "" with confidence 0.
        """
        return self._read(crops, ())

    def read_labels(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Read crops that may hold the known phrases; where they do not, as ``read`` does."""
        return self._read(crops, self._phrases)

    def _read(
        self, crops: Sequence[NDArray[np.uint8]], phrases: tuple[str, ...]
    ) -> tuple[TextLine, ...]:
        if len(self._read_before) > MOST_KNOWN:
            self._read_before.clear()
        marks = [_mark(crop, b"label" if phrases else b"") for crop in crops]
        new = {
            mark: strip(crop)
            for mark, crop in zip(marks, crops, strict=True)
            if crop.size and mark not in self._read_before
        }
        places, strips = list(new), list(new.values())
        for batch in batches(strips):
            stacked = np.stack([strips[index] for index in batch])
            if self._replaced is not None:
                read = self._replaced(stacked)
            else:
                read = self._recognised(stacked, phrases)
            for index, (text, score) in zip(batch, read, strict=True):
                confidence = 0.0 if math.isnan(score) else score
                self._read_before[places[index]] = TextLine(text.strip(), confidence)
        return tuple(self._read_before.get(mark, TextLine("", 0.0)) for mark in marks)

    def _recognised(
        self, strips: NDArray[np.uint8], phrases: tuple[str, ...]
    ) -> list[tuple[str, float]]:
        scaled = strips.transpose(0, 3, 1, 2).astype(np.float32, order="C")
        scaled /= 255
        scaled -= 0.5
        scaled /= 0.5
        softmax = infer(WEIGHTS, scaled, self._threads)
        known = characters(self._threads)
        states = _states(phrases, self._threads)
        return [_text(probabilities, known, states) for probabilities in softmax]


def _mark(crop: NDArray[np.uint8], purpose: bytes) -> bytes:
    """Return what tells a crop, and what it is read for, from all others."""
    shape = repr(crop.shape).encode()
    return blake2b(crop.tobytes(), digest_size=16, key=shape, person=purpose).digest()


@cache
def _states(phrases: tuple[str, ...], threads: int) -> Phrases:
    classes = {character: number for number, character in enumerate(characters(threads)) if number}
    return Phrases.of(phrases, classes)


def _text(
    probabilities: NDArray[np.float32], known: Sequence[str], phrases: Phrases
) -> tuple[str, float]:
    """Decode a CTC lattice (T, classes) greedily; the score is the mean over its characters.

    Where the line is not read plainly, a phrase found in it replaces what was read there.
    """
    best = probabilities.argmax(axis=1)
    first = best != 0
    first[1:] &= best[1:] != best[:-1]
    chances = probabilities[first, best[first]]
    score = float(chances.mean()) if len(chances) else 0.0
    read = [(frame, known[best[frame]]) for frame in np.flatnonzero(first).tolist()]
    found = find_phrase(probabilities, phrases) if score < PLAIN else None
    if found is None:
        return "".join(character for _, character in read), score
    before = "".join(character for frame, character in read if frame < found.first)
    behind = "".join(character for frame, character in read if frame > found.last)
    return before + found.text + behind, score
