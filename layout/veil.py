"""Takes off what is printed pale over a page, broader than strokes of text: watermarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

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


def unveiled(image: NDArray[np.uint8], em: float) -> NDArray[np.uint8] | None:
    """Return a page (H, W, 3) without the veil on it; None where there is none.

    ``em`` is the height of a full-width character in its pixels. What a veil darkens, it darkens
    by one share of the light, paper and print alike: that share is given back. Print is kept
    as dark as it would be without; near a veil, where it is on bare paper, it becomes paler by
    that share. Red seals stay: their readers see through them.
    """
    scale = min(1.0, EM / em)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    em *= scale
    small = cv2.GaussianBlur(small, (0, 0), CALMED * em)
    paper = _paper(small, em)
    # The brightest of the grains around is brighter than paper usually is.
    paper *= np.median((small / paper).reshape(-1, 3), axis=0)
    calm = np.clip(1 - small / paper, 0, 1).astype(np.float32)
    core = _cores(calm, em)
    level = _level(calm[core], core.size)
    if level is None or _print(calm) < PRINT * level.max():
        return None
    return _lifted(image, paper, _mask(calm, level, em)[:, :, None] * level)


def _paper(small: NDArray[np.uint8], em: float) -> NDArray[np.float32]:
    """Return the brightness of the paper at every pixel, (h, w, 3): the brightest nearby."""
    size = (small.shape[1], small.shape[0])
    coarse = cv2.resize(small, (size[0] // 3 + 1, size[1] // 3 + 1), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, _square(PAPER * em / 3)).astype(np.float32)
    paper = cv2.blur(paper, (round(em / 3) | 1,) * 2)
    paper = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(paper, 1), np.float32)


def _mask(calm: NDArray[np.float32], level: NDArray[np.float32], em: float) -> NDArray[np.float32]:
    """Return 1 on the strokes of a veil and the print on them, 0 elsewhere: (h, w).

    Of strokes too thin to be sure of, only those near sure ones count; lines and thin print on
    bare paper beside them do not.
    """
    thin = _square(THIN * em)
    off = np.abs(calm - level).max(axis=2)
    like = cv2.morphologyEx((off < 0.35 * level.max()).astype(np.uint8), cv2.MORPH_OPEN, thin)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(like)
    keep = stats[:, cv2.CC_STAT_AREA] > (LONG * em) ** 2
    keep[0] = False
    near = cv2.dilate(keep[labels].astype(np.uint8), _square(2 * REACH * em))
    darker = (calm > 0.55 * level).all(axis=2).astype(np.uint8)
    covered = cv2.morphologyEx(darker, cv2.MORPH_OPEN, _square(CORE * em)) | like
    grown = cv2.dilate(covered & near, _square(CORE * em)).astype(np.float32)
    return np.asarray(cv2.blur(grown, (3, 3)), np.float32)


def _print(calm: NDArray[np.float32]) -> float:
    """Return how dark the darker half of a page's print is."""
    gray = calm.min(axis=2)
    return float(np.percentile(gray[gray > PALEST], 90)) if (gray > PALEST).any() else 0.0


def _level(seen: NDArray[np.float32], pixels: int) -> NDArray[np.float32] | None:
    """Return the darkness (3,) that most of what was ``seen`` (n, 3) shares; None if none.

    What is printed pale over a page is as dark at one place as at the next; stains, shadows and
    the grounds of headers are not.
    """
    if len(seen) < LEAST * pixels:
        return None
    gray = np.sort(seen.mean(axis=1))
    within = np.searchsorted(gray, gray + 2 * ALIKE, side="right") - np.arange(len(gray))
    first = int(within.argmax())
    count = int(within[first])
    if count < max(LEAST * pixels, MOST * len(gray)):
        return None
    chosen = np.abs(seen.mean(axis=1) - gray[first] - ALIKE) <= ALIKE
    return np.asarray(np.median(seen[chosen], axis=0), np.float32)


def _cores(calm: NDArray[np.float32], em: float) -> NDArray[np.bool_]:
    """Return where squares are evenly pale, but for broad grounds and red ink: (h, w)."""
    square = _square(CORE * em)
    low, high = cv2.erode(calm, square), cv2.dilate(calm, square)
    even = ((high - low).max(axis=2) < EVEN) & (low.min(axis=2) > PALEST)
    even &= high.max(axis=2) < DARKEST
    blue, green, red = low[:, :, 0], low[:, :, 1], low[:, :, 2]
    # Seals are as dark in green light as in blue; what is spilt on paper is darkest in blue.
    even &= ~((green - red > 0.06) & (green - red > 0.75 * (blue - red)))
    mask = even.astype(np.uint8)
    broad = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _square(BROAD * em))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    keep = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) >= LONG * em
    keep[np.unique(labels[broad > 0])] = False
    keep[0] = False
    return np.asarray(keep[labels])


def _lifted(
    image: NDArray[np.uint8], paper: NDArray[np.float32], veil: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Give back to an image the share of light that a veil takes; both maps may be smaller."""
    size = (image.shape[1], image.shape[0])
    light = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    share = cv2.resize(veil, size, interpolation=cv2.INTER_LINEAR)
    dark = np.clip(1 - image / light, 0, 1)
    left = np.maximum(dark - share, 0) / (1 - share)
    lifted = np.where(share > PALEST / 2, np.rint(light * (1 - left)), image)
    return np.asarray(lifted, np.uint8)


def _square(side: float) -> NDArray[np.uint8]:
    pixels = max(3, round(side)) | 1
    return np.ones((pixels, pixels), np.uint8)
