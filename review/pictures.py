"""Pictures of pages and of figures on them, cut out of the scans that the run was read from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.errors import InputError
from pipeline.sources import page_of
from review.digits import one_digit

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from numpy.typing import NDArray
    from sqlalchemy import Engine

    from document.geometry import Polygon
    from document.page import Page
    from pipeline.journal_queries import Filed

_PAGES_KEPT = 4
_BYTES_KEPT = 96 << 20
_FIGURE_HEIGHT = 84
_WIDEST = 7.0
"""Of no cell more than so many of its heights is shown."""
_BLUE = (200, 90, 20)


@dataclass(frozen=True, slots=True)
class Margin:
    """What is shown around a figure, in widths and heights of its cell."""

    x: float
    y: float


BARE = Margin(0.0, 0.0)
CLOSE = Margin(0.06, 0.1)
WIDE = Margin(1.1, 1.2)


class Pictures:
    """Pages are decoded once and kept for a while."""

    def __init__(self, engine: Engine, run: Path) -> None:
        """Keep nothing yet."""
        self._engine = engine
        self._run = run
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._decoding = threading.Lock()
        self._lock = threading.Lock()

    def page(self, document: Filed, number: int, turns: int) -> bytes | None:
        """Return a page as a JPEG, turned clockwise by ``turns`` × 90°; None where none is had."""
        key = (document.sha256, document.result, number, turns)
        if (known := self._known(key)) is not None:
            return known
        page = self._page(document, number)
        if page is None:
            return None
        turned = np.ascontiguousarray(np.rot90(page.image, -turns))
        return self._keep(key, _encoded(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, 82]))

    def crop(self, document: Filed, number: int, polygon: Polygon, margin: Margin) -> bytes | None:
        """Return a figure upright as a PNG, with ``margin`` around it; None where it is not had.

        ``polygon`` is in pixels of the page, its first corner the upper left as the text reads.
        """
        key = (document.sha256, document.result, number, polygon, margin)
        if (known := self._known(key)) is not None:
            return known
        page = self._page(document, number)
        if page is None:
            return None
        return self._keep(key, _encoded(".png", _upright(page.image, polygon, margin), []))

    def digit(
        self, document: Filed, number: int, polygon: Polygon, digits: int, at: int
    ) -> bytes | None:
        """Return one of the ``digits`` of a figure as a PNG, counted from 0; None as ``crop``.

        Where they cannot be told apart the whole figure is returned, in a dashed frame.
        """
        key = (document.sha256, document.result, number, polygon, digits, at)
        if (known := self._known(key)) is not None:
            return known
        page = self._page(document, number)
        if page is None:
            return None
        cell = _upright(page.image, polygon, BARE)
        return self._keep(key, _encoded(".png", one_digit(cell, digits, at), []))

    def size(self, document: Filed, number: int) -> tuple[int, int] | None:
        """Return width and height of a page in pixels; None where it is not had."""
        page = self._page(document, number)
        return None if page is None else (page.image.shape[1], page.image.shape[0])

    def _page(self, document: Filed, number: int) -> Page | None:
        key = (document.sha256, document.result, number)
        with self._decoding:  # of two who want the same page the second waits for the first
            page = self._pages.get(key)
            if page is None:
                page = self._decoded(document, number)
                if page is None:
                    return None
                self._pages[key] = page
                while len(self._pages) > _PAGES_KEPT:
                    self._pages.popitem(last=False)
            self._pages.move_to_end(key)
            return page

    def _decoded(self, document: Filed, number: int) -> Page | None:
        try:
            return page_of(self._engine, self._run, document, number)
        except InputError:
            return None

    def _known(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def _keep(self, key: Hashable, content: bytes) -> bytes:
        with self._lock:
            self._made[key] = content
            while sum(map(len, self._made.values())) > _BYTES_KEPT and len(self._made) > 1:
                self._made.popitem(last=False)
        return content


def turns_of(polygon: Polygon) -> int:
    """Return by how many quarter turns clockwise a page is to be turned for its text to be upright.

    ``polygon`` is any figure's; its first side is the upper edge of the text.
    """
    (x0, y0), (x1, y1) = polygon[0], polygon[1]
    across, down = x1 - x0, y1 - y0
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 2
    return 3 if down > 0 else 1


def _upright(image: NDArray[np.uint8], polygon: Polygon, margin: Margin) -> NDArray[np.uint8]:
    """Return the figure with its surroundings, its own cell in a thin frame.

    Of a cell that is much wider than high only what is around its ink is shown.
    """
    corners = np.array(polygon, dtype=np.float32)
    width = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3]))
    height = float(
        np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])
    )
    scale = _FIGURE_HEIGHT / max(2.0, height / 2)
    w, h = max(4.0, width / 2 * scale), float(_FIGURE_HEIGHT)
    left, right = -margin.x * w, w + margin.x * w
    if right - left > _WIDEST * h:
        middle = _ink(_flat(image, corners, (w, h), (0.0, w), 0.0))
        left = max(left, min(middle - _WIDEST / 2 * h, right - _WIDEST * h))
        right = left + _WIDEST * h
    flat = _flat(image, corners, (w, h), (left, right), margin.y * h)
    if margin.x > CLOSE.x:
        top = round(margin.y * h)
        at, to = (round(-left) - 2, top - 2), (round(w - left) + 2, top + round(h) + 2)
        cv2.rectangle(flat, at, to, _BLUE, 2)
    return flat


def _flat(
    image: NDArray[np.uint8],
    corners: NDArray[np.float32],
    cell: tuple[float, float],
    across: tuple[float, float],
    above: float,
) -> NDArray[np.uint8]:
    """Return the page put square so that a cell is ``cell`` large.

    Shown is what lies ``across`` from its left edge, and ``above`` pixels over and under it.
    """
    w, h = cell
    place = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    place += np.array([-across[0], above], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, place)
    size = (max(1, round(across[1] - across[0])), max(1, round(h + 2 * above)))
    flat = cv2.warpPerspective(
        image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    return np.asarray(flat, dtype=np.uint8)


def _ink(cell: NDArray[np.uint8]) -> float:
    """Return where between left and right (pixels) the ink of a cell is; its middle if none is."""
    high, wide = cell.shape[:2]
    grey = cv2.cvtColor(cell, cv2.COLOR_BGR2GRAY)
    edge = high // 6  # the lines around the cell are no ink of its own
    inner = grey[edge : high - edge, edge : wide - edge]
    columns = np.flatnonzero((inner < float(np.median(inner)) - 60).any(axis=0))
    return float(edge + np.median(columns)) if columns.size else wide / 2


def _encoded(kind: str, image: NDArray[np.uint8], options: list[int]) -> bytes:
    good, content = cv2.imencode(kind, image, options)
    if not good:
        msg = f"a picture of {image.shape} cannot be written as {kind}"
        raise ValueError(msg)
    return bytes(content)
