"""Straighten a page: undo its skew, and the keystone of a page photographed at an angle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.page import Bend, View
from layout.curl import bend_of
from layout.quarter import rotated
from layout.segments import ASKEW, MARGIN, beside_page, length_of, segments_of, slope_of
from layout.tone import Tone, tone, warped_tone
from layout.traced import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

SKEW_LIMIT = 10.0
"""Degrees to either side within which the skew is sought; beyond it lie other orientations."""

SPREAD, ALIKE, HALF = 0.1, 0.012, 0.6
"""Slope against the page's within which level lines are looked at, the slope that those of a flat
page differ by at most, and the share of their length below which they do not run one way.

Of 80 drawn pages that are flat or curl one that is full of lines has less, of 28 of wavy paper 22
have 0.2 to 0.55."""

WAVED = 10.0
"""Lengths of such lines, in breadths of the page, from which they tell so: those of a table."""

HARDLY = 0.025
"""Steepness of lines up to which a page is hardly askew: characters keep their size in its ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """How far a page is from square, about the middle of ``size`` (width, height) pixels.

    A horizontal line at height y above the middle climbs by ``flat[0] + flat[1]·y`` pixels per
    pixel, a vertical one at x drifts by ``steep[0] + steep[1]·x`` (y, x from the middle).
    """

    size: tuple[int, int]
    flat: tuple[float, float]
    steep: tuple[float, float]


def quarter_turn(image: NDArray[np.uint8], turns: int) -> View:
    """Turn an image clockwise by ``turns`` × 90°; the view knows its way back."""
    height, width = image.shape[:2]
    back = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        1: [[0, 1, 0], [-1, 0, height - 1], [0, 0, 1]],
        2: [[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]],
        3: [[0, -1, width - 1], [1, 0, 0], [0, 0, 1]],
    }[turns % 4]
    return View(rotated(image, turns), np.asarray(back, dtype=np.float64))


def framed(view: View, margin: int = MARGIN) -> View:
    """Lay the view on a sheet of its own paper, ``margin`` pixels larger on every side.

    A table that was cut out as a picture has its outer lines on the picture's very edge, where
    nothing tells them from the edge itself.
    """
    paper = np.percentile(view.image[::7, ::7].reshape(-1, 3), 90, axis=0).tolist()
    image = cv2.copyMakeBorder(
        view.image, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=paper
    )
    shift = np.array([[1, 0, -margin], [0, 1, -margin], [0, 0, 1]], dtype=np.float64)
    return View(np.asarray(image, np.uint8), view.to_page @ shift)


def flatten(view: View, made: Tone | None = None) -> View:
    """Return the view with its lines level and plumb, at the same scale; itself if it is flat."""
    return flattened(view, made)[0]


def flattened(view: View, made: Tone | None = None) -> tuple[View, Tone]:
    """Return what ``flatten`` does, and its tone; ``made`` is that of the view, where known."""
    made = made or tone(view.image)
    segments = segments_of(made)
    slopes = _slopes(made, segments)
    back = _homography(slopes)
    bend = None
    if len(segments):
        ends = cv2.perspectiveTransform(segments.reshape(-1, 1, 2), np.linalg.inv(back))
        bend = bend_of(ends.reshape(-1, 4), slopes.size, made.em)
    scaling = np.diag([made.scale, made.scale, 1.0])
    to_view = np.linalg.inv(scaling) @ back @ scaling
    if bend is not None:
        bend = Bend(bend.offsets / made.scale, bend.step / made.scale)
    height, width = view.image.shape[:2]
    if bend is None and _shift(to_view, width, height) < 0.75:
        return view, made
    straight, to_view, bend = _warp(view.image, to_view, bend)
    flat = View(straight, view.to_page @ to_view, bend)
    # a clean page that is hardly askew is not measured again: its ink is flattened as it is
    if bend is None and made.treatment.clean and _tilt(slopes) < HARDLY:
        return flat, warped_tone(made, to_view, straight.shape)
    return flat, tone(straight, made)


def _tilt(slopes: Slopes) -> float:
    """Return how steep a page's lines are at most: pixels per pixel from level or plumb."""
    ways = ((slopes.flat, slopes.size[1]), (slopes.steep, slopes.size[0]))
    return max(abs(middle) + abs(change) * span / 2 for (middle, change), span in ways)


def _slopes(made: Tone, segments: NDArray[np.float64]) -> Slopes:
    """Measure skew and keystone from the text's rows first, then from the ruling lines.

    The sweep over projection profiles finds the skew on any page with text; straight segments,
    where the page has enough of them, then tell slope and convergence in both directions.
    """
    height, width = made.ink.shape
    skew = float(np.tan(np.radians(skew_of(made.ink))))
    flat, steep = (skew, 0.0), (-skew, 0.0)
    long = segments[length_of(segments) > LEVEL * made.em]
    level = long[np.abs(slope_of(long, 0) - skew) < 0.045]
    plumb = segments[np.abs(slope_of(segments, 1) + skew) < 0.06]
    if abs(skew) > ASKEW:
        level = level[~beside_page(level, 0, height)]
        plumb = plumb[~beside_page(plumb, 1, width)]
    span = max(width, height)
    if length_of(level).sum() > 1.2 * width:
        flat = _fit(slope_of(level, 0), level[:, [1, 3]].mean(1) - height / 2, level, span) or flat
        flat = _of_waves(flat, long, made.ink.shape) or flat
        steep = (-flat[0], 0.0)
    if length_of(plumb).sum() > 0.5 * height:
        steep = _fit(slope_of(plumb, 1), plumb[:, [0, 2]].mean(1) - width / 2, plumb, span) or steep
    return Slopes((width, height), flat, steep)


def _of_waves(
    flat: tuple[float, float], segments: NDArray[np.float64], size: tuple[int, ...]
) -> tuple[float, float] | None:
    """Return how level lines run on the whole, where they run one way only in places; else None.

    Paper that is wavy has as many lines that climb as fall. Its rows are sharpest, and most of its
    lines are alike, where one side of its waves lies level: the page would be laid askew.
    """
    slope, place = slope_of(segments, 0), segments[:, [1, 3]].mean(1) - size[0] / 2
    near = np.abs(slope - flat[0]) < SPREAD
    near &= ~beside_page(segments, 0, size[0])
    length = length_of(segments[near])
    off = np.abs(slope - flat[0] - flat[1] * place)[near]
    if length.sum() < WAVED * size[1] or length[off < ALIKE].sum() > HALF * length.sum():
        return None
    return float(np.average(slope[near], weights=length)), 0.0


def skew_of(ink: NDArray[np.uint8]) -> float:
    """Return the angle in degrees (clockwise positive) at which rows of ink are sharpest.

    The score is the energy of the differences of neighbouring row sums (Postl 1986).
    """
    scale = min(1.0, 700 / max(ink.shape))
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.where(small > 40, small, 0).astype(np.float32)
    height, width = small.shape
    rim = max(2, height // 50), max(2, width // 50)
    small[: rim[0]] = small[-rim[0] :] = 0
    small[:, : rim[1]] = small[:, -rim[1] :] = 0
    ys, xs = np.nonzero(small)
    if len(ys) < 50:
        return 0.0
    mass = small[ys, xs]
    xs, ys = xs - width / 2, ys - height / 2

    def energy(angle: float) -> float:
        rows = ys - xs * np.tan(np.radians(angle))
        sums = np.bincount(np.round(rows - rows.min()).astype(int), weights=mass)
        return float((np.diff(sums) ** 2).sum())

    coarse = np.arange(-SKEW_LIMIT, SKEW_LIMIT + 0.01, 0.5).tolist()
    best = max(coarse, key=energy)
    fine = np.arange(best - 0.5, best + 0.51, 0.1).tolist()
    return float(max(fine, key=energy))


def _fit(
    slope: NDArray[np.float64],
    place: NDArray[np.float64],
    segments: NDArray[np.float64],
    span: float,
) -> tuple[float, float] | None:
    """Fit slope = a + b·place by reweighted least squares (Cauchy weights, 0.004 wide).

    The convergence b is taken only where lines spread over a third of the page.
    """
    weight = length_of(segments)
    spread = float(np.percentile(place, 95) - np.percentile(place, 5))
    design = np.column_stack([np.ones_like(place), place])
    if spread < 0.3 * span or len(place) < 6:
        design = design[:, :1]
    start = np.median(np.repeat(slope, np.maximum(1, weight.astype(int) // 10)))
    answer = np.zeros(design.shape[1])
    answer[0] = start
    for _ in range(12):
        w = weight / (1 + ((slope - design @ answer) / 0.004) ** 2)
        answer = np.linalg.lstsq(design * np.sqrt(w)[:, None], slope * np.sqrt(w), rcond=None)[0]
    b = float(answer[1]) if len(answer) > 1 else 0.0
    return (float(answer[0]), b if abs(b) * span < 0.35 else 0.0)


def _homography(slopes: Slopes) -> NDArray[np.float64]:
    """Return the (3, 3) map from straight pixels to the pixels the slopes were measured in."""
    width, height = slopes.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    middle = np.array([width / 2, height / 2])
    source = []
    for u, v in corners - middle:
        x, y = u, v
        for _ in range(20):
            x = u + (slopes.steep[0] + slopes.steep[1] * u) * y
            y = v + (slopes.flat[0] + slopes.flat[1] * v) * x
        source.append((x + middle[0], y + middle[1]))
    return np.asarray(
        cv2.getPerspectiveTransform(corners.astype(np.float32), np.asarray(source, np.float32)),
        dtype=np.float64,
    )


def _shift(back: NDArray[np.float64], width: int, height: int) -> float:
    """How far the map moves a corner relative to the others' mean, in pixels."""
    corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float64)
    moved = (cv2.perspectiveTransform(corners, back) - corners)[:, 0]
    return float(np.abs(moved - moved.mean(0)).max())


def _warp(
    image: NDArray[np.uint8], back: NDArray[np.float64], bend: Bend | None
) -> tuple[NDArray[np.uint8], NDArray[np.float64], Bend | None]:
    """Warp so that nothing is cut off; the rim is filled with the nearest pixels.

    A pixel of the result comes from where first ``bend`` and then ``back`` take it.
    """
    height, width = image.shape[:2]
    corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float64)
    ahead = cv2.perspectiveTransform(corners, np.linalg.inv(back))[:, 0]
    low, high = np.floor(ahead.min(0)), np.ceil(ahead.max(0))
    shift = np.array([[1, 0, low[0]], [0, 1, low[1]], [0, 0, 1]], dtype=np.float64)
    to_view = back @ shift
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    if bend is not None:
        bend = Bend(bend.offsets, bend.step, (-float(low[0]), -float(low[1])))
        return _remap(image, to_view, bend, size), to_view, bend
    # A page without colour is warped once, not three times.
    gray = _is_gray(image[:: max(1, height // 40)]) and _is_gray(image)
    straight = cv2.warpPerspective(
        np.ascontiguousarray(image[..., 0]) if gray else image,
        to_view,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if gray:
        straight = cv2.merge([straight] * 3)
    return np.asarray(straight, np.uint8), to_view, None


def _is_gray(image: NDArray[np.uint8]) -> bool:
    """Tell whether an image (H, W, 3) is without any colour."""
    blue, green, red = (image[..., channel] for channel in range(3))
    return bool(np.array_equal(blue, green) and np.array_equal(green, red))


def _remap(
    image: NDArray[np.uint8], to_view: NDArray[np.float64], bend: Bend, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """Warp with a bend, whose map is drawn at every eighth pixel and interpolated between."""
    width, height = size
    coarse = 8
    x, y = np.meshgrid(np.arange(0, width + coarse, coarse), np.arange(0, height + coarse, coarse))
    points = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
    taken = cv2.perspectiveTransform(bend.moved(points)[:, None], to_view)[:, 0]
    knots = taken.reshape(*x.shape, 2).astype(np.float32)
    place = np.arange(max(width, height), dtype=np.float32) / coarse
    at_x, at_y = np.meshgrid(place[:width], place[:height])
    whole = cv2.remap(knots, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    straight = cv2.remap(image, whole, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight, np.uint8)
