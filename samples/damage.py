"""Damages single digits on a drawn page, so that a reader may take them for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from samples.ink import with_image

if TYPE_CHECKING:
    from document.template import Address
    from samples.sheet import Sheet


def glyph_box(sheet: Sheet, table: str, address: Address, index: int) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom (pixels) of the ``index``-th digit of a figure.

    Raises ValueError where the figure is not on this page or its digits touch.
    """
    for mark in sheet.marks:
        if (mark.table, mark.address) == (table, address):
            (left, top), _, (right, bottom), _ = sheet.text_corners(mark)
            x, y = int(left), int(top)
            ink = sheet.image[y : int(bottom) + 1, x : int(right) + 1].min(axis=2) < 128
            filled = np.flatnonzero(ink.any(axis=0))
            digits = np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)
            columns = digits[index]
            rows = np.flatnonzero(ink[:, columns].any(axis=1))
            return (
                x + int(columns[0]),
                y + int(rows[0]),
                x + int(columns[-1]) + 1,
                y + int(rows[-1]) + 1,
            )
    msg = f"{table} {address} is not on this page"
    raise ValueError(msg)


def close_left(sheet: Sheet, box: tuple[int, int, int, int], shade: int) -> Sheet:
    """Smear ink of ``shade`` down the open left side of a 3, so that it looks like an 8."""
    left, top, right, bottom = box
    image = sheet.image.copy()
    width, height = right - left, bottom - top
    stroke = max(round(width * 0.16), 1)
    for share in (0.28, 0.72):
        middle = (left + round(width * 0.5), top + round(height * share))
        size = (round(width * 0.42), round(height * 0.2))
        cv2.ellipse(image, middle, size, 0, 100, 260, (shade,) * 3, stroke, cv2.LINE_AA)
    return with_image(sheet, image)


def wipe(
    sheet: Sheet, box: tuple[int, int, int, int], part: tuple[float, float, float, float]
) -> Sheet:
    """Wipe most ink off ``part`` of a digit: left, top, right, bottom as shares of its box."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    image = sheet.image.copy()
    rows = slice(top + round(height * part[1]), top + round(height * part[3]))
    columns = slice(left + round(width * part[0]), left + round(width * part[2]))
    bare = 255 - (255 - image[rows, columns].astype(np.float32)) * 0.12
    image[rows, columns] = bare.astype(np.uint8)
    return with_image(sheet, image)
