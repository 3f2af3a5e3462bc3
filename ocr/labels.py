"""Labels by PP-OCRv6: what PaddleOCR's ``TextRecognition`` reads, without loading PaddleOCR.

Importing the package takes four CPU seconds and 450 MB, which is most of a short run; what it
does around the network is a dozen lines. ``tests/ocr/test_labels.py`` holds the two against each
other, bit by bit, and ``ocr/paddle.py`` reads with the package itself where that is wanted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.sessions import DEFAULT_THREADS, infer
from models.weights import find
from ocr.general import WEIGHTS, characters
from ocr.phrases import Heard, Phrases, hear
from ocr.phrases import find as find_phrase
from ocr.plain import PLAIN, SHORTEST, characters_of, greedy, known_words, plain_words
from ocr.strips import SHORT, WIDTHS, batches, narrowed, strip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Recogniser: TypeAlias = Callable[[NDArray[np.uint8]], Sequence[tuple[str, float]]]
    """Takes strips (n, 48, width, 3) uint8 to their texts, and the confidence in each."""

GLANCING = "ppocr-v6-small-rec-int8"
"""The same network in whole numbers of 8 bits, at six tenths of the price: what it does not read
plainly is read by the other."""

MOST_KNOWN = 2048
"""Crops whose readings are kept: other looks at a page cut many of them out again."""

SAMPLE, HALF = 8, 0.5
"""Lines that are read narrowed first, and the share of them that must be known phrases for the
others to be: print is the same all over a page."""


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

    def skim(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Read crops (H, W, 3) at less than half their width, and price: clean print is plain so.

        What is not plain here may be so to ``read``. None of them may lack pixels.
        """
        strips = [_at_least(one) for one in crops]
        found = [TextLine("", 0.0)] * len(crops)
        for batch in batches(strips):
            stacked = np.stack([strips[index] for index in batch])
            read = (self._replaced or partial(self._recognised, phrases=(), weights=GLANCING))(
                stacked
            )
            for index, (text, score) in zip(batch, read, strict=True):
                found[index] = TextLine(text.strip(), 0.0 if math.isnan(score) else score)
        return tuple(found)

    def glance(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine | None, ...]:
        """Read crops (H, W, 3) of words at less than half their width; None where not plain.

        Neither are lines with digits, which are read for what they say and not only for how
        they are worded, nor lines of hardly a word.
        """
        marks = [_mark(crop, b"glance") for crop in crops]
        new = {
            mark: crop
            for mark, crop in zip(marks, crops, strict=True)
            if crop.size and _is_long(crop) and mark not in self._read_before
        }
        if self._replaced is not None:
            new = {}
        places, strips = list(new), [_at_least(crop) for crop in new.values()]
        for batch in batches(strips):
            softmax = self._softmax(np.stack([strips[index] for index in batch]), GLANCING)
            for index, probabilities in zip(batch, softmax, strict=True):
                line = plain_words(probabilities, self._glanced)
                self._read_before[places[index]] = TextLine(*(line or ("", 0.0)))
        found = [self._read_before.get(mark) for mark in marks]
        return tuple(line if line is not None and line.text else None for line in found)

    def hear(
        self, crops: Sequence[Sequence[NDArray[np.uint8]]], phrases: Iterable[str]
    ) -> tuple[dict[str, Heard], ...]:
        """Return for cells what each of a few phrases is worth in them, see ``ocr.phrases.hear``.

        Each is given as its lines (H, W, 3), from the top down; a phrase may go on from one to
        the next. Nothing is heard with a recogniser that tells no probabilities.
        """
        if self._replaced is not None:
            return tuple({} for _ in crops)
        states = _states(tuple(sorted(set(phrases))), self._threads)
        strips = [strip(line, (*SHORT, *WIDTHS)) for lines in crops for line in lines]
        told: list[NDArray[np.float32]] = [np.empty((0, 0), np.float32)] * len(strips)
        for batch in batches(strips):
            softmax = self._softmax(np.stack([strips[index] for index in batch]), WEIGHTS)
            for index, probabilities in zip(batch, softmax, strict=True):
                told[index] = probabilities
        lines_of = iter(told)
        cells = [np.concatenate([next(lines_of) for _ in lines]) for lines in crops]
        return tuple(hear(cell, states) for cell in cells)

    def _read(
        self, crops: Sequence[NDArray[np.uint8]], phrases: tuple[str, ...]
    ) -> tuple[TextLine, ...]:
        if len(self._read_before) > MOST_KNOWN:
            self._read_before.clear()
        marks = [_mark(crop, b"label" if phrases else b"") for crop in crops]
        new = {
            mark: crop
            for mark, crop in zip(marks, crops, strict=True)
            if crop.size and mark not in self._read_before
        }
        if phrases and self._replaced is None:
            self._at_a_glance(new, phrases)
        widths = (*SHORT, *WIDTHS) if phrases else WIDTHS
        places = [mark for mark in new if mark not in self._read_before]
        strips = [strip(new[mark], widths) for mark in places]
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

    def _at_a_glance(
        self, crops: Mapping[bytes, NDArray[np.uint8]], phrases: tuple[str, ...]
    ) -> None:
        """Read lines at less than half their width, and keep what plainly is a known phrase.

        Short ones are not narrowed, and single characters not read so at all.
        """
        lines = {mark: _at_least(crop) for mark, crop in crops.items() if _is_long(crop)}
        places, strips = list(lines), list(lines.values())
        first = set(range(0, len(places), max(1, len(places) // SAMPLE)))
        known = characters_of(phrases)
        for numbers in (sorted(first), [n for n in range(len(places)) if n not in first]):
            kept = 0
            for batch in batches([strips[number] for number in numbers]):
                stacked = np.stack([strips[numbers[index]] for index in batch])
                softmax = self._softmax(stacked, GLANCING)
                for index, probabilities in zip(batch, softmax, strict=True):
                    line = known_words(probabilities, self._glanced, known)
                    if line is not None:
                        self._read_before[places[numbers[index]]] = TextLine(*line)
                        kept += 1
            if kept < HALF * len(numbers):
                break

    @property
    def _glanced(self) -> tuple[str, ...]:
        """The characters that a glance knows, by class."""
        return characters(self._threads, GLANCING)

    def _recognised(
        self, strips: NDArray[np.uint8], phrases: tuple[str, ...], weights: str = WEIGHTS
    ) -> list[tuple[str, float]]:
        known = characters(self._threads, weights)
        states = _states(phrases, self._threads)
        softmax = self._softmax(strips, weights)
        return [_text(probabilities, known, states) for probabilities in softmax]

    def _softmax(self, strips: NDArray[np.uint8], weights: str) -> NDArray[np.float32]:
        scaled = strips.transpose(0, 3, 1, 2).astype(np.float32, order="C")
        scaled /= 255
        scaled -= 0.5
        scaled /= 0.5
        found: NDArray[np.float32] = infer(weights, scaled, self._threads)
        return found


def _is_long(crop: NDArray[np.uint8]) -> bool:
    """Tell whether a line is long enough to be known by its characters."""
    height, width = crop.shape[:2]
    return bool(width > (SHORTEST - 0.5) * height)


def _at_least(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a line as a strip as narrow as it may be at a glance."""
    small = narrowed(crop)
    return strip(crop, (*SHORT, *WIDTHS)) if small is None else small


def _mark(crop: NDArray[np.uint8], purpose: bytes) -> bytes:
    """Return what tells a crop, and what it is read for, from all others."""
    shape = repr(crop.shape).encode()
    whole = np.ascontiguousarray(crop).tobytes()
    return blake2b(whole, digest_size=16, key=shape, person=purpose).digest()


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
    read = greedy(probabilities, known)
    chances = np.array([chance for *_, chance in read], np.float32)
    score = float(chances.mean()) if read else 0.0
    found = find_phrase(probabilities, phrases) if score < PLAIN else None
    if found is None:
        return "".join(character for _, character, _ in read), score
    before = "".join(character for frame, character, _ in read if frame < found.first)
    behind = "".join(character for frame, character, _ in read if frame > found.last)
    return before + found.text + behind, score
