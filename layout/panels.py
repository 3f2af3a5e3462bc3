"""Turns light print on dark grounds, as in coloured headers of tables, into dark print on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from layout.shrink import resized, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

EM = 16.0
"""Height of a character, in pixels, at which panels are sought."""

AROUND = 12.0
"""Side, in em, of the square in which paper is sought: it must reach out of a header."""

DARK = 0.68
"""Brightness, as a share of the paper's, below which a ground is dark: print on it is light."""

DARKEST = 0.45
"""The same, where what is dark is more than panels: a shadow joins those that it falls on."""

LEAST = 1.2
"""Height and width of the least panel, in em: a line of text with its ground."""

LONG = 6.0
"""Length of the least panel, in em: two or three characters of a bold title run into one."""

FRAMED = 2.0
"""Height and width, in em, of the least panel at the edge of a page, where lids are dark."""

RULE = 0.3
"""Thickness, in em, of a light rule between the cells of a panel."""

BESIDE = 0.25
"""Height, in em, of dark rows that are ground: a line beside a panel, behind a chink, has less."""

BENT, PIECE = 0.6, 4.0
"""How far the edges of a panel on a bent page are from level, and the length of a piece, in em."""

STROKES = 1.0
"""Width, in em, of print in the lines of a panel that leaves less than half of a column dark."""

CORE = 0.6
"""Side, as a share of its shorter side, of squares that cover a panel."""

RECTANGLE = 0.9
"""Share of the least rectangle around it that a panel fills which is one."""

CORNER = 0.5
"""Distance, in em, up to which the outline of any other panel is made straight."""

GROUND = 0.75
"""Share of a panel that is ground and not print; dense words that run into one have less."""

INSET, RIM = 0.12, 0.12
"""Where a panel's rim begins within its outline, and how wide it is, in em: nothing is printed."""

BARE = 0.93
"""Share of its rim that is ground."""

PRINTED = (0.01, 0.38)
"""Share of a panel that is light print."""

LIGHT = 0.4
"""Share of the way from the ground to paper from which print is light."""

DARKER = 60.0
"""Levels by which print is darker than a ground at least, where all that is darker is black."""

PAGE = 0.5
"""Share of a page above which it is no panel but what the page lies on."""

PAPER = 245
"""Brightness of the paper that is put in the place of a ground."""

EDGE, EDGE_WIDTH = 60, 0.09
"""Brightness, and thickness in em, of the line drawn around a panel: its edge was a ruling line."""


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """``outline`` (n, 1, 2) in pixels of the small picture; levels of its ground and its print."""

    outline: NDArray[np.int32]
    ground: float
    light: float


def lightened(
    image: NDArray[np.uint8], em: float, *, clean: bool = False
) -> NDArray[np.uint8] | None:
    """Return a page (H, W, 3) with dark print on all its panels; None where there is no panel.

    ``em`` is the height of a full-width character in its pixels. Whatever differs from a panel's
    ground, lighter or darker, becomes dark; the panel's edge becomes a line. Of a page that is
    ``clean`` a picture halved first will do to find them.
    """
    scale = min(1.0, EM / em)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    whole = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    exact = np.asarray(whole, np.uint8)
    gray = shrunk(exact, size) if clean else resized(exact, size)
    panels = list(_panels(gray, em * scale))
    if not panels:
        return None
    made = image.copy()
    for panel in panels:
        _lighten(made, image, panel, scale, em)
    return made


def _panels(gray: NDArray[np.uint8], em: float) -> Iterator[_Panel]:
    """Yield the dark rectangles with light print on a small picture (h, w)."""
    paper = _paper(gray, em)
    done = np.zeros(gray.shape, np.uint8)
    for share in (DARK, DARKEST):
        dark = (gray < share * paper).astype(np.uint8)
        if dark.mean() < (LEAST * em) ** 2 / dark.size:
            return
        failed = False
        for outline in _outlines(dark, em):
            box = cv2.boundingRect(outline)
            if done[box[1] + box[3] // 2, box[0] + box[2] // 2]:
                continue
            level = _level(dark, box, em)
            shapes = [level, _straight(outline, em, box)]
            if share == DARKEST:
                shapes.append(_followed(dark, level, em))
            for shape in shapes:
                panel = _panel(gray, paper, dark, shape, em)
                if panel is not None:
                    cv2.drawContours(done, [shape], -1, 1, cv2.FILLED)
                    yield panel
                    break
            else:
                failed |= max(box[2:]) >= LONG * em
        if not failed:
            return


def _outlines(dark: NDArray[np.uint8], em: float) -> Sequence[NDArray[np.int32]]:
    """Return the outlines (n, 1, 2) of what is dark throughout on a mask (h, w)."""
    # Half of what is around a straight edge is ground, of what is around words a third.
    side = round(LEAST * em) | 1
    mostly = (cv2.blur(dark.astype(np.float32), (side, side)) > 0.5).astype(np.uint8)
    solid = cv2.morphologyEx(mostly, cv2.MORPH_OPEN, _square(LEAST * em))
    found, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cast("Sequence[Any]", found)


def _followed(dark: NDArray[np.uint8], level: NDArray[np.int32], em: float) -> NDArray[np.int32]:
    """Return an outline (n, 1, 2) within a level rectangle whose edges are bent or aslant.

    Each begins where the ground does, behind a line that runs beside the panel.
    """
    x, y, width, height = cv2.boundingRect(level)
    reach, solid = round(BENT * em), max(2, round(BESIDE * em))
    count, first = max(1, round(width / (PIECE * em))), max(0, y - reach)
    tops, bottoms = [], []
    for n in range(count):
        left, right = (x + width * k // count for k in (n, n + 1))
        over = dark[first : y + height + reach, left:right].mean(axis=1) > 0.5
        starts = np.convolve(over, np.ones(solid), "valid") >= solid - 0.5
        # Print may leave less than half of a row dark: no edge is as far from where it is sought.
        above, below = starts[: 2 * reach], starts[: -2 * reach - 1 : -1]
        top = int(above.argmax()) if above.any() else y - first
        low = int(below.argmax()) if below.any() else len(over) - (y - first + height)
        middle = (left + right) // 2
        tops.append((middle, first + top))
        bottoms.append((middle, first + len(over) - 1 - low))
    upper = [(x, tops[0][1]), *tops, (x + width - 1, tops[-1][1])]
    lower = [(x, bottoms[0][1]), *bottoms, (x + width - 1, bottoms[-1][1])]
    return np.array([*upper, *reversed(lower)], np.int32).reshape(-1, 1, 2)


def _straight(outline: NDArray[np.int32], em: float, box: Sequence[int]) -> NDArray[np.int32]:
    """Return an outline (n, 1, 2) with straight edges, freed from words that touch them."""
    x, y, width, height = box
    part = np.zeros((height + 2, width + 2), np.uint8)
    cv2.drawContours(part, [outline - np.array([x - 1, y - 1])], -1, 1, cv2.FILLED)
    core = cv2.morphologyEx(part, cv2.MORPH_OPEN, _square(CORE * min(width, height)))
    found, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return outline
    kept = max(found, key=cv2.contourArea)
    corners = cv2.boxPoints(cv2.minAreaRect(kept))
    if cv2.contourArea(kept) < RECTANGLE * cv2.contourArea(corners):
        corners = cv2.approxPolyDP(kept, CORNER * em, closed=True)
    moved = corners.reshape(-1, 1, 2) + np.array([x - 1, y - 1])
    return np.asarray(np.rint(moved), np.int32)


def _level(dark: NDArray[np.uint8], box: Sequence[int], em: float) -> NDArray[np.int32]:
    """Return the level rectangle (4, 1, 2) around a box whose rows and columns are mostly dark.

    Over its whole height or width more of a panel is ground than around its words alone.
    """
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    for _ in range(2):
        top, bottom = _mostly(dark[:, left:right].mean(axis=1), (top, bottom), RULE * em)
        left, right = _mostly(dark[top:bottom].mean(axis=0), (left, right), STROKES * em)
    corners = [(left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1)]
    return np.array(corners, np.int32).reshape(-1, 1, 2)


def _mostly(shares: NDArray[np.floating], among: tuple[int, int], gap: float) -> tuple[int, int]:
    """Return the run of shares over one half around the middle of some, but for short gaps."""
    over = (shares > 0.5).astype(np.uint8)[None]
    whole = cv2.morphologyEx(over, cv2.MORPH_CLOSE, np.ones((1, round(gap) | 1), np.uint8))
    middle = sum(among) // 2
    outside = np.flatnonzero(whole[0] == 0)
    at = int(np.searchsorted(outside, middle))
    if at < len(outside) and outside[at] == middle:
        return among
    first = int(outside[at - 1]) + 1 if at else 0
    return first, int(outside[at]) if at < len(outside) else len(shares)


def _panel(
    gray: NDArray[np.uint8],
    paper: NDArray[np.float32],
    dark: NDArray[np.uint8],
    outline: NDArray[np.int32],
    em: float,
) -> _Panel | None:
    """Return what is within an outline if it looks like a panel: bare rim, light print inside."""
    x, y, width, height = cv2.boundingRect(outline)
    left, top = max(0, x), max(0, y)
    here = np.s_[top : y + height, left : x + width]
    part = np.zeros(gray[here].shape, np.uint8)
    cv2.drawContours(part, [outline - np.array([left, top])], -1, 1, cv2.FILLED)
    inside = part > 0
    within = _shrunk(part, (INSET + RIM) * em)
    rim, grounded = _shrunk(part, INSET * em) & ~within, dark[here] > 0
    at_edge = left <= 1 or top <= 1 or x + width >= gray.shape[1] - 1 or y + height >= len(gray) - 1
    least = FRAMED if at_edge else LEAST
    if max(width, height) < LONG * em or min(width, height) < least * em:
        return None
    if width * height > PAGE * gray.size:
        return None
    if not within.any() or grounded[inside].mean() < GROUND or grounded[rim].mean() < BARE:
        return None
    ground = float(np.median(gray[here][inside & grounded]))
    sheet = float(np.median(paper[here][inside]))
    printed = within & (gray[here] > ground + LIGHT * (sheet - ground))
    low, high = PRINTED
    if not low < printed[within].mean() < high:
        return None
    return _Panel(outline, ground, float(np.percentile(gray[here][printed], 80)))


def _shrunk(part: NDArray[np.uint8], by: float) -> NDArray[np.bool_]:
    """Return a mask (h, w) without what lies ``by`` pixels or less within its edge."""
    return np.asarray(cv2.erode(np.pad(part, 1), _square(2 * by))[1:-1, 1:-1] > 0)


def _paper(gray: NDArray[np.uint8], em: float) -> NDArray[np.float32]:
    """Return the brightness of the paper around every pixel: (h, w)."""
    eighth = (max(1, gray.shape[1] // 8), max(1, gray.shape[0] // 8))
    coarse = cv2.resize(gray, eighth, interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(coarse, _square(AROUND * em / 8)), (3, 3))
    bright = cv2.resize(bright, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(bright, np.float32)


def _lighten(
    made: NDArray[np.uint8], image: NDArray[np.uint8], panel: _Panel, scale: float, em: float
) -> None:
    """Put dark print on paper, with a line around it, in the place of a panel."""
    outline = np.asarray(np.rint(panel.outline / scale), np.int32)
    height, width = image.shape[:2]
    x, y, wide, high = cv2.boundingRect(outline)
    left, top = max(0, x), max(0, y)
    here = np.s_[top : min(height, y + high), left : min(width, x + wide)]
    gray = cv2.cvtColor(image[here], cv2.COLOR_BGR2GRAY).astype(np.float32)
    mask: NDArray[Any] = np.zeros(gray.shape, np.uint8)
    cv2.drawContours(mask, [outline - np.array([left, top])], -1, 1, cv2.FILLED)
    lighter = (gray - panel.ground) / max(1.0, panel.light - panel.ground)
    darker = (panel.ground - gray) / max(DARKER, panel.ground)
    print_ = np.clip(np.maximum(lighter, darker), 0, 1)
    made[here][mask > 0] = (PAPER * (1 - print_))[mask > 0, None].astype(np.uint8)
    thickness = max(1, round(EDGE_WIDTH * em))
    cv2.drawContours(made, [outline], -1, (EDGE,) * 3, thickness)


def _square(side: float) -> NDArray[np.uint8]:
    pixels = max(3, round(side)) | 1
    return np.ones((pixels, pixels), np.uint8)
