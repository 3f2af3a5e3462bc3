"""The first reader of figures: PP-OCRv6, its softmax read as a lattice of figure symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.digits.alphabet import CLASSES, OTHER, SYMBOLS, canonical
from models.sessions import DEFAULT_THREADS, infer, session
from ocr.strips import HEIGHT, PADDING, batches, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WEIGHTS = "ppocr-v6-small-rec"
STRIP_WIDTHS = (96, 160, 320, 640, 1280)

LOOK_ALIKES: dict[str, str] = {
    "0": "０OoＯ〇○oDQοОо◯口",
    "1": "１lI|Ⅰ丨iǀl｜!①",
    "2": "２Zz乙②",
    "3": "３ЗзƷ③",
    "4": "４④",
    "5": "５Ss$⑤",
    "6": "６bб⑥",
    "7": "７フ⑦",
    "8": "８B⑧",
    "9": "９gq⑨",
    ".": "．·•・﹒",
    ",": "，、;",
    "-": "－−‐˗",
    "—": "–―─一ー_",
    "/": "／⁄╱丿ノ亅",
    "+": "＋十",
    "无": "無旡",
    "（": "(〔[【",
    "）": ")〕]】",
}
"""Characters that a lone figure symbol is taken for, whose probability belongs to the symbol."""

SHARED = ("。", "0.")
"""A lone 0 is often read as the full stop 。, which is also how a decimal point is read."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the recogniser saw of one crop.

    ``lattice`` (T, figure classes) sums its softmax over look-alikes; ``text`` is its own free
    reading, and ``score`` the probability of that text's most likely alignment.
    """

    lattice: NDArray[np.float64]
    text: str
    score: float


def read_freely(
    crops: Sequence[NDArray[np.uint8]], threads: int = DEFAULT_THREADS
) -> tuple[Sight, ...]:
    """Read crops of one line each, (H, W, 3) uint8, cut to the ink with a margin."""
    strips, places = _distinct([strip(_enlarged(crop), STRIP_WIDTHS) for crop in crops])
    sights: list[Sight | None] = [None] * len(strips)
    if not crops:
        return ()
    known = _known(threads)
    for batch in batches(strips):
        images = np.stack([strips[index] for index in batch]).astype(np.float32)
        scaled = (images / 255 - 0.5) / 0.5
        scaled[images == PADDING] = 0.0
        softmax = infer(WEIGHTS, np.ascontiguousarray(scaled.transpose(0, 3, 1, 2)), threads)
        for index, probabilities in zip(batch, softmax, strict=True):
            sights[index] = _sight(probabilities, known)
    return tuple(sight for place in places if (sight := sights[place]) is not None)


def _distinct(
    strips: Sequence[NDArray[np.uint8]],
) -> tuple[list[NDArray[np.uint8]], list[int]]:
    """Return every picture once, and for each of ``strips`` the number of its own.

    Pages that were drawn rather than scanned repeat theirs to the last pixel.
    """
    numbers: dict[bytes, int] = {}
    places = [numbers.setdefault(one.tobytes(), len(numbers)) for one in strips]
    found = dict(zip(places, strips, strict=True))
    return [found[number] for number in range(len(numbers))], places


def _enlarged(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Enlarge small print smoothly before the strip is made."""
    rows, columns = crop.shape[:2]
    if rows >= HEIGHT:
        return crop
    size = (max(1, round(columns * HEIGHT / rows)), HEIGHT)
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_CUBIC), np.uint8)


@cache
def characters(threads: int = DEFAULT_THREADS, weights: str = WEIGHTS) -> tuple[str, ...]:
    """Return a recogniser's characters by class: the blank, its dictionary, the space."""
    stored = session(weights, threads).get_modelmeta().custom_metadata_map["character"]
    return ("", *stored.split("\n"), " ")


@dataclass(frozen=True, slots=True)
class _Known:
    """A recogniser's characters by class, and what is asked of them for every crop.

    ``looks`` are, for every figure symbol, the classes that look like it; ``shared`` is the class
    of the character that may be either of two.
    """

    characters: tuple[str, ...]
    looks: tuple[list[int], ...]
    shared: int


@cache
def _known(threads: int) -> _Known:
    known = characters(threads)
    numbers = {character: number for number, character in enumerate(known)}
    looks = tuple(
        sorted({numbers[c] for c in symbol + LOOK_ALIKES.get(symbol, "") if c in numbers})
        for symbol in SYMBOLS
        if symbol != OTHER
    )
    return _Known(known, looks, known.index(SHARED[0]))


def _sight(probabilities: NDArray[np.float32], known: _Known) -> Sight:
    lattice = np.zeros((len(probabilities), CLASSES))
    # A space is no symbol of a figure: it parts two like a blank.
    lattice[:, 0] = probabilities[:, 0] + probabilities[:, -1]
    for number, columns in enumerate(known.looks, start=1):
        lattice[:, number] = probabilities[:, columns].sum(axis=1)
    symbols = SHARED[1]
    stop = probabilities[:, known.shared] / len(symbols)
    for symbol in symbols:
        lattice[:, SYMBOLS.index(symbol) + 1] += stop
    lattice[:, -1] = np.maximum(0.0, 1.0 - lattice[:, :-1].sum(axis=1))
    lattice /= lattice.sum(axis=1, keepdims=True)
    best = probabilities.argmax(axis=1)
    firsts = [c for i, c in enumerate(best) if c and (i == 0 or c != best[i - 1])]
    text = canonical("".join(known.characters[c] for c in firsts)).replace(" ", "")
    chances = probabilities[np.arange(len(best)), best].astype(np.float64)
    return Sight(lattice, text, float(np.prod(chances)))
