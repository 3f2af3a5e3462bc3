"""Draws drafts through HTML and CSS with headless Chromium, one browser for many documents.

Everything is laid out ``SCALE`` times larger than life and scaled back when rendered, because
Chromium rounds ruling lines to whole CSS pixels.
"""

from __future__ import annotations

import html
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pypdfium2
from playwright.sync_api import sync_playwright

from samples.grid import DrawnTable, cut_rows
from samples.sheet import Draft, Mark, Sheet, Text, corners
from samples.style import RULED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from samples.style import Style

SCALE = 4
CSS_DPI = 96
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
    "--font-render-hinting=none",
)
MEASURE = """() => [...document.querySelectorAll('.block')].map(b => {
  const r = b.getBoundingClientRect();
  const rows = [...b.querySelectorAll('tr')].map(t => t.getBoundingClientRect().bottom - r.top);
  return [r.height, rows];
})"""
LOCATE = """() => [...document.querySelectorAll('.page')].map(p => {
  const o = p.getBoundingClientRect();
  const box = r => [r.left - o.left, r.top - o.top, r.right - o.left, r.bottom - o.top];
  return [...p.querySelectorAll('td')].map(td => {
    const range = document.createRange();
    range.selectNodeContents(td);
    const text = range.getBoundingClientRect();
    return [td.dataset.t, td.dataset.a || '', box(text.width ? text : td.getBoundingClientRect()),
            box(td.getBoundingClientRect())];
  });
})"""


def css(style: Style, size: tuple[float, float], scale: float) -> str:
    """Return the style sheet for ``style`` on paper of ``size`` mm, ``scale`` times enlarged."""
    pt, mm = scale * CSS_DPI / 72, scale * CSS_DPI / 25.4
    top, right, bottom, left = (m * mm for m in style.margins)
    width, height = (round(s * mm) for s in size)
    latin = f"'{style.latin}'," if style.latin else ""
    line = style.border
    outer = f"{line.outer * scale}px {line.style} {line.colour}"
    inner = f"{line.width * scale}px {line.style} {line.colour}"
    around, within, below = RULED[line.frame]
    return f"""
@page {{ size: {width}px {height}px; margin: 0 }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font-family: {latin}'{style.cjk}'; font-size: {style.size * pt}px;
  line-height: {style.line_height}; color: #000 }}
.page {{ position: relative; width: {width}px; height: {height}px; overflow: hidden;
  padding: {top}px {right}px {bottom}px {left}px; break-after: page }}
.flow {{ width: {width - left - right}px }}
.block {{ display: flow-root }}
.title {{ font: bold {style.size * 1.5 * pt}px {latin}'{style.heading_font}'; line-height: 1.5;
  text-align: center }}
.heading {{ font-family: {latin}'{style.heading_font}'; font-weight: bold; text-indent: 2em;
  margin: .3em 0 }}
.paragraph {{ text-indent: 2em; text-align: justify }}
.note {{ font-size: .85em }}
.sign {{ text-align: right }}
table {{ width: 100%; table-layout: fixed; border-collapse: collapse; margin: {2 * pt}px 0;
  font-size: {style.table_size * pt}px; line-height: 1.2;
  {"".join(f"border-{side}: {outer}; " for side in around)}}}
td {{ height: 1.5em; vertical-align: middle;
  {"".join(f"border-{side}: {inner}; " for side in within)}
  padding: {style.row_padding * pt}px {style.padding * pt}px; text-align: {style.align_labels};
  white-space: pre-line; overflow-wrap: anywhere }}
.header {{ {"".join(f"border-{side}: {inner}; " for side in below)}
  text-align: center; background: {style.fill or "none"};
  font-weight: {"bold" if style.bold_header else "normal"} }}
.figure {{ text-align: {style.align_figures}; font-size: {style.figure_size * pt}px;
  font-weight: {"bold" if style.bold_figures else "normal"}; overflow-wrap: normal }}
.foot {{ position: absolute; bottom: {bottom * 0.45}px; left: 0; width: 100%; text-align: center;
  font-size: {10.5 * pt}px }}
"""


def table_html(table: DrawnTable) -> str:
    """Return the markup of a table; every cell carries its table and address."""
    lines = ["<table><colgroup>"]
    lines += [f'<col style="width:{share * 100:.3f}%">' for share in table.widths]
    lines.append("</colgroup>")
    for row in range(table.rows):
        lines.append("<tr>")
        for cell in table.cells:
            if cell.row == row:
                address = f' data-a="{"|".join(cell.address)}"' if cell.address else ""
                lines.append(
                    f'<td class="{cell.kind}" data-t="{table.table}"{address} '
                    f'rowspan="{cell.row_span}" colspan="{cell.column_span}">'
                    f"{html.escape(cell.text)}</td>"
                )
        lines.append("</tr>")
    lines.append("</table>")
    return "".join(lines)


def block_html(block: Text | DrawnTable) -> str:
    """Return the markup of one block."""
    if isinstance(block, DrawnTable):
        return f'<div class="block">{table_html(block)}</div>'
    return f'<div class="block"><div class="{block.kind}">{html.escape(block.text)}</div></div>'


def page_html(draft: Draft) -> str:
    """Return a whole page for browsers, which break it into sheets themselves."""
    style, body = draft.style, "".join(block_html(block) for block in draft.blocks)
    margins = " ".join(f"{mm}mm" for mm in style.margins)
    sheet = f"@page {{ size: {draft.size[0]}mm {draft.size[1]}mm; margin: {margins} }}"
    looks = css(style, draft.size, 1) + sheet + "tr { break-inside: avoid }"
    return f'<!DOCTYPE html><meta charset="utf-8"><style>{looks}</style>{body}'


@dataclass(frozen=True, slots=True)
class Measure:
    """Heights in CSS pixels: of a block, and of where its rows end below its top."""

    height: float
    rows: tuple[float, ...]


def paginate(
    draft: Draft, measures: Iterable[Measure], room: float
) -> list[list[Text | DrawnTable]]:
    """Share the blocks out over pages of ``room`` CSS pixels; tables break between rows."""
    pages: list[list[Text | DrawnTable]] = [[]]
    used = line = 0.0
    for block, measure in zip(draft.blocks, measures, strict=True):
        if isinstance(block, Text):
            # A heading at the very foot of a page moves on with what it heads.
            need = measure.height * (3.5 if block.kind == "heading" else 1)
            if used + need > room and pages[-1]:
                pages.append([])
                used = 0.0
            pages[-1].append(block)
            used += measure.height
            line = measure.height
            continue
        first = measure.rows[min(block.break_rows) - 1] if block.break_rows else measure.height
        together = draft.style.keep_together or block.break_rows
        titles = _trailing_headings(pages[-1])
        if together and used + first > room >= first and titles < len(pages[-1]):
            moved: list[Text | DrawnTable] = []
            if titles and draft.style.cut_label != "first":  # some leave the heading behind
                moved, pages[-1] = pages[-1][-titles:], pages[-1][:-titles]
            pages.append(moved)
            used = line * len(moved)
        start, above = 0, 0.0
        for row in range(block.rows):
            over = used + measure.rows[row] - above > room and row > start
            if over or (row in block.break_rows and row > start):
                pages[-1].append(cut_rows(block, start, row, draft.style.cut_label))
                pages.append([])
                start, above, used = row, measure.rows[row - 1], 0.0
        pages[-1].append(cut_rows(block, start, block.rows, draft.style.cut_label))
        used += measure.height - above
    return pages


def _trailing_headings(blocks: Sequence[Text | DrawnTable]) -> int:
    """Count the headings at the end of ``blocks``."""
    count = 0
    for block in reversed(blocks):
        if not isinstance(block, Text) or block.kind != "heading":
            break
        count += 1
    return count


class Browser:
    """A Chromium that draws drafts; a context manager, so that it is surely ended."""

    def __init__(self, executable: str = CHROMIUM) -> None:
        """Remember the program; it starts on entering."""
        self._executable = executable

    def __enter__(self) -> Self:
        """Start the browser with a profile folder of its own."""
        self._folder = tempfile.TemporaryDirectory(prefix="gouji-chromium-")
        self._playwright = sync_playwright().start()
        self._context = self._playwright.chromium.launch_persistent_context(
            self._folder.name, executable_path=self._executable, args=list(FLAGS)
        )
        self._page = self._context.new_page()
        self._page.emulate_media(media="print")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the browser and remove its profile."""
        self._context.close()
        self._playwright.stop()
        self._folder.cleanup()

    def draw(self, draft: Draft, dpi: float) -> list[Sheet]:
        """Draw ``draft`` and return its pages as images of ``dpi``."""
        sheet_css = css(draft.style, draft.size, SCALE)
        pages = self._paginated(draft, sheet_css, SCALE)
        self._page.set_content(_whole(pages, draft, sheet_css))
        located = self._page.evaluate(LOCATE)
        data = self._page.pdf(prefer_css_page_size=True, print_background=True)
        pdf = pypdfium2.PdfDocument(data)
        factor = dpi / CSS_DPI / SCALE
        sheets = []
        for number, cells in enumerate(located):
            image = pdf[number].render(scale=dpi / 72 / SCALE).to_numpy()[:, :, :3]
            sheets.append(_sheet(image, cells, factor, dpi))
        pdf.close()
        return sheets

    def pdf(self, draft: Draft) -> bytes:
        """Print ``draft`` life-size as a PDF of text and lines, as people print a page."""
        return self.print(page_html(draft))

    def print(self, html: str) -> bytes:
        """Print a web page as a PDF."""
        self._page.set_content(html)
        return bytes(self._page.pdf(prefer_css_page_size=True, print_background=True))

    def screenshot(self, draft: Draft, zoom: float) -> list[Sheet]:
        """Draw ``draft`` as a screen shows it: one endless page, hinted as on a screen."""
        sheet_css = css(draft.style, draft.size, zoom)
        pages = [list(draft.blocks)]
        self._page.set_viewport_size(
            {"width": round(draft.size[0] / 25.4 * CSS_DPI * zoom), "height": 600}
        )
        endless = sheet_css + ".page { height: auto; overflow: visible } .foot { display: none }"
        self._page.set_content(_whole(pages, draft, endless))
        located = self._page.evaluate(LOCATE)
        data = self._page.screenshot(full_page=True, type="png")
        image = _decode(data)
        return [_sheet(image, located[0], 1.0, CSS_DPI * zoom)]

    def _paginated(
        self, draft: Draft, sheet_css: str, scale: float
    ) -> list[list[Text | DrawnTable]]:
        body = "".join(block_html(block) for block in draft.blocks)
        self._page.set_content(f'<style>{sheet_css}</style><div class="flow">{body}</div>')
        measures = [Measure(h, tuple(rows)) for h, rows in self._page.evaluate(MEASURE)]
        room = (draft.size[1] - draft.style.margins[0] - draft.style.margins[2]) / 25.4
        return paginate(draft, measures, room * CSS_DPI * scale)


def _whole(pages: list[list[Text | DrawnTable]], draft: Draft, sheet_css: str) -> str:
    parts = [f"<style>{sheet_css}</style>"]
    for number, blocks in enumerate(pages, start=1):
        foot = draft.style.page_number.format(number)
        body = "".join(block_html(block) for block in blocks)
        parts.append(f'<div class="page">{body}<div class="foot">{foot}</div></div>')
    return "".join(parts)


def _decode(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    import cv2  # noqa: PLC0415  only screenshots need it

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(image, dtype=np.uint8)


def _sheet(image: Any, cells: list[Any], factor: float, dpi: float) -> Sheet:
    marks: list[Mark] = []
    points: list[tuple[float, float]] = []
    for table, address, text, cell in cells:
        row, _, column = address.partition("|")
        marks.append(Mark(table, (row, column) if address else None, len(points)))
        points += corners(*text) + corners(*cell)
    flat = np.array(points, dtype=np.float64).reshape(-1, 2) * factor
    return Sheet(np.ascontiguousarray(image), flat, tuple(marks), dpi)
