"""Draw cells of tables as paper shows them: text, paper, ruling lines, seals, pens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from models.digits.alphabet import OTHER
from models.digits.clutter import clutter, specks
from models.digits.typeset import chinese, digit_height, set_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.digits.typeset import Face


UNCUT = frozenset(("", "1", "/", "／", "-", "—", ".", "(", "（", ")", "）", OTHER))
"""Symbols of which too little is left where a cell is cut through them."""

LOWEST, HIGHEST = 5.0, 42.0
"""Heights of a digit in pixels: small print at 70 dpi, and headings at 400."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A drawn cell: image (H, W, 3) uint8, its text, the box of its ink (None for a blank).

    ``coverage`` (H, W), 0 to 1, is that ink alone, without paper, lines and clutter;
    ``digit_height`` is the height of a digit in pixels of ``image``; ``dirt`` is the box of the
    specks in a blank cell, None where there are none.
    """

    image: NDArray[np.uint8]
    text: str
    ink: Box | None
    coverage: NDArray[np.float32]
    digit_height: float
    dirt: Box | None = None


def draw_cell(rng: np.random.Generator, text: str, faces: Sequence[Face]) -> Cell:
    """Draw a cell with ``text`` in one of ``faces``, as it stands on paper before any scan."""
    face = _choose(rng, faces)
    height = float(np.exp(rng.uniform(np.log(LOWEST), np.log(HIGHEST))))
    coverage = _line(rng, text, face, faces, height)
    rows, columns = np.nonzero(coverage > 0.3)
    if rows.size:
        coverage = coverage[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    else:
        text = ""  # or glyphs that no font at hand has
        coverage = np.zeros((1, 1), np.float32)
    canvas, ink = _place(rng, coverage, height)
    paper = _paper(rng, canvas.shape)
    tint = rng.uniform(0, 110) if rng.random() < 0.9 else rng.uniform(110, 150)
    colour = np.clip(tint + rng.normal(0, 6, 3), 0, 200).astype(np.float32)
    cover = canvas[:, :, None]
    if rng.random() < 0.04 and any(character.isdigit() for character in text):
        text = OTHER  # struck out: ink that must not be read as a figure
        cover = _struck_out(rng, canvas, ink, height)[:, :, None]
    image = paper * (1 - cover) + colour * cover
    image = _rulings(rng, image, colour, height, ink if rows.size else None)
    image = clutter(rng, image, height, faces)
    dirt = None
    if not rows.size and rng.random() < 0.45:
        image, dirt = specks(rng, image, height)
    elif rng.random() < 0.04 and not UNCUT & {text[:1], text[-1:]}:
        image, canvas, ink = _overflowing(rng, image, canvas, ink, height)
    seen = np.clip(image, 0, 255).astype(np.uint8)
    return Cell(seen, text, ink if rows.size else None, canvas, height, dirt)


def _overflowing(
    rng: np.random.Generator,
    image: NDArray[np.float32],
    canvas: NDArray[np.float32],
    ink: Box,
    height: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], Box]:
    """Cut a cell through its first or last digit, as where text is wider than its column."""
    # A third of the ink at most: nobody could read less than two thirds of a lone digit.
    lost = min(round(rng.uniform(0.02, 0.16) * height), int(ink.width / 3))
    if rng.random() < 0.5:
        first = int(ink.left) + lost
        moved = Box(0, ink.top, ink.right - first, ink.bottom)
        return image[:, first:], canvas[:, first:], moved
    last = int(ink.right) - lost
    return image[:, :last], canvas[:, :last], Box(ink.left, ink.top, last, ink.bottom)


def _choose(rng: np.random.Generator, faces: Sequence[Face]) -> Face:
    families = sorted({face.family for face in faces if face.usual})
    if families and rng.random() < 0.5:
        family = families[int(rng.integers(len(families)))]
        faces = [face for face in faces if face.usual and face.family == family]
    return faces[int(rng.integers(len(faces)))]


def _line(
    rng: np.random.Generator, text: str, face: Face, faces: Sequence[Face], height: float
) -> NDArray[np.float32]:
    """Set ``text`` with digits ``height`` pixels high, sheared and turned a little: (H, W) 0…1."""
    tracking = rng.choice(
        [0.0, rng.uniform(-0.04, 0.05), rng.uniform(0.05, 0.3)], p=[0.6, 0.3, 0.1]
    )
    mask = set_line(text, face, chinese(rng, faces), float(tracking))
    scale = height / digit_height(face)
    wider = scale * (rng.uniform(0.9, 1.1) if rng.random() < 0.7 else rng.uniform(0.68, 1.35))
    if rng.random() < 0.25:
        # Bolder or thinner than designed: a worn drum, a copy of a copy.
        size = int(rng.integers(2, 4))
        kernel = np.ones((size, size), np.uint8)
        mask = cv2.dilate(mask, kernel) if rng.random() < 0.6 else cv2.erode(mask, kernel[:2, :2])
    if scale < 1:
        mask = cv2.GaussianBlur(mask, (0, 0), 0.38 / scale)
    angle = np.radians(rng.normal(0, 1.0)) if rng.random() < 0.7 else 0.0
    shear = rng.normal(0, 0.04) if rng.random() < 0.9 else rng.uniform(-0.1, 0.28)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.array(
        [[wider, -shear * scale], [0.0, scale]]
    )
    corners = np.array([[0, 0], [mask.shape[1], 0], [0, mask.shape[0]], mask.shape[::-1]])
    turned = corners @ linear.T
    low = turned.min(axis=0) - rng.uniform(1, 2, 2)
    width, tall = np.ceil(turned.max(axis=0) - low + 2).astype(int)
    matrix = np.column_stack([linear, -low])
    drawn = cv2.warpAffine(mask, matrix, (int(width), int(tall)), flags=cv2.INTER_LINEAR)
    return np.asarray(drawn / 255.0, np.float32)


def _place(
    rng: np.random.Generator, coverage: NDArray[np.float32], height: float
) -> tuple[NDArray[np.float32], Box]:
    """Put the text somewhere in a cell."""
    left, right = height * np.exp(rng.uniform(np.log(0.15), np.log(3.0), 2))
    top, bottom = height * np.exp(rng.uniform(np.log(0.12), np.log(1.6), 2))
    rows, columns = coverage.shape
    x, y = int(left), int(max(top, height - rows))
    canvas = np.zeros((y + rows + int(bottom) + 2, x + columns + int(right) + 2), np.float32)
    canvas[y : y + rows, x : x + columns] = coverage
    return canvas, Box(x, y, x + columns, y + rows)


def _struck_out(
    rng: np.random.Generator, canvas: NDArray[np.float32], ink: Box, height: float
) -> NDArray[np.float32]:
    """Strike the text out with bold strokes, or blot it."""
    layer = np.zeros(canvas.shape, np.uint8)
    thick = max(1, round(rng.uniform(0.1, 0.22) * height))
    left, right = int(ink.left - 0.15 * height), int(ink.right + 0.15 * height)
    top, bottom = int(ink.top), int(ink.bottom)
    kind = rng.integers(6)
    if kind == 0:  # two lines across
        for share in (0.35, 0.65):
            y = int(top + share * (bottom - top))
            cv2.line(layer, (left, y), (right, y), 255, thick, cv2.LINE_AA)
    elif kind == 1:  # a cross
        cv2.line(layer, (left, top), (right, bottom), 255, thick, cv2.LINE_AA)
        cv2.line(layer, (left, bottom), (right, top), 255, thick, cv2.LINE_AA)
    elif kind == 2:  # a scribble
        points = np.column_stack(
            [np.linspace(left, right, 12), np.where(np.arange(12) % 2, top, bottom)]
        ).astype(np.int32)
        cv2.polylines(layer, [points], isClosed=False, color=255, thickness=thick)
    elif kind == 3:  # one stroke across, level or rising
        middle = top + rng.uniform(0.38, 0.62) * (bottom - top)
        rise = rng.normal(0, 0.12) * height
        ends = ((left, round(middle + rise)), (right, round(middle - rise)))
        cv2.line(layer, *ends, 255, max(1, round(0.7 * thick)), cv2.LINE_AA)
    elif kind == 4:  # one stroke from corner to corner, beyond both
        out = round(rng.uniform(0.1, 0.3) * height)
        rising = ((left, bottom + out), (right, top - out))
        falling = ((left, top - out), (right, bottom + out))
        ends = rising if rng.random() < 0.5 else falling
        cv2.line(layer, *ends, 255, max(1, round(0.7 * thick)), cv2.LINE_AA)
    else:  # a blot
        cv2.rectangle(layer, (left, top), (right, bottom), 255, -1)
    blot = layer.astype(np.float32) / 255 * rng.uniform(0.8, 1.0)
    return np.asarray(np.maximum(canvas, blot), np.float32)


def _paper(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    level = rng.uniform(215, 255) if rng.random() < 0.75 else rng.uniform(150, 225)
    tint = rng.normal(0, 3, 3)
    if rng.random() < 0.08:
        tint = np.array([rng.uniform(0, 15), rng.uniform(-15, 5), rng.uniform(-50, -10)])  # a fill
    paper = np.full((*shape, 3), level, np.float32) + tint.astype(np.float32)
    if rng.random() < 0.35:
        slope = rng.uniform(-0.35, 0.35, 2)
        across = np.linspace(-0.5, 0.5, shape[1])[None] * slope[0]
        down = np.linspace(-0.5, 0.5, shape[0])[:, None] * slope[1]
        paper *= (1 + across + down)[:, :, None]
    if rng.random() < 0.2:
        coarse = rng.normal(1, 0.05, (3, 4)).astype(np.float32)
        smooth = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
        paper *= smooth[:, :, None]
    if rng.random() < 0.15:
        # Grain: recycled paper, or fibres seen by a scanner.
        grain = cv2.GaussianBlur(
            rng.standard_normal(shape, np.float32), (0, 0), rng.uniform(0.5, 1.6)
        )
        paper *= (1 + rng.uniform(0.01, 0.06) * grain / max(float(grain.std()), 1e-3))[:, :, None]
    return paper


def _rulings(
    rng: np.random.Generator,
    image: NDArray[np.float32],
    colour: NDArray[np.float32],
    height: float,
    ink: Box | None,
) -> NDArray[np.float32]:
    """Leave remnants of ruling lines at the rim, sometimes right beside the text."""
    close = ink is not None and rng.random() < 0.16
    if not close and rng.random() < 0.45:
        return image
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(rng.uniform(0.04, 0.16) * height))
    if close and ink is not None:
        _close_line(rng, layer, ink, height, thick)
    inward = rng.uniform(-0.5, 0.12) * height
    for side in range(4):
        if rng.random() < 0.55:
            continue
        start, end = (0.0, 1.0) if rng.random() < 0.6 else tuple(sorted(rng.uniform(0, 1, 2)))
        skew = rng.normal(0, 0.02, 2)
        depth = max(0.0, inward) if ink is None else _depth(rng, image.shape, ink, side, thick)
        if side in (0, 1):
            y = depth if side == 0 else rows - 1 - depth
            ends = (start * columns, y + skew[0] * rows, end * columns, y + skew[1] * rows)
        else:
            x = depth if side == 2 else columns - 1 - depth
            ends = (x + skew[0] * columns, start * rows, x + skew[1] * columns, end * rows)
        x0, y0, x1, y1 = (round(float(value) * 16) for value in ends)
        cv2.line(layer, (x0, y0), (x1, y1), 255, thick, cv2.LINE_AA, 4)
    strength = rng.uniform(0.4, 1.0)
    cover = layer.astype(np.float32)[:, :, None] / 255 * strength
    return np.asarray(image * (1 - cover) + colour * cover, np.float32)


def _close_line(
    rng: np.random.Generator, layer: NDArray[np.uint8], ink: Box, height: float, thick: int
) -> None:
    """Draw a ruling line that all but touches the text, from rim to rim or nearly."""
    rows, columns = layer.shape
    gap = rng.uniform(-0.1, 0.45) * height + thick / 2
    lean = rng.normal(0, 0.015)
    if rng.random() < 0.6:  # upright, longer than a 1 is tall
        x = ink.left - gap if rng.random() < 0.5 else ink.right + gap
        top = 0.0 if rng.random() < 0.75 else max(0.0, ink.top - rng.uniform(0.3, 0.8) * height)
        bottom = rows if rng.random() < 0.75 else ink.bottom + rng.uniform(0.3, 0.8) * height
        ends = (x - lean * rows, top, x + lean * rows, bottom)
    else:  # lying: a line under the text, or above it
        y = ink.bottom + gap if rng.random() < 0.7 else ink.top - gap
        left = 0.0 if rng.random() < 0.7 else max(0.0, ink.left - rng.uniform(0.2, 1.0) * height)
        right = columns if rng.random() < 0.7 else ink.right + rng.uniform(0.2, 1.0) * height
        ends = (left, y - lean * columns, right, y + lean * columns)
    x0, y0, x1, y1 = (round(float(value) * 16) for value in ends)
    cv2.line(layer, (x0, y0), (x1, y1), 255, thick, cv2.LINE_AA, 4)


def _depth(
    rng: np.random.Generator, shape: tuple[int, ...], ink: Box, side: int, thick: int
) -> float:
    """Return how far inside a ruling remnant lies: mostly at the rim, never through the text."""
    room = (ink.top, shape[0] - ink.bottom, ink.left, shape[1] - ink.right)[side] - thick / 2 - 2
    return float(max(0.0, room) * rng.beta(0.6, 2.5))
