"""Dirt and wear: specks, toner dust, lines left out, worn drums. Pictures are (H, W, 3) uint8."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def specks(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Strew a few round specks over a picture, dark or white."""
    image = image.copy()
    rows, columns = image.shape[:2]
    for _ in range(int(rng.integers(1, 6))):
        size = int(rng.integers(1, max(2, rows // 18) + 1))
        y, x = int(rng.integers(rows)), int(rng.integers(columns))
        shade = int(rng.integers(0, 150)) if rng.random() < 0.75 else 255
        cv2.circle(image, (x, y), size // 2, (shade, shade, shade), -1)
    return image


def dust(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Strew toner over the paper: many grains of a pixel or two."""
    rows, columns = image.shape[:2]
    grains = (rng.random((rows, columns)) < rng.uniform(0.001, 0.015)).astype(np.float32)
    if rng.random() < 0.5:
        grains = np.minimum(1, cv2.GaussianBlur(grains, (0, 0), rng.uniform(0.4, 0.8)) * 3)
    kept = 1 - grains * rng.uniform(0.3, 0.95)
    return np.asarray(image * kept[:, :, None], np.uint8)


def streaks(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave lines out, pale or dark, as dirty glass and clogged nozzles do, along one axis."""
    image = image.copy()
    along = image if rng.random() < 0.6 else image.transpose(1, 0, 2)
    paper = np.percentile(image, 90, axis=(0, 1))
    for _ in range(int(rng.integers(1, 4))):
        place = int(rng.integers(along.shape[0]))
        shade = paper if rng.random() < 0.75 else paper * rng.uniform(0.3, 0.8)
        share = rng.uniform(0.4, 1.0)
        along[place] = (along[place] * (1 - share) + shade * share).astype(np.uint8)
    return image


def worn(rng: np.random.Generator, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Print with a worn drum: ink spread or thinned, pale in patches, with holes in it."""
    rows, columns = image.shape[:2]
    worn = image.astype(np.float32)
    amount = rng.uniform(-0.45, 0.9) * min(1.0, rows / 30)
    kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    moved = cv2.erode(worn, kernel) if amount > 0 else cv2.dilate(worn, kernel)
    worn += (moved - worn) * min(abs(amount), 1.0)
    paper = np.percentile(worn, 90, axis=(0, 1))
    lost = np.full((rows, columns), rng.uniform(0, 0.5), np.float32)
    if rng.random() < 0.5:
        coarse = rng.uniform(0, 0.4, (2 + rows // 16, 2 + columns // 16)).astype(np.float32)
        lost += cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        grain = rng.random((rows, columns)).astype(np.float32)
        holes = cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.5, 1.2))
        lost[holes < np.quantile(holes, rng.uniform(0.005, 0.1))] = 1
    lost = np.clip(lost, 0, 1)[:, :, None]
    faded = worn + (np.maximum(paper, worn) - worn) * lost
    return np.asarray(np.clip(faded, 0, 255), np.uint8)
