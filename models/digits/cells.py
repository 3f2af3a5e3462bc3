"""Draw cells of tables as paper shows them: text, paper, ruling lines, seals, pens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.geometry import Box
from models.digits.alphabet import OTHER
from models.digits.typeset import digit_height, set_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.digits.typeset import Face


_CHINESE = ("Noto Sans CJK SC", "Noto Serif CJK SC", "AR PL UMing CN", "FandolSong")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A drawn cell: image (H, W, 3) uint8, its text, the box of its ink (None for a blank).

    ``coverage`` (H, W), 0 to 1, is that ink alone, without paper, lines and clutter;
    ``digit_height`` is the height of a digit in pixels of ``image``.
    """

    image: NDArray[np.uint8]
    text: str
    ink: Box | None
    coverage: NDArray[np.float32]
    digit_height: float


def draw_cell(rng: np.random.Generator, text: str, faces: Sequence[Face]) -> Cell:
    """Draw a cell with ``text`` in one of ``faces``, as it stands on paper before any scan."""
    face = _choose(rng, faces)
    height = float(np.exp(rng.uniform(np.log(7.0), np.log(42.0))))
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
    if rng.random() < 0.025 and any(character.isdigit() for character in text):
        text = OTHER  # struck out: ink that must not be read as a figure
        cover = _struck_out(rng, canvas, ink, height)[:, :, None]
    image = paper * (1 - cover) + colour * cover
    image = _rulings(rng, image, colour, height, ink if rows.size else None)
    image = _clutter(rng, image, height, faces)
    seen = np.clip(image, 0, 255).astype(np.uint8)
    return Cell(seen, text, ink if rows.size else None, canvas, height)


def _choose(rng: np.random.Generator, faces: Sequence[Face]) -> Face:
    families = sorted({face.family for face in faces if face.usual})
    if families and rng.random() < 0.5:
        family = families[int(rng.integers(len(families)))]
        faces = [face for face in faces if face.usual and face.family == family]
    return faces[int(rng.integers(len(faces)))]


def _fallback(rng: np.random.Generator, faces: Sequence[Face]) -> Face:
    chinese = [face for face in faces if face.family.startswith(_CHINESE)]
    return chinese[int(rng.integers(len(chinese)))] if chinese else faces[0]


def _line(
    rng: np.random.Generator, text: str, face: Face, faces: Sequence[Face], height: float
) -> NDArray[np.float32]:
    """Set ``text`` with digits ``height`` pixels high, sheared and turned a little: (H, W) 0…1."""
    tracking = rng.choice(
        [0.0, rng.uniform(-0.04, 0.05), rng.uniform(0.05, 0.3)], p=[0.6, 0.3, 0.1]
    )
    mask = set_line(text, face, _fallback(rng, faces), float(tracking))
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
    kind = rng.integers(4)
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
    return paper


def _rulings(
    rng: np.random.Generator,
    image: NDArray[np.float32],
    colour: NDArray[np.float32],
    height: float,
    ink: Box | None,
) -> NDArray[np.float32]:
    """Leave remnants of ruling lines at the rim, sometimes right beside the text."""
    if rng.random() < 0.5:
        return image
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(rng.uniform(0.04, 0.16) * height))
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


def _depth(
    rng: np.random.Generator, shape: tuple[int, ...], ink: Box, side: int, thick: int
) -> float:
    """Return how far inside a ruling remnant lies: mostly at the rim, never through the text."""
    room = (ink.top, shape[0] - ink.bottom, ink.left, shape[1] - ink.right)[side] - thick / 2 - 2
    return float(max(0.0, room) * rng.beta(0.6, 2.5))


def _clutter(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    if rng.random() < 0.16:
        image = _seal(rng, image, height, faces)
    if rng.random() < 0.06:
        image = _pen(rng, image, height)
    if rng.random() < 0.08:
        image = _show_through(rng, image, height, faces)
    return image


def _seal(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Stamp a part of a round red seal over the cell: rings, and strokes of its characters."""
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    for _ in range(int(rng.integers(1, 3))):
        radius = int(rng.uniform(2, 9) * height)
        angle = rng.uniform(0, 2 * np.pi)
        near = np.array([rng.uniform(0, columns), rng.uniform(0, rows)])
        centre = near + radius * np.array([np.cos(angle), np.sin(angle)])
        x, y = (int(value) for value in centre)
        cv2.circle(
            layer, (x, y), radius, 255, max(1, round(rng.uniform(0.06, 0.35) * height)), cv2.LINE_AA
        )
    if rng.random() < 0.6:
        face = _fallback(rng, faces)
        mask = set_line(str(rng.choice(list("人民政府办公室信息局专用章市县区★"))), face, face, 0.0)
        scale = rng.uniform(1.2, 3.0) * height / 40
        matrix = cv2.getRotationMatrix2D((mask.shape[1] / 2, 48), rng.uniform(-180, 180), scale)
        matrix[:, 2] += (rng.uniform(0, columns) - mask.shape[1] / 2, rng.uniform(0, rows) - 48)
        layer = np.maximum(layer, cv2.warpAffine(mask, matrix, (columns, rows)))
    grain = rng.random((rows, columns)) if rng.random() < 0.5 else np.ones((rows, columns))
    cover = layer.astype(np.float32) / 255 * np.where(grain > 0.25, 1, 0.3) * rng.uniform(0.4, 1.0)
    if rng.random() < 0.75:
        red = np.array([rng.uniform(20, 120), rng.uniform(20, 100), rng.uniform(170, 255)])
    else:  # copied in grey
        red = np.full(3, rng.uniform(110, 200))
    # Ink over ink multiplies: black stays black under a seal.
    return np.asarray(image * (1 - cover[:, :, None] * (1 - red / 255)), np.float32)


def _pen(
    rng: np.random.Generator, image: NDArray[np.float32], height: float
) -> NDArray[np.float32]:
    """Draw a pen's circle round the text, a line under it, or a tick beside it."""
    rows, columns = image.shape[:2]
    layer = np.zeros((rows, columns), np.uint8)
    thick = max(1, round(rng.uniform(0.06, 0.14) * height))
    kind = rng.integers(3)
    if kind == 0:
        axes = (int(columns * rng.uniform(0.4, 0.52)), int(rows * rng.uniform(0.4, 0.52)))
        centre = (columns // 2, rows // 2)
        cv2.ellipse(layer, centre, axes, rng.uniform(-10, 10), 0, 360, 255, thick, cv2.LINE_AA)
    elif kind == 1:
        y = int(rows * rng.uniform(0.88, 0.98))
        rise = int(rng.normal(0, 0.03) * rows)
        cv2.line(
            layer, (int(columns * 0.1), y), (int(columns * 0.9), y + rise), 255, thick, cv2.LINE_AA
        )
    else:
        x = int(columns - rng.uniform(0.1, 0.5) * height)
        y = rows // 2
        size = int(rng.uniform(0.2, 0.5) * height)
        points = np.array([[x, y], [x + size // 2, y + size], [x + 2 * size, y - size]])
        cv2.polylines(
            layer, [points], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA
        )
    choices = np.array([[30, 30, 220], [190, 60, 30], [40, 40, 40]], np.float32)
    colour = choices[rng.integers(2 if kind == 2 else 3)]
    cover = (layer.astype(np.float32) / 255 * rng.uniform(0.5, 1.0))[:, :, None]
    return np.asarray(image * (1 - cover * (1 - colour / 255)), np.float32)


def _show_through(
    rng: np.random.Generator, image: NDArray[np.float32], height: float, faces: Sequence[Face]
) -> NDArray[np.float32]:
    """Let text of the other side shine through, mirrored and faint."""
    rows, columns = image.shape[:2]
    face = faces[int(rng.integers(len(faces)))]
    text = "".join(rng.choice(list("政府信息公开0123456789"), 4))
    mask = set_line(text, face, _fallback(rng, faces), 0.0)[:, ::-1]
    scale = height / 34
    shift = (rng.uniform(-0.5, 0.5) * columns, rng.uniform(-1.0, 0.6) * rows)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    drawn = cv2.warpAffine(np.ascontiguousarray(mask), matrix, (columns, rows)).astype(np.float32)
    cover = cv2.GaussianBlur(drawn, (0, 0), 0.06 * height + 0.3) / 255 * rng.uniform(0.04, 0.2)
    return np.asarray(image * (1 - cover[:, :, None]), np.float32)
