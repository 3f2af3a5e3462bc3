"""Turns light print on dark grounds, as in coloured headers of tables, into dark print on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from layout.panel_shapes import followed, level, square, straight, within_frame
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
            flat = level(dark, box, em)
            shapes = [flat, straight(outline, em, box)]
            if share == DARKEST:
                shapes.append(followed(dark, flat, em))
            shapes.append(within_frame(dark, flat, em))
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
    solid = cv2.morphologyEx(mostly, cv2.MORPH_OPEN, square(LEAST * em))
    found, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cast("Sequence[Any]", found)


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
    return np.asarray(cv2.erode(np.pad(part, 1), square(2 * by))[1:-1, 1:-1] > 0)


def _paper(gray: NDArray[np.uint8], em: float) -> NDArray[np.float32]:
    """Return the brightness of the paper around every pixel: (h, w)."""
    eighth = (max(1, gray.shape[1] // 8), max(1, gray.shape[0] // 8))
    coarse = cv2.resize(gray, eighth, interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(coarse, square(AROUND * em / 8)), (3, 3))
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
