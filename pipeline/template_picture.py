"""A template as a picture of the empty form, drawn without a browser."""

from __future__ import annotations

import io
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from document.errors import OutputError
from document.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from document.template import TableTemplate, Template, TemplateCell

DPI = 200
PAPER = (210 / 25.4 * DPI, 297 / 25.4 * DPI)
MARGIN = 15 / 25.4 * DPI
EM = 10 / 72 * DPI
"""The size of the print: 10 pt, in pixels."""

LINE = 1.3 * EM
PADDING = 0.35 * EM
RULE = 3
WIDEST_LABEL = 12
FIGURE = 3.6
"""Characters of a label that stand on one line at most, and the width of a figure's place."""

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_FONTS = (
    *("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "SourceHanSerifSC-Regular.otf"),
    *("SourceHanSansSC-Regular.otf", "NotoSerifSC*.otf", "NotoSansSC*.otf", "simsun.ttc"),
    *("msyh.ttc", "PingFang.ttc", "STHeiti*.ttc", "Songti.ttc", "wqy-zenhei.ttc"),
    *("wqy-microhei.ttc", "uming.ttc", "ukai.ttc", "FandolSong-Regular.otf", "LXGWWenKai*.ttf"),
)


def find_font() -> Path:
    """Return a font of this machine that has Chinese characters. Raises OutputError."""
    for pattern in _FONTS:
        for folder in _FOLDERS:
            found = sorted(Path(folder).expanduser().rglob(pattern))
            if found:
                return found[0]
    message = Message(
        "没有找到中文字体：请安装（如 apt-get install fonts-noto-cjk），或用 --font 指定，"
        "或输出 .html",
        "no font with Chinese characters was found: install one (apt-get install fonts-noto-cjk), "
        "name one with --font, or write .html instead",
    )
    raise OutputError("no-font", message)


def pages_of(template: Template, font: Path) -> tuple[Image.Image, ...]:
    """Return a page (grey, 200 dpi, A4 or longer) for each table of ``template``.

    Raises OutputError where the font cannot be read.
    """
    try:
        print_font = ImageFont.truetype(str(font), round(EM))
        title_font = ImageFont.truetype(str(font), round(1.4 * EM))
    except OSError as error:
        message = Message(
            f"无法读取字体 {font}（{error}）；请用 --font 另选",
            f"the font {font} cannot be read ({error}); choose another with --font",
        )
        raise OutputError("no-font", message) from error
    return tuple(_page(table, print_font, title_font) for table in template.tables)


def _page(
    table: TableTemplate, font: ImageFont.FreeTypeFont, title: ImageFont.FreeTypeFont
) -> Image.Image:
    xs = [round(MARGIN + x) for x in accumulate(_widths(table), initial=0.0)]
    top = MARGIN + 2.5 * EM
    wrapped = {cell: tuple(_wrapped(cell, xs)) for cell in table.cells}
    ys = [round(top + y) for y in accumulate(_heights(table, wrapped), initial=0.0)]
    size = (round(PAPER[0]), round(max(PAPER[1], ys[-1] + MARGIN)))
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    pen.text((PAPER[0] / 2, MARGIN), table.headings[0], fill=0, font=title, anchor="mt")
    body = min((cell.row for cell in table.figures), default=table.rows)
    for cell in table.cells:
        left, right = xs[cell.column], xs[cell.column + cell.column_span]
        upper, lower = ys[cell.row], ys[cell.row + cell.row_span]
        # neighbours draw the line between them twice, at the same place
        frame = ((left, upper), (right, upper), (right, lower), (left, lower), (left, upper))
        pen.line(frame, fill=0, width=RULE)
        lines = wrapped[cell]
        y = (upper + lower - LINE * len(lines)) / 2 + (LINE - EM) / 2
        centred = cell.row < body or cell.row_span > 1
        for number, line in enumerate(lines):
            x = (left + right) / 2 if centred else left + PADDING
            anchor = "mt" if centred else "lt"
            pen.text((x, y + number * LINE), line, fill=0, font=font, anchor=anchor)
    return image


def _widths(table: TableTemplate) -> list[float]:
    """Share the width of the paper out: as much as is needed, labels giving way to figures."""
    need = [FIGURE] * table.columns
    for cell in table.cells:
        if cell.column_span == 1 and cell.address is None:
            longest = min(float(len(cell.label)), WIDEST_LABEL if cell.row_span == 1 else 3.0)
            need[cell.column] = max(need[cell.column], longest + 1)
    room = (PAPER[0] - 2 * MARGIN) / EM
    if sum(need) < room:
        return [EM * n * room / sum(need) for n in need]
    figures = {cell.column for cell in table.figures if cell.column_span == 1}
    fixed = sum(need[column] for column in figures)
    rest = sum(need) - fixed
    if not rest or fixed > 0.7 * room:
        return [EM * n * room / sum(need) for n in need]
    share = (room - fixed) / rest
    return [EM * n * (1 if column in figures else share) for column, n in enumerate(need)]


def _heights(table: TableTemplate, wrapped: dict[TemplateCell, tuple[str, ...]]) -> list[float]:
    heights = [LINE + 2 * PADDING] * table.rows
    for cell in sorted(table.cells, key=lambda c: c.row_span):
        need = len(wrapped[cell]) * LINE + 2 * PADDING
        rows = range(cell.row, cell.row + cell.row_span)
        missing = need - sum(heights[row] for row in rows)
        for row in rows if missing > 0 else ():
            heights[row] += missing / cell.row_span
    return heights


def _wrapped(cell: TemplateCell, xs: Sequence[float]) -> Iterator[str]:
    """Cut a label into the lines its cell is wide enough for; Latin letters are half as wide."""
    room = (xs[cell.column + cell.column_span] - xs[cell.column] - 2 * PADDING) / EM
    line, used = "", 0.0
    for character in cell.label:
        wide = 0.6 if character.isascii() else 1.0
        if line and used + wide > room:
            yield line
            line, used = "", 0.0
        line += character
        used += wide
    if line:
        yield line


def encoded(pages: Sequence[Image.Image], kind: str) -> bytes:
    """Return pages as the bytes of a ".pdf", or of a ".png" of the first."""
    buffer = io.BytesIO()
    first, *others = pages
    if kind == ".pdf":
        first.save(buffer, "PDF", save_all=True, append_images=others, resolution=DPI)
    else:
        first.save(buffer, "PNG", dpi=(DPI, DPI))
    return buffer.getvalue()
