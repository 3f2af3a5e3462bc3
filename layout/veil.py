"""Takes off what is printed pale over a page, broader than strokes of text: watermarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.shrink import resized, shrunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

EM = 20.0
"""Height of a character, in pixels, at which veils are sought."""

CALMED = 0.05
"""Standard deviation, in em, of the Gaussian that takes grain away."""

PAPER = 3.0
"""Side, in em, of the square in which paper is sought: a veil's strokes are narrower."""

CORE = 0.25
"""Side, in em, of a square that a veil fills evenly somewhere; strokes of text never do."""

LONG = 0.4
"""Length, in em, of the evenly pale part of a veil's stroke."""

BROAD = 1.0
"""Side, in em, of what is no stroke of a veil: the ground of a header, the inside of a stain."""

THIN = 0.15
"""Thickness, in em, from which strokes are a veil's rather than text's."""

REACH = 1.2
"""Distance, in em, from sure strokes up to which thinner ones belong to the same veil."""

PALEST, DARKEST = 0.06, 0.4
"""Darkness (0…1) of a veil; print is darker."""

EVEN = 0.06
"""Difference of darkness up to which a square is even."""

ALIKE = 0.015
"""Difference of darkness up to which two places are equally dark."""

LEAST, MOST = 0.0007, 0.5
"""Share of a page, and of what is evenly pale on it, that must be equally dark."""

PRINT = 1.6
"""How many times as dark as the veil the print must be, to be told from it."""

AMONG, CLEAR = 0.3, 2.0
"""Share of a page's strokes that a veil may lie on, and how many times as dark as it they are
where it lies on more: what shines through a pale page is as dark as its blurred print."""


def unveiled(
    image: NDArray[np.uint8], em: float, *, clean: bool = False
) -> NDArray[np.uint8] | None:
    """Return a page (H, W, 3) without the veil on it; None where there is none.

    ``em`` is the height of a full-width character in its pixels. What a veil darkens, it darkens
    by one share of the light, paper and print alike: that share is given back. Print is kept
    as dark as it would be without; near a veil, where it is on bare paper, it becomes paler by
    that share. Red seals stay: their readers see through them. Of a page that is ``clean`` a
    picture halved first will do to find it.
    """
    scale = min(1.0, EM / em)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    em *= scale
    whole = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    gray = shrunk(whole, size) if clean else resized(whole, size)
    gray = np.asarray(cv2.GaussianBlur(gray, (0, 0), CALMED * em), np.uint8)
    dark = _darkness(gray, em)
    core = _cores(dark, em)
    if _level(dark[core], core.size) is None:
        return None
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    paper = _paper(small, em)
    core[core] = ~_red(1 - small[core] / paper[core])
    level = _level(dark[core], core.size)
    if level is None or _print(dark) < PRINT * level:
        return None
    mask = _mask(dark, level, em)
    if _is_print(dark, mask, level, em):
        return None
    same = core & (np.abs(dark / 255 - level) < ALIKE)
    lost = np.clip(1 - np.median(small[same] / paper[same], axis=0), 0, DARKEST)
    return _lifted(image, paper, mask[:, :, None] * lost.astype(np.float32))


def _darkness(gray: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """Return how dark a picture (h, w) is against its paper: 0 … 255."""
    paper = _paper(gray, em)
    # The brightest of the grains around is brighter than paper usually is.
    paper *= np.median(gray[::3, ::3] / paper[::3, ::3])
    return np.asarray(255 - cv2.divide(gray, np.maximum(paper, 1), scale=255, dtype=cv2.CV_8U))


def _paper(small: NDArray[np.uint8], em: float) -> NDArray[np.float32]:
    """Return the brightness of the paper at every pixel, as (h, w, …): the brightest nearby."""
    size = (small.shape[1], small.shape[0])
    coarse = cv2.resize(small, (size[0] // 3 + 1, size[1] // 3 + 1), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, _square(PAPER * em / 3)).astype(np.float32)
    paper = cv2.blur(paper, (round(em / 3) | 1,) * 2)
    paper = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(paper, 1), np.float32)


def _cores(dark: NDArray[np.uint8], em: float) -> NDArray[np.bool_]:
    """Return where squares are evenly pale, but for broad grounds: (h, w)."""
    square = _square(CORE * em)
    low, high = cv2.erode(dark, square), cv2.dilate(dark, square)
    even = cv2.subtract(high, low) < 255 * EVEN
    even &= (low > 255 * PALEST) & (high < 255 * DARKEST)
    mask = even.astype(np.uint8)
    if cv2.countNonZero(mask) < LEAST * mask.size:
        return np.zeros(mask.shape, bool)  # too little, whatever is left out of it
    # The words on a ground are darker than it: together they are as broad as it is.
    shaded = (dark > 255 * PALEST).astype(np.uint8)
    broad = cv2.morphologyEx(shaded, cv2.MORPH_OPEN, _square(BROAD * em))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    keep = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) >= LONG * em
    keep[np.unique(labels[broad > 0])] = False
    keep[0] = False
    return np.asarray(keep[labels])


def _red(lost: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell which colours (n, 3), as shares of light lost, are those of seals.

    They are as dark in green light as in blue; what is spilt on paper is darkest in blue.
    """
    blue, green, red = lost.T
    return np.asarray((green - red > 0.06) & (green - red > 0.75 * (blue - red)))


def _level(seen: NDArray[np.uint8], pixels: int) -> float | None:
    """Return the darkness (0…1) that most of what was ``seen`` (n,) shares; None if none.

    What is printed pale over a page is as dark at one place as at the next; stains, shadows and
    the grounds of headers are not.
    """
    if len(seen) < LEAST * pixels:
        return None
    wide = round(2 * ALIKE * 255)
    counts = np.convolve(np.bincount(seen, minlength=256), np.ones(wide, int), mode="valid")
    first = int(counts.argmax())
    if counts[first] < max(LEAST * pixels, MOST * len(seen)):
        return None
    return float(np.median(seen[(seen >= first) & (seen < first + wide)])) / 255


def _print(dark: NDArray[np.uint8]) -> float:
    """Return how dark the darker part of a page's print is: 0…1."""
    print_ = dark[dark > 255 * PALEST]
    return float(np.percentile(print_, 90)) / 255 if print_.size else 0.0


def _is_print(dark: NDArray[np.uint8], mask: NDArray[np.float32], level: float, em: float) -> bool:
    """Tell whether a veil takes in much of a page's print, which is hardly darker than it."""
    broad = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(CORE * em))
    strokes = cv2.subtract(dark, broad) > 255 * PALEST
    if not strokes.any() or float((mask[strokes] > 0.5).mean()) < AMONG:
        return False
    return float(np.median(dark[strokes])) < CLEAR * 255 * level


def _mask(dark: NDArray[np.uint8], level: float, em: float) -> NDArray[np.float32]:
    """Return 1 on the strokes of a veil and the print on them, 0 elsewhere: (h, w).

    Of strokes too thin to be sure of, only those near sure ones count; lines and thin print on
    bare paper beside them do not.
    """
    like = (np.abs(dark / 255 - level) < 0.35 * level).astype(np.uint8)
    like = cv2.morphologyEx(like, cv2.MORPH_OPEN, _square(THIN * em))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(like)
    keep = stats[:, cv2.CC_STAT_AREA] > (LONG * em) ** 2
    keep[0] = False
    near = cv2.dilate(keep[labels].astype(np.uint8), _square(2 * REACH * em))
    darker = (dark > 0.55 * 255 * level).astype(np.uint8)
    covered = cv2.morphologyEx(darker, cv2.MORPH_OPEN, _square(CORE * em)) | like
    grown = cv2.dilate(covered & near, _square(CORE * em)).astype(np.float32)
    return np.asarray(cv2.blur(grown, (3, 3)), np.float32)


def _lifted(
    image: NDArray[np.uint8], paper: NDArray[np.float32], veil: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Give back to an image the share of light that a veil takes; both maps may be smaller."""
    size = (image.shape[1], image.shape[0])
    light = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    share = cv2.resize(veil, size, interpolation=cv2.INTER_LINEAR)
    # A veil's strokes are a small share of a page: nothing is reckoned where there are none.
    at = share > PALEST / 2
    light, share = light[at], share[at]
    dark = np.clip(1 - image[at] / light, 0, 1)
    left = np.maximum(dark - share, 0) / (1 - share)
    lifted = image.copy()
    lifted[at] = np.rint(light * (1 - left))
    return lifted


def _square(side: float) -> NDArray[np.uint8]:
    pixels = max(3, round(side)) | 1
    return np.ones((pixels, pixels), np.uint8)
