"""Draws the README's two pictures: a table as scanned, and what Gouji makes of it.

Run by ``make pictures``. The picture is the table with most repairs of the demo document.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from document.numeral import spell
from document.page import Page
from document.report import Cell, Report, Status, Table
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from document.geometry import Polygon

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "samples" / "documents" / "demo.pdf"
WIDTH = 900
COLORS = {
    Status.READ: (70, 160, 70),
    Status.REPAIRED: (240, 180, 0),
    Status.DERIVED: (60, 130, 220),
    Status.DISPUTED: (230, 90, 30),
    Status.UNREADABLE: (220, 40, 40),
    Status.HUMAN: (140, 80, 190),
}
TO_CHECK = (220, 40, 40)


def main() -> int:
    """Write before.png and after.png beside this file."""
    document = open_document(DEMO)
    report = recover(document, templates=builtin(), readers=load_readers())
    table, page_number = busiest(report)
    (page,) = [
        page for page in document.pages() if isinstance(page, Page) and page.number == page_number
    ]
    cells = [cell for cell in table.cells if cell.page == page_number and cell.polygon]
    image = Image.fromarray(np.ascontiguousarray(page.image[:, :, ::-1]))
    area = around([cell.polygon for cell in cells if cell.polygon], image.size)
    save(image.crop(area), HERE / "before.png")
    save(painted(image, cells).crop(area), HERE / "after.png")
    return 0


def busiest(report: Report) -> tuple[Table, int]:
    """Return the table with most repaired cells, and the page that most of its cells are on."""
    table = max(report.tables, key=lambda one: sum(c.status is Status.REPAIRED for c in one.cells))
    pages = [cell.page for cell in table.cells if cell.page]
    return table, max(set(pages), key=pages.count)


def around(polygons: list[Polygon], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box (left, upper, right, lower) of polygons, and of the labels left of them."""
    xs = [x for polygon in polygons for x, _ in polygon]
    ys = [y for polygon in polygons for _, y in polygon]
    tall = (max(ys) - min(ys)) / 10
    return (
        0,
        max(0, round(min(ys) - 1.4 * tall)),
        min(size[0], round(max(xs) + tall)),
        min(size[1], round(max(ys) + tall / 2)),
    )


def painted(image: Image.Image, cells: list[Cell]) -> Image.Image:
    """Return the page with a tint over each figure, and the mended ones written out."""
    base = image.convert("RGBA")
    tint = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(tint)
    for cell in cells:
        if cell.polygon is None:
            continue
        corners = [(x, y) for x, y in cell.polygon]
        draw.polygon(corners, fill=(*COLORS[cell.status], 60))
        if cell.needs_review:
            draw.line([*corners, corners[0]], fill=(*TO_CHECK, 255), width=4)
        if cell.status is Status.REPAIRED and cell.value is not None:
            height = corners[3][1] - corners[0][1]
            draw.polygon(corners, fill=(255, 236, 170, 255))
            font = ImageFont.load_default(size=height * 0.55)
            middle = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
            words = f"{cell.printed} > {spell(cell.value)}"
            draw.text(middle, words, fill=(120, 40, 0, 255), font=font, anchor="mm")
    return Image.alpha_composite(base, tint).convert("RGB")


def save(image: Image.Image, path: Path) -> None:
    """Save a picture small enough for a README."""
    size = (WIDTH, round(image.height * WIDTH / image.width))
    small = image.resize(size, Image.Resampling.LANCZOS)
    small = small.quantize(40, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
