"""Degradations that move pixels; the sheet's points move along with them.

Angles are in degrees, counter-clockwise as seen; lengths in pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from samples.sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

Image: TypeAlias = "NDArray[np.uint8]"


def move_points(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map (N, 2) pixel-edge points through a (3, 3) homography of pixel centres.

    A box edge at x lies half a pixel left of the centre of pixel x, hence the shift.
    """
    if not len(points):
        return points
    moved = cv2.perspectiveTransform((points - 0.5)[:, None, :], matrix)[:, 0, :]
    return np.asarray(moved + 0.5, dtype=np.float64)


def warp(
    sheet: Sheet, matrix: NDArray[np.float64], size: tuple[int, int], backdrop: Image | None
) -> Sheet:
    """Warp by a homography onto ``size`` (width, height); ``backdrop`` shows where no paper is.

    Without a backdrop, the page's own paper colour (its corner) goes on.
    """
    shrinks = abs(np.linalg.det(matrix[:2, :2])) < 0.7
    flags = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    if backdrop is None:
        fill = [float(v) for v in np.median(sheet.image[:8, :8].reshape(-1, 3), axis=0)]
        image = cv2.warpPerspective(
            sheet.image, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
        )
    else:
        image = cv2.warpPerspective(
            sheet.image, matrix, size, dst=backdrop.copy(), flags=flags,
            borderMode=cv2.BORDER_TRANSPARENT,
        )  # fmt: skip
    return Sheet(
        np.asarray(image, dtype=np.uint8),
        move_points(sheet.points, matrix),
        sheet.marks,
        sheet.dpi,
    )


def skew(sheet: Sheet, angle: float, *, grow: bool = False) -> Sheet:
    """Turn the page a little about its middle; with ``grow`` nothing is cut off."""
    height, width = sheet.image.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    matrix = np.vstack([turn, [0, 0, 1]])
    size = (width, height)
    if grow:
        c, s = abs(turn[0, 0]), abs(turn[0, 1])
        size = (int(width * c + height * s), int(width * s + height * c))
        shift = np.eye(3)
        shift[:2, 2] = ((size[0] - width) / 2, (size[1] - height) / 2)
        matrix = shift @ matrix
    return warp(sheet, matrix, size, None)


def orient(sheet: Sheet, turns: int) -> Sheet:
    """Turn the page by ``turns`` quarters, counter-clockwise, without resampling."""
    height, width = sheet.image.shape[:2]
    x, y = sheet.points[:, 0], sheet.points[:, 1]
    moved = {
        0: (x, y),
        1: (y, width - x),
        2: (width - x, height - y),
        3: (height - y, x),
    }[turns % 4]
    image = np.ascontiguousarray(np.rot90(sheet.image, turns))
    return Sheet(image, np.stack(moved, axis=1), sheet.marks, sheet.dpi)


def resize(sheet: Sheet, dpi: float) -> Sheet:
    """Resample the page to ``dpi``."""
    factor = dpi / sheet.dpi
    height, width = sheet.image.shape[:2]
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    image = cv2.resize(
        sheet.image, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )
    scale = np.array([size[0] / width, size[1] / height])
    return Sheet(np.asarray(image, dtype=np.uint8), sheet.points * scale, sheet.marks, dpi)


def curl(sheet: Sheet, bend: float, phase: float, *, across: bool = True) -> Sheet:
    """Bend the page like a sheet that does not lie flat, by up to ``bend`` pixels.

    The map is given backwards (target → source); points follow by fixed-point iteration, which
    converges as long as the bend is small against its wavelength (a page).
    """
    height, width = sheet.image.shape[:2]
    xs = np.arange(width, dtype=np.float64)
    ys = np.arange(height, dtype=np.float64)

    def offset(
        x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        u, v = x / width, y / height
        main = bend * np.sin(np.pi * (u if across else v) * 1.3 + phase)
        fade = 0.6 + 0.4 * (v if across else u)
        minor = 0.25 * bend * np.sin(np.pi * (v if across else u) + 2 * phase)
        return (minor, main * fade) if across else (main * fade, minor)

    dx, dy = offset(*np.meshgrid(xs, ys, copy=False))
    map_x = (xs[None, :] + dx).astype(np.float32)
    map_y = (ys[:, None] + dy).astype(np.float32)
    image = cv2.remap(sheet.image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    source = sheet.points - 0.5
    target = source.copy()
    for _ in range(12):
        ox, oy = offset(target[:, 0], target[:, 1])
        target = source - np.stack([ox, oy], axis=1)
    return Sheet(np.asarray(image, dtype=np.uint8), target + 0.5, sheet.marks, sheet.dpi)


def photograph(
    sheet: Sheet, rng: np.random.Generator, tilt: float, desk: Image | None = None
) -> Sheet:
    """See the page through a hand-held camera: each corner moves by up to ``tilt`` of the size.

    The page is set on a desk that shows around it.
    """
    height, width = sheet.image.shape[:2]
    margin = rng.uniform(0.02, 0.07)
    out = (int(width * (1 + 2 * margin)), int(height * (1 + 2 * margin)))
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32) - 0.5
    target = source + np.array([width * margin, height * margin], dtype=np.float32)
    jitter = rng.uniform(-tilt, tilt, (4, 2)) * [width, height]
    target = (target + jitter).astype(np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(source, target), dtype=np.float64)
    backdrop = desk if desk is not None else wooden_desk(out, rng)
    return warp(sheet, matrix, out, backdrop)


def wooden_desk(size: tuple[int, int], rng: np.random.Generator) -> Image:
    """Return a desk top of ``size`` (width, height): a dark colour with a coarse grain."""
    width, height = size
    colour = np.array(
        [(60, 85, 120), (45, 50, 55), (110, 120, 130), (40, 60, 85), (70, 62, 50)][
            int(rng.integers(5))
        ],
        dtype=np.float32,
    )
    grain = rng.normal(0, 9, (height // 6 + 2, width // 90 + 2)).astype(np.float32)
    grain = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(colour + grain[..., None], 0, 255), dtype=np.uint8)
