"""Finds the sheet of paper on a photograph: a bright four-sided patch on a darker ground."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.page import View
from layout.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LOOKED_AT = 640
"""Pixels of the longer side of the picture in which the sheet is sought."""

LEAST, MOST = 0.2, 0.97
"""Share of the picture that a sheet on a desk covers."""

STEP = 22.0
"""Gray levels by which the desk must be darker than the paper beside it."""

PART, COVERED = 0.015, 0.7
"""Share of the picture that a part of a sheet covers at least, and of the sheet that all do."""

SHADED = (1.0, 0.85, 0.7, 0.6, 0.5)
"""Levels at which a sheet is sought, as shares of the middle between paper and ground.

A shadow over the sheet may be darker than that middle."""

DIM = 4
"""Levels added to every channel before they are compared: what is black has no colour."""

SAME, COLOURED = 15, 45
"""Difference, of 255, up to which two grounds are as neutral, and from which one has colour."""

LARGER, NEAR = 1.15, 0.03
"""How much larger than its lit part a sheet is, and how far, by its size, their sides may be."""

TRUE_TO_SHAPE = 0.94
"""Share of the sheet and its four-sided outline together that both cover."""


def lift(image: NDArray[np.uint8]) -> View:
    """Return the view of the sheet alone, seen from straight above, at the picture's own scale.

    Where no sheet stands out from a ground (any scan), the view is the picture itself. A sheet
    that is not flat keeps its curl; its corners only are put square.
    """
    corners = sheet_corners(image)
    if corners is None:
        return View(image, np.eye(3))
    a, b, c, d = corners
    width = round((np.hypot(*(b - a)) + np.hypot(*(c - d))) / 2)
    height = round((np.hypot(*(d - a)) + np.hypot(*(c - b))) / 2)
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(frame, corners.astype(np.float32))
    flat = cv2.warpPerspective(
        image,
        back,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return View(np.asarray(flat, np.uint8), np.asarray(back, np.float64))


def sheet_corners(image: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Return the corners (4, 2) of a sheet on a darker ground, clockwise from the upper left.

    In pixels of ``image``, (height, width, 3); None where there is no such sheet.
    """
    height, width = image.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    if min(height, width) * scale < 40:
        return None
    size = (round(width * scale), round(height * scale))
    small = shrunk(image, size)
    # Paper is bright in its darkest channel; wood and cloth are not.
    bright = cv2.medianBlur(reduce(cv2.min, cv2.split(small)), 5)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    level, _ = cv2.threshold(bright, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    best: NDArray[np.float64] | None = None
    neutral = _neutral(small)
    lit = (_patch(bright, share * level) for share in SHADED)
    whole = _patch(neutral, cv2.threshold(neutral, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
    for corners in (*lit, whole):
        if corners is not None and _ends_in_shadow(neutral, corners):
            continue
        if corners is not None and (best is None or _is_lit_part(best, corners)):
            best = corners
    return None if best is None else np.asarray((best + 0.5) / scale - 0.5, np.float64)


def _neutral(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how little colour a picture has, (height, width): paper's 255 in light and shadow."""
    soft = cv2.medianBlur(small, 5).astype(np.float32) + DIM
    planes = cv2.split(soft)
    ratio = (255 * reduce(cv2.min, planes) / reduce(cv2.max, planes)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(ratio, cv2.MORPH_CLOSE, np.ones((9, 9))), np.uint8)


def _ends_in_shadow(neutral: NDArray[np.uint8], corners: NDArray[np.float64]) -> bool:
    """Tell whether paper goes on beyond one side, and coloured ground lies beyond two others."""
    height, width = neutral.shape
    middle = corners.mean(axis=0)
    beyond = []
    for a, b in _sides(corners):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(1e-9, float(np.hypot(*(b - a))))
        normal = normal if (middle - a) @ normal < 0 else -normal
        at = a + np.linspace(0.15, 0.85, 40)[:, None] * (b - a) + 9 * normal
        x, y = np.round(at).astype(int).T
        seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        if seen.sum() > len(at) / 2:
            beyond.append(float(np.median(neutral[y[seen], x[seen]])))
    filled = cv2.fillPoly(np.zeros_like(neutral), [np.round(corners).astype(np.int32)], 1)
    paper = float(np.median(neutral[filled > 0]))
    return any(paper - one < SAME for one in beyond) and (
        sum(paper - one > COLOURED for one in beyond) >= 2
    )


def _is_lit_part(part: NDArray[np.float64], whole: NDArray[np.float64]) -> bool:
    """Tell whether one patch is what a shadow leaves of another: two of its sides are the other's.

    A sheet on a table shares none with the table.
    """
    sizes = [float(cv2.contourArea(one.astype(np.float32))) for one in (part, whole)]
    if sizes[1] < LARGER * sizes[0]:
        return False
    near = NEAR * float(np.sqrt(sizes[1]))
    ways = [(b - a) / max(1e-9, float(np.hypot(*(b - a)))) for a, b in _sides(whole)]
    shared = 0
    for a, b in _sides(part):
        points = a + np.array([[0.15], [0.5], [0.85]]) * (b - a)
        off = [
            np.abs((points - c) @ np.array([-way[1], way[0]])).max()
            for (c, _), way in zip(_sides(whole), ways, strict=True)
        ]
        shared += min(off) < near
    return shared >= 2


def _sides(corners: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    return list(zip(corners, np.roll(corners, -1, axis=0), strict=True))


def _patch(bright: NDArray[np.uint8], level: float) -> NDArray[np.float64] | None:
    """Return the corners of what is brighter than ``level`` if it is a sheet.

    That is all patches together, where a dark header or bar parts a sheet, or the largest.
    """
    mask = (bright > level).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outlines = sorted(found, key=cv2.contourArea, reverse=True)
    parts = [one for one in outlines if cv2.contourArea(one) > PART * mask.size]
    if len(parts) > 1:
        corners = _sheet_of(bright, parts)
        if corners is not None:
            return corners
    return _sheet_of(bright, outlines[:1]) if outlines else None


def _sheet_of(
    bright: NDArray[np.uint8], parts: Sequence[NDArray[np.int32]]
) -> NDArray[np.float64] | None:
    """Return the corners of the sheet that some bright patches are, if they are one."""
    outline = np.concatenate(parts) if len(parts) > 1 else parts[0]
    whole = cv2.convexHull(outline) if len(parts) > 1 else outline
    area = cv2.contourArea(whole)
    if not LEAST < area / bright.size < MOST:
        return None
    if sum(map(cv2.contourArea, parts)) < COVERED * area:
        return None
    corners = _four_sides(np.asarray(outline, np.int32))
    if corners is None or not _is_rectangle(corners):
        return None
    drawn, filled = np.zeros_like(bright), np.zeros_like(bright)
    cv2.fillPoly(drawn, [np.round(corners).astype(np.int32)], 1)
    cv2.drawContours(filled, [whole], -1, 1, -1)
    if (drawn & filled).sum() < TRUE_TO_SHAPE * (drawn | filled).sum():
        return None
    return corners if _stands_out(bright, corners) else None


def _is_rectangle(corners: NDArray[np.float64]) -> bool:
    """Tell whether four corners could be those of a sheet photographed at an angle."""
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.min() < 1:
        return False
    unit = sides / lengths[:, None]
    square = np.abs((unit * np.roll(unit, -1, axis=0)).sum(axis=1)).max() < 0.35
    ratios = lengths[:2] / lengths[2:]
    return bool(square and ratios.min() > 0.7 and ratios.max() < 1.43)


def _four_sides(outline: NDArray[np.int32]) -> NDArray[np.float64] | None:
    """Fit a straight line to each side of an outline, and return where they meet.

    The sides are cut at the corners of the polygon that the hull simplifies to; the middle four
    fifths of each are fitted, so that dog-ears and round corners do not count.
    """
    hull = cv2.convexHull(outline)
    span = cv2.arcLength(hull, closed=True)
    rough = next(
        (
            shape
            for share in (0.02, 0.03, 0.04, 0.06, 0.08)
            if len(shape := cv2.approxPolyDP(hull, share * span, closed=True)) == 4
        ),
        None,
    )
    if rough is None:
        return None
    points = outline.reshape(-1, 2).astype(np.float64)
    ends = _clockwise(rough.reshape(4, 2).astype(np.float64))
    sides = []
    for a, b in zip(ends, np.roll(ends, -1, axis=0), strict=True):
        along = b - a
        length = float(np.hypot(*along))
        if length < 20:
            return None
        share = (points - a) @ along / length**2
        off = np.abs((points - a) @ np.array([-along[1], along[0]])) / length
        near = points[(share > 0.1) & (share < 0.9) & (off < 0.03 * span / 4 + 2)]
        if len(near) < 10:
            return None
        vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        sides.append((np.array([x, y], np.float64), np.array([vx, vy], np.float64)))
    corners = [_meet(sides[i - 1], sides[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return None
    return np.array(corners)


def _clockwise(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order four corners clockwise, the one nearest the upper left of the picture first."""
    middle = points.mean(axis=0)
    angle = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    ordered = points[np.argsort(angle)]
    return np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0)


def _meet(
    one: tuple[NDArray[np.float64], NDArray[np.float64]],
    other: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64] | None:
    (p, u), (q, v) = one, other
    cross = u[0] * v[1] - u[1] * v[0]
    if abs(cross) < 0.3:
        return None
    w = q - p
    return np.asarray(p + u * (w[0] * v[1] - w[1] * v[0]) / cross, dtype=np.float64)


def _stands_out(bright: NDArray[np.uint8], corners: NDArray[np.float64]) -> bool:
    """Tell whether the picture falls off sharply from paper to ground at three sides or four.

    Across a shadow it falls off slowly; at a side along the picture's own edge not at all.
    """
    height, width = bright.shape
    middle = corners.mean(axis=0)
    sharp = 0
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(1e-9, float(np.hypot(*(b - a))))
        normal = normal if (middle - a) @ normal < 0 else -normal
        along = a + np.linspace(0.08, 0.92, 60)[:, None] * (b - a)
        inside, outside = along - 5 * normal, along + 6 * normal
        seen = (
            (outside[:, 0] >= 0)
            & (outside[:, 0] < width)
            & (outside[:, 1] >= 0)
            & (outside[:, 1] < height)
        )
        if seen.sum() < 40:
            continue
        at = [
            np.clip(np.round(p[seen]).astype(int), 0, (width - 1, height - 1))
            for p in (inside, outside)
        ]
        falls = bright[at[0][:, 1], at[0][:, 0]].astype(float) - bright[at[1][:, 1], at[1][:, 0]]
        if np.percentile(falls, 20) < STEP:
            return False
        sharp += 1
    return sharp >= 3
