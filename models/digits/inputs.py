"""What the digit network sees of a crop: darkness relative to the paper around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.quantiles import quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.geometry import Box

HEIGHT = 32
WIDTHS = (64, 160)
"""Fixed widths, so that padding never depends on the crops read beside this one."""

FAINTEST = 0.25
"""Contrast below which ink is not stretched to full black, so that noise stays faint."""


VIVID = 0.15
"""Darkness in green light from which ink that is pale in red light is taken for red ink."""


def darkness(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how dark a crop (H, W, 3), blue-green-red, is against its own paper: (H, W, 2).

    The first channel is luminance, the second black ink alone: without the red of seals.
    0 is paper, 1 the darkest ink of the crop (if it is ink at all).
    """
    return relative(inks(crop))


def relative(dark: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``inks`` (H, W, 2) relative to the darkest ink of each channel, if it is ink."""
    result = np.empty(dark.shape, np.float32)
    for channel in (0, 1):  # whole planes are divided by a number quicker than pairs by a pair
        darkest = quantile(dark[:, :, channel], 99.5)
        plane = np.divide(dark[:, :, channel], np.float32(max(FAINTEST, darkest)))
        np.minimum(plane, 1.0, out=result[:, :, channel])
    return result


def inks(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the share of light (0…1) that all ink, and black ink alone, takes: (H, W, 2)."""
    # Green stands for luminance: red ink is dark in it, and JPEG keeps it sharp.
    planes = np.dstack([crop[:, :, 1], crop[:, :, 2]])
    dark = np.clip(1.0 - planes.astype(np.float32) / np.maximum(paper_of(planes), 1.0), 0.0, 1.0)
    return _without_red(dark)


def _without_red(dark: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take what red ink darkens in red light out of the second channel.

    Red ink takes a fixed share of the red light for what it takes of the green; black ink
    takes as much of both. The share is read off the crop's reddest ink.
    """
    green, red = (np.ascontiguousarray(dark[:, :, channel]) for channel in (0, 1))
    vivid = (green > VIVID) & (red < 0.6 * green)
    if np.count_nonzero(vivid) < max(6, 0.002 * vivid.size):
        return dark
    share = float(np.clip(np.percentile(red[vivid] / green[vivid], 80), 0.0, 0.6))
    black = np.clip((red - share * green) / (1 - share), 0.0, 1.0)
    return np.dstack([green, black]).astype(np.float32)


def paper_of(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Estimate the brightness of the paper under the ink, plane by plane: (H, W, C).

    The paper is the local maximum over a window wider than any stroke, smoothed.
    """
    height, width = planes.shape[:2]
    calm = cv2.blur(planes, (3, 3))
    window = max(5, min(height, width) // 2 | 1)
    kernel = np.ones((window, window), np.uint8)
    highest = cv2.dilate(calm, kernel)
    smooth = cv2.blur(highest, (window, window)).astype(np.float32)
    return np.asarray(smooth.reshape(*planes.shape), np.float32)


def framed(dark: NDArray[np.float32], frame: Box) -> NDArray[np.float32]:
    """Cut ``frame`` (pixels; may reach outside) out and scale it to (2, 32, 64 or 160).

    Text too long for the wider width is squeezed into it.
    """
    height = max(frame.height, 1.0)
    scale = HEIGHT / height
    wanted = frame.width * scale
    target = next((w for w in WIDTHS if wanted <= w), WIDTHS[-1])
    across = min(scale, target / max(frame.width, 1.0))
    if scale < 1:
        # Area averaging by a blur before sampling; the sampling below only interpolates.
        reach = max(1, round(0.7 / scale)) | 1
        dark = cv2.blur(dark, (reach, reach)) if reach > 1 else dark
    matrix = np.array(
        [
            [across, 0.0, -frame.left * across + (across - 1) / 2],
            [0.0, scale, -frame.top * scale + (scale - 1) / 2],
        ]
    )
    cut = cv2.warpAffine(dark, matrix, (target, HEIGHT), flags=cv2.INTER_LINEAR, borderValue=0)
    # Beyond the frame there is nothing: what stands right of it must not be read.
    cut[:, max(1, round(frame.width * across)) :] = 0
    result: NDArray[np.float32] = np.ascontiguousarray(cut.transpose(2, 0, 1))
    return result


def by_width(inputs: Sequence[NDArray[np.float32]]) -> dict[int, list[int]]:
    """Group the indices of framed crops by their width in pixels."""
    groups: dict[int, list[int]] = {}
    for index, image in enumerate(inputs):
        groups.setdefault(image.shape[2], []).append(index)
    return groups
