"""Crops of cells to readings: two readers, one calibrated opinion."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from document.reading import Candidate, Opinion, Reading
from models.digits.alphabet import SYMBOLS
from models.digits.inputs import relative
from models.quantiles import quantile_of_levels
from models.sessions import DEFAULT_THREADS
from ocr.alike import borne_out, stand_ins
from ocr.evidence import NO_FIGURE, weigh
from ocr.general import Sight, read_freely
from ocr.ink import SMALLEST, Ink, find_ink
from ocr.kept import kept_inks
from ocr.own import framed_lines, read_figures_closely
from ocr.pool import Engine, LineEvidence, Pool, Ranked, calibrated, fitted
from ocr.remarks import remark_of
from ocr.strokes import TRUST, stroke_sight
from ocr.wrapped import wraps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

MARGIN = 0.22
"""Paper left around the ink for the first reader, in heights of the line (measured best)."""

LEAST_ASPECT = 1.4
"""Height over width of the frame in which the first reader sees a dash."""

DASHES = "-—"

RED_SHARE = 0.03
"""Share of red ink from which the first reader also looks at the black ink alone."""

MOST_CANDIDATES = 8
ILLEGIBLE_SHARE = 0.5
MOST_LINES = 4
"""Lines of a crop that are read, one for each digit of a full-width figure in a narrow column;
with more, it is no cell of a figure."""

UNSURE = 0.5
"""What a reading's probability is multiplied by where a crop may hold more than one cell."""

WRAPPED = 0.97
"""The same where a figure seems to be wrapped: by itself it is not sure, its sums make it so."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One line of one crop to be read, or a whole crop that seems blank."""

    crop: int
    box: Box
    ink: Ink
    dark: NDArray[np.float32]
    stroke: Sight | None = None
    views: tuple[NDArray[np.uint8], ...] = ()
    shares: tuple[float, ...] = ()


def read_figures(
    crops: Sequence[NDArray[np.uint8]],
    threads: int = DEFAULT_THREADS,
    engine: Engine = "both",
) -> tuple[Reading, ...]:
    """Read the interiors of table cells, each (H, W, 3) uint8 blue-green-red.

    A crop may hold a figure, a dash, a short remark or nothing, with remnants of ruling lines
    at its rim. Every reading's probabilities are calibrated; where the two readers disagree,
    both texts are among the candidates and none is sure. Of figures that look the same the first
    reader sees one, see ``ocr.alike``. Crops under 3 pixels either way are not legible.
    Raises WeightsError.
    """
    pool = fitted()
    return tuple(reading_of(lines, pool) for lines in gather(crops, threads, engine))


def gather(
    crops: Sequence[NDArray[np.uint8]],
    threads: int = DEFAULT_THREADS,
    engine: Engine = "both",
) -> tuple[tuple[LineEvidence, ...], ...]:
    """Let the readers look at every line of every crop; () for a crop that is not there."""
    found = _lines if engine != "own" else _bare_lines
    lines = [line for number, crop in enumerate(crops) for line in found(number, crop)]
    # bare paper is shown to the second reader, whoever is asked
    shown = [n for n, line in enumerate(lines) if engine != "paddle" or not line.ink.lines]
    pictures = framed_lines([lines[n].dark for n in shown], [lines[n].box for n in shown])
    closely = dict(zip(shown, read_figures_closely(pictures, threads), strict=True))
    sights = _sights(lines, dict(zip(shown, pictures, strict=True)), closely, threads)
    gathered: list[list[LineEvidence]] = [[] for _ in crops]
    for number, line in enumerate(lines):
        seen = list(sights[number])
        shares = line.shares
        if line.stroke:
            seen.append(line.stroke)
            shares = (*(share * (1 - TRUST) for share in shares), TRUST)
        evidence = weigh(seen, shares, closely.get(number, ()), line.ink)
        single = engine != "both" and bool(line.ink.lines)
        wrapped = wraps(line.ink.lines, crops[line.crop].shape[1])
        gathered[line.crop].append(LineEvidence(evidence, not seen, single, wrapped))
    return tuple(tuple(found) for found in gathered)


def _sights(
    lines: Sequence[_Line],
    pictures: Mapping[int, Sequence[NDArray[np.float32]]],
    closely: Mapping[int, Sequence[NDArray[np.float64]]],
    threads: int,
) -> list[tuple[Sight, ...]]:
    """Let the first reader look at all lines; of those that look the same, at one.

    ``pictures`` and ``closely`` are what the second reader saw of lines, by their numbers.
    """
    plain = [n for n in pictures if len(lines[n].views) == 1]
    lying = [(stroke := lines[n].stroke) is not None and stroke.text in DASHES for n in plain]
    one_for = stand_ins([pictures[n] for n in plain], [closely[n] for n in plain], lying)
    instead = {n: plain[other] for n, other in zip(plain, one_for, strict=True)}
    sights: list[tuple[Sight, ...]] = [()] * len(lines)

    def look(numbers: Sequence[int]) -> None:
        read = iter(read_freely([view for n in numbers for view in lines[n].views], threads))
        for number in numbers:
            sights[number] = tuple(next(read) for _ in lines[number].views)

    look([n for n in range(len(lines)) if instead.get(n, n) == n])
    others = [n for n, other in instead.items() if n != other]
    look([n for n in others if not borne_out(sights[instead[n]][0], closely[n])])
    for number in others:
        sights[number] = sights[number] or sights[instead[number]]
    return sights


def _bare_lines(number: int, crop: NDArray[np.uint8]) -> list[_Line]:
    """Find the lines of a crop, as they are for the second reader alone."""
    rows, columns = crop.shape[:2]
    if rows < SMALLEST or columns < SMALLEST:
        return []
    share = kept_inks(crop)
    ink = find_ink(share)
    inset = 0.06 * min(rows, columns)
    boxes = ink.lines[:MOST_LINES] or (Box(0, 0, columns, rows).inset(inset),)
    dark = relative(share)
    return [_Line(number, box, ink, dark) for box in boxes]


def _lines(number: int, crop: NDArray[np.uint8]) -> list[_Line]:
    """Find the lines of a crop, with what the first reader and the strokes say of each."""
    found = []
    for line in _bare_lines(number, crop):
        if not line.ink.lines:
            return [line]
        box = line.box
        stroke = stroke_sight(line.dark[:, :, 1], box)
        # A dash needs paper above and below, or it would fill the strip like a letter.
        lying = stroke is not None and stroke.text in DASHES
        spare = max(0.0, LEAST_ASPECT * box.width - box.height) / 2 if lying else 0.0
        tall = Box(box.left, box.top - spare, box.right, box.bottom + spare)
        views, shares = _views(crop, tall, line.ink)
        found.append(replace(line, stroke=stroke, views=views, shares=shares))
    return found


def _views(
    crop: NDArray[np.uint8], box: Box, ink: Ink
) -> tuple[tuple[NDArray[np.uint8], ...], tuple[float, ...]]:
    """Cut a line out for the first reader: as it is and, under a seal, its black ink alone."""
    cut = _cut(crop, box, MARGIN * box.height)
    if ink.red < RED_SHARE:
        return (cut,), (1.0,)
    return (cut, _cut(_black_only(crop), box, MARGIN * box.height)), (0.25, 0.75)


def _black_only(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the crop as if only its black ink were on white paper."""
    black = np.round(255 * (1 - kept_inks(crop)[:, :, 1])).astype(np.uint8)
    return np.repeat(black[:, :, None], 3, axis=2)


def _cut(crop: NDArray[np.uint8], box: Box, margin: float) -> NDArray[np.uint8]:
    """Cut ``box`` with a margin out of a crop; where the crop ends, its edge goes on as paper."""
    left, top = math.floor(box.left - margin), math.floor(box.top - margin)
    right, bottom = math.ceil(box.right + margin), math.ceil(box.bottom + margin)
    rows, columns = crop.shape[:2]
    inner = crop[max(0, top) : min(rows, bottom), max(0, left) : min(columns, right)]
    beyond = (max(0, -top), max(0, bottom - rows), max(0, -left), max(0, right - columns))
    if not any(beyond):
        return np.ascontiguousarray(inner)
    paper = [quantile_of_levels(inner[..., channel], 80) for channel in range(3)]
    return np.asarray(
        cv2.copyMakeBorder(inner, *beyond, cv2.BORDER_CONSTANT, value=paper), np.uint8
    )


def reading_of(lines: Sequence[LineEvidence], pool: Pool) -> Reading:
    """Join the evidence of a crop's lines to one reading; no lines: not legible."""
    if not lines:
        return Reading((Candidate("", 0.0),), legible=False)
    opinions = _with_words([calibrated(line, pool) for line in lines], lines)
    legible = all(opinion[0].text != NO_FIGURE for opinion in opinions)
    named = [tuple(o for o in opinion if o.text != NO_FIGURE) for opinion in opinions]
    doubt = [sum(o.probability for o in opinion if o.text == NO_FIGURE) for opinion in opinions]
    legible = legible and max(doubt) < ILLEGIBLE_SHARE
    more = len(lines[0].evidence.ink.lines) > MOST_LINES
    trust = UNSURE if more else _stacked(opinions, wrapped=lines[0].wrapped)
    return Reading(_candidates(named, trust), legible, _opinions(lines))


def _with_words(
    opinions: list[tuple[Ranked, ...]], lines: Sequence[LineEvidence]
) -> list[tuple[Ranked, ...]]:
    """Take the further lines of a remark behind a figure as the first reader wrote them.

    What they say changes no figure, and the second reader knows no words.
    """
    first = opinions[0][0].text
    if not remark_of(first) or first.endswith("）"):
        return opinions
    words = [(Ranked(line.evidence.said, 1.0),) for line in lines[1:]]
    return [opinions[0], *words]


def _opinions(lines: Sequence[LineEvidence]) -> tuple[Opinion, ...]:
    """Return what each reader that was asked holds likeliest, over all lines of a crop."""
    general = [max(one.evidence.outcomes, key=lambda o: o.general) for one in lines]
    close = [max(one.evidence.outcomes, key=lambda o: o.close) for one in lines]
    both = (
        ("paddle", [(best.text, best.general) for best in general]),
        ("own", [(best.text, best.close) for best in close]),
    )
    return tuple(
        Opinion(reader, "".join(text for text, _ in said), min(1.0, chance))
        for reader, said in both
        if (chance := math.prod(each for _, each in said)) > 0.0
    )


def _stacked(opinions: Sequence[tuple[Ranked, ...]], *, wrapped: bool) -> float:
    """Return how likely several lines are to be one figure: remarks wrap, figures seldom do.

    Bare figures above one another rather mean that a ruling line between rows went unseen, but
    for several digits that fill their column.
    """
    texts = [opinion[0].text for opinion in opinions if opinion[0].text]
    if len(texts) < 2 or any(set(text) - set(SYMBOLS[:13]) for text in texts):
        return 1.0
    several = all(len(text) > 1 for text in texts[:-1]) and texts[0][0] != "0"
    return WRAPPED if wrapped and several and "".join(texts).isdecimal() else UNSURE


def _candidates(lines: Sequence[tuple[Ranked, ...]], trust: float) -> tuple[Candidate, ...]:
    """Join the outcomes of all lines of a crop, likeliest first, each ``trust`` times as likely."""
    best: dict[str, float] = {}
    for parts in itertools.product(*(outcomes[:MOST_CANDIDATES] for outcomes in lines)):
        text = "".join(part.text for part in parts)
        chance = trust * math.prod(part.probability for part in parts)
        best[text] = best.get(text, 0.0) + chance
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:MOST_CANDIDATES]
    return tuple(
        Candidate(text, max(0.0, -math.log(max(chance, 1e-12)))) for text, chance in ranked
    )
