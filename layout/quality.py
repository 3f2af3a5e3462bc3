"""How good a page is for reading: the size of its text, its contrast and its sharpness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from document.message import Message
from models.quantiles import quantile, quantile_of_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.sheet import Sheet

BODY_POINTS = 10.5
"""Usual size of a table's text, in points: what tells the resolution of a picture without one."""

SMALL_EM = 15.0
"""Height of a character, in pixels, below which digits lose their shapes (about 100 dpi)."""

FAINT = 0.35
"""Darkness of the ink, as a share of black on white, below which strokes drown in noise."""

SOFT = 0.16
"""Width of a stroke's edge, in characters, above which neighbouring strokes run together."""

GRAINY = 5.0
"""Grey levels by which bare paper varies beyond which specks pass for ink."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured on a page.

    ``em`` is the height of a full-width character in pixels of the page, ``dpi`` the resolution
    that goes with it if the text is of the usual size; ``contrast`` the darkness of ink (0…1,
    shadows divided out), ``edge`` the width of a stroke's edge in pixels, ``noise`` the spread
    (median absolute deviation) of bare paper in grey levels.
    """

    em: float
    dpi: int
    contrast: float
    edge: float
    noise: float

    def remedies(self) -> tuple[Message, ...]:
        """Say what makes the page hard to read and what would help; nothing if it is good."""
        said = []
        if self.em < SMALL_EM:
            said.append(
                Message(
                    f"字高仅 {self.em:.0f} 像素（约 {self.dpi} dpi），请以 200 dpi 以上重新扫描",
                    f"its characters are {self.em:.0f} pixels high (about {self.dpi} dpi):"
                    " scan it at 200 dpi or more",
                )
            )
        if self.contrast < FAINT:
            said.append(
                Message(
                    f"墨色过浅（{self.contrast:.0%}），请加深或以灰度扫描",
                    f"its ink is faint ({self.contrast:.0%} of black): scan it darker, or in grey",
                )
            )
        if self.edge > SOFT * self.em:
            said.append(
                Message(
                    f"画面模糊（笔画边缘宽 {self.edge:.1f} 像素），请放平、对焦后重拍或重扫",
                    f"it is blurred (edges {self.edge:.1f} pixels wide): lay it flat and take it"
                    " again in focus",
                )
            )
        if self.noise > GRAINY:
            said.append(
                Message(
                    f"底噪明显（{self.noise:.0f} 级），请清洁玻璃板，勿用二值或强压缩",
                    f"its paper is grainy ({self.noise:.0f} grey levels): clean the glass, and"
                    " avoid two-level or strongly compressed scans",
                )
            )
        return tuple(said)


def quality_of(sheet: Sheet) -> Quality:
    """Measure a straightened page."""
    ink = sheet.made.ink
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    dark = ink > max(20.0, level)
    depth = quantile_of_levels(ink[dark], 75) if dark.any() else 0.0
    bare = cv2.dilate(dark.view(np.uint8), np.ones((7, 7), np.uint8)) == 0
    # Paper in shadow or light is as good as any other: only its grain counts.
    grain = cv2.absdiff(ink, cv2.medianBlur(ink, 5))
    noise = 1.4826 * _mean(grain, bare)
    edge = _edge(ink, dark, depth) / sheet.made.scale
    treatment = sheet.made.treatment
    noise = treatment.spread if treatment.smooth else noise / treatment.gain
    contrast = depth / 255 / treatment.gain
    em = sheet.em
    return Quality(em, round(em / BODY_POINTS * 72), contrast, edge, noise)


def _mean(levels: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Return the mean of the gray levels at the places told, by counting; 0 without any."""
    counts = cv2.calcHist([levels], [0], where.view(np.uint8), [256], [0, 256]).ravel()
    total = float(counts.sum(dtype=np.float64))
    return float(counts.astype(np.float64) @ np.arange(256)) / total if total else 0.0


def _edge(ink: NDArray[np.uint8], dark: NDArray[np.bool_], depth: float) -> float:
    """Return the width in pixels over which ink rises from paper to ``depth``, at its edges."""
    rim = cv2.morphologyEx(dark.view(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    if not rim.any() or depth <= 0:
        return 0.0
    across = cv2.Sobel(ink, cv2.CV_16S, 1, 0, ksize=3)[rim].astype(np.float32) / 8
    along = cv2.Sobel(ink, cv2.CV_16S, 0, 1, ksize=3)[rim].astype(np.float32) / 8
    steep = cv2.magnitude(across, along).ravel()
    return depth / max(1e-6, quantile(steep, 75))
