"""Darkness of print freed from paper, shadow, grain and paleness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.counted import percentile_above
from layout.sampled import BANDS, bands_of, may_hold, surely_dark
from layout.shrink import shrunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOLID = 75
"""Pixels over which ink is no stroke, on a page brought to 1600 pixels or less."""

BAR = 9
"""Thickness, in pixels, from which what is ``SOLID`` long is no line but a page's dark rim."""

PAPER = 80
"""Darkness up to which the commonest value of a page may be its paper."""

WHITE = 4
"""Darkness of paper below which it is left as it is."""

REACH = 25
"""Pixels over which paper is sought around print, on a page brought to 1600 pixels or less."""

COARSER, SMOOTH = 4, 3.0
"""How much smaller paper is made to be blurred, at most, and the standard deviation, in pixels,
of the Gaussian that is left then, at least."""

CALM = 2.0
"""Spread of bare paper, in levels, below which a page is clean that needed no treatment."""

SURELY = 0.8
"""Share of that from which bands of a page need not tell: all of it is measured."""

PATCH = 8
"""Pixels of the patches on which the spread of paper is measured."""

FLAT = 0.01
"""Power of the grain of a patch up to which it has none."""

GRAINED = 0.6
"""Share of a page's patches that have grain where the page was scanned rather than drawn."""

FAINTEST = 8.0
"""Darkness below which nothing is print, however calm the paper."""

ROUGH = 4.0
"""Spread of bare paper, in levels, from which strokes drown in it unless it is smoothed."""

FINE = 0.6
"""Share of its spread that smoothing may leave of grain; the texture of small print keeps more."""

GRAIN = 1.0
"""Standard deviation, in pixels, of the Gaussian that takes grain away and leaves strokes."""

MANY_GRAINS = 1000
"""Dark specks of one or two pixels that a page of 1600 pixels or less may show and be clean."""

PALE = 20
"""Darkness below which nothing is ink."""

PRINT = 80.0
"""Darkness to which the print of a pale page is raised."""

RAISED = 4.0
"""Factor by which it may be raised at most."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the ink of a page needs: ``smooth`` where it is grainy, ``gain`` where it is pale.

    ``spread`` is the standard deviation of its bare paper before, in levels of ink.
    """

    spread: float
    smooth: bool
    gain: float

    @property
    def clean(self) -> bool:
        """Whether the page needed no treatment, and its paper is calm."""
        return not self.smooth and self.gain == 1.0 and self.spread < CALM

    def calmed(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a cutting of the page, at its own size, as it is best read: without grain."""
        return _smoothed(picture, 1.0) if self.smooth and picture.size else picture


def treated(
    gray: NDArray[np.uint8],
) -> tuple[NDArray[np.uint8], Treatment, NDArray[np.uint8] | None]:
    """Free the ink of a page of 1600 pixels or less, and return what it took.

    The last value is ``strokes_of`` the ink, None where the ink was raised since. ``gray`` is
    (height, width). The paper of a clean page is found roughly.
    """
    return _if_clean(gray) or _treated(gray)


def _if_clean(
    gray: NDArray[np.uint8],
) -> tuple[NDArray[np.uint8], Treatment, NDArray[np.uint8]] | None:
    """Return what ``treated`` does by paper that is known roughly; None as soon as it may not."""
    ink = ink_of(gray, REACH, rough=True)
    spread = spread_of(ink)
    if spread >= CALM or _speckled(strokes := strokes_of(ink)):
        return None
    even = _evened(ink)
    left = spread
    if even is not ink:
        ink, left, strokes = even, spread_of(even), strokes_of(even)
    gain = _gain(strokes, left)
    return (ink, Treatment(spread, smooth=False, gain=gain), strokes) if gain == 1.0 else None


def _treated(
    gray: NDArray[np.uint8],
) -> tuple[NDArray[np.uint8], Treatment, NDArray[np.uint8] | None]:
    """Do the same of any page.

    Grain is smoothed before paper is divided out: the brightest grains would pass for the paper,
    and all the rest for ink.
    """
    ink = ink_of(gray, REACH)
    spread = left = spread_of(ink)
    strokes = None if spread > ROUGH else strokes_of(ink)
    smooth = False
    if strokes is None or _speckled(strokes):
        calm = ink_of(_smoothed(gray, 1.0), REACH)
        calmer = spread_of(calm)
        smooth = strokes is not None or calmer < FINE * spread
        if smooth:
            ink, left, strokes = calm, calmer, None
    even = _evened(ink)
    if even is not ink:
        ink, left, strokes = even, spread_of(even), None
    if strokes is None:
        strokes = strokes_of(ink)
    gain = _gain(strokes, left)
    freed_ink = _raised(ink, gain)
    known = strokes if freed_ink is ink else None
    return freed_ink, Treatment(spread, smooth, gain), known


def freed(
    gray: NDArray[np.uint8], reach: int, treatment: Treatment, scale: float
) -> NDArray[np.uint8]:
    """Free the ink of the same page brought to ``scale`` times the size it was treated at."""
    if treatment.smooth:
        gray = _smoothed(gray, scale)
    return _raised(_evened(ink_of(gray, reach, rough=treatment.clean)), treatment.gain)


def ink_of(image: NDArray[np.uint8], reach: int, *, rough: bool = False) -> NDArray[np.uint8]:
    """Divide out the background and return the darkness of every pixel.

    ``image`` is (height, width, 3) or (height, width); ``reach`` in pixels must exceed the
    stroke width of text and lines, so that the closing sees the paper between them. ``rough``
    blurs paper at a fraction of the size, which will do where it is calm.
    """
    gray = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    size = (max(1, gray.shape[1] // 2), max(1, gray.shape[0] // 2))
    half = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    kernel = np.ones((reach // 2 * 2 + 1,) * 2, np.uint8)
    closed = np.asarray(cv2.morphologyEx(half, cv2.MORPH_CLOSE, kernel), np.uint8)
    coarser = max(1, min(COARSER, int(reach / 2 / SMOOTH))) if rough else 1
    few = (max(1, size[0] // coarser), max(1, size[1] // coarser))
    paper = cv2.GaussianBlur(shrunk(closed, few), (0, 0), reach / 2 / coarser)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    light = cv2.divide(gray, np.maximum(paper, 1), scale=255)
    return np.asarray(255 - light, dtype=np.uint8)


def strokes_of(ink: NDArray[np.uint8], side: int = SOLID) -> NDArray[np.uint8]:
    """Drop what is solid over ``side`` pixels both ways: scanner edges, desks, fills, blots.

    They are no strokes of anything, and so dark that text looks pale beside them.
    """
    if not may_hold(ink, (side, side)):
        return ink
    kernel = np.ones((side | 1, side | 1), np.uint8)
    return np.asarray(cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)), np.uint8)


def level_of(strokes: NDArray[np.uint8]) -> float:
    """Return Otsu's level; for pages of two levels, where that is one of them, their middle."""
    level, _ = cv2.threshold(strokes, 0, 255, cv2.THRESH_OTSU)
    if level >= PALE:
        return float(level)
    dark = strokes[strokes > level]
    return float(dark.mean()) / 2 if len(dark) else float(level)


def spread_of(ink: NDArray[np.uint8]) -> float:
    """Return the standard deviation of bare paper, in levels, where it is calmest.

    That is where nothing is printed; of the spreads of small patches the tenth percentile is
    taken. Patches darker than paper in shade (desks, lids) do not count, nor do those without
    any grain, laid around a page to frame it, unless the whole page has none.
    """
    some = bands_of(ink)
    spread = _spread_of(some)
    return spread if 0 < spread < SURELY * CALM or some is ink else _spread_of(ink)


def _spread_of(ink: NDArray[np.uint8]) -> float:
    values = ink.astype(np.float32)
    rough = values - cv2.GaussianBlur(values, (0, 0), 3)
    size = (max(1, ink.shape[1] // PATCH), max(1, ink.shape[0] // PATCH))
    power = cv2.resize(rough * rough, size, interpolation=cv2.INTER_AREA)
    bare = power[cv2.resize(values, size, interpolation=cv2.INTER_AREA) < PAPER]
    grained = bare[bare > FLAT]
    if len(grained) < GRAINED * max(1, len(bare)):
        return 0.0
    return float(np.sqrt(np.percentile(grained, 10)))


def _speckled(strokes: NDArray[np.uint8]) -> bool:
    """Tell whether a page is dithered, sprinkled or noisy all over.

    Grains of a pixel or two then outnumber all that could be print.
    """
    level = level_of(strokes)
    if level < PALE:
        return False
    some = bands_of(strokes)
    few, many = _sizes(some, level)
    if 2 * BANDS * few < max(MANY_GRAINS, 4 * BANDS * many):
        return False
    few, many = _sizes(strokes, level)
    return few > max(MANY_GRAINS, 4 * many)


def _sizes(strokes: NDArray[np.uint8], level: float) -> tuple[int, int]:
    """Return how many pieces of ink are grains, and how many large enough for print."""
    dark = (strokes > level).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(dark, connectivity=8)[2]
    side = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return int((side <= 2).sum()), int((side >= 6).sum())


def _smoothed(gray: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Smooth grain away; ``scale`` pixels of ``gray`` make one at which grains were counted."""
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), GRAIN * max(scale, 0.5)), np.uint8)


def _evened(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make the commonest of the bright values, which is bare paper, white."""
    counts = cv2.calcHist([ink], [0], None, [PAPER], [0, PAPER])
    white = int(counts.argmax())
    if white < WHITE:
        return ink
    return np.asarray(cv2.subtract(ink, (white,)) * (255 / (255 - white)), np.uint8)


def _gain(strokes: NDArray[np.uint8], spread: float) -> float:
    """Return the factor by which the print of a page is too pale: 1 … ``RAISED``.

    ``spread`` is that of the paper between the ``strokes``.
    """
    floor = max(FAINTEST, 5 * spread)
    if surely_dark(strokes, floor, PRINT, (BAR, SOLID)):
        return 1.0
    for shape in ((BAR, SOLID), (SOLID, BAR)):
        bar = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        strokes = np.asarray(cv2.subtract(strokes, bar), np.uint8)
    darkest = percentile_above(strokes, floor, 90) or PRINT
    return float(np.clip(PRINT / max(darkest, 1.0), 1.0, RAISED))


def _raised(ink: NDArray[np.uint8], gain: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.convertScaleAbs(ink, alpha=gain), np.uint8) if gain > 1 else ink
