"""Draws drafts the other way: as Word documents that LibreOffice lays out and prints.

Where the cells came to lie is read from a second print of the same document in which every cell
has a colour of its own; the text of a figure is the ink inside its cell.
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
import pypdfium2

from samples.grid import DrawnTable
from samples.sheet import Draft, Mark, Sheet, Text, corners
from samples.style import RULED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from samples.grid import DrawnCell
    from samples.style import Style

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
LINES = {"solid": "single", "double": "double", "dashed": "dashed"}
ALIGN = {"left": "left", "center": "center", "right": "right"}
CELL_DPI = 144  # of the coloured print
STEP = 8  # between neighbouring colours, so that no two are taken for one another


def _twips(mm: float) -> int:
    return round(mm / 25.4 * 1440)


def _fonts(style: Style, *, heading: bool = False) -> str:
    cjk = style.heading_font if heading else style.cjk
    latin = style.latin or cjk
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{cjk}"/>'


def _run(text: str, style: Style, size: float, *, bold: bool = False, heading: bool = False) -> str:
    half = round(size * 2)
    looks = _fonts(style, heading=heading) + ("<w:b/>" if bold else "")
    # Said aloud, because LibreOffice prints "automatic" text white on dark cells.
    looks += f'<w:color w:val="000000"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    pieces = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:r><w:rPr>{looks}</w:rPr>{pieces}</w:r>"


def _paragraph(block: Text, style: Style) -> str:
    line = f'<w:spacing w:line="{round(240 * style.line_height)}" w:lineRule="auto"/>'
    indent = f'<w:ind w:firstLine="{round(style.size * 40)}"/>'
    if block.kind == "title":
        looks = line + '<w:jc w:val="center"/>'
        run = _run(block.text, style, style.size * 1.5, bold=True, heading=True)
    elif block.kind == "heading":
        looks = "<w:keepNext/>" + line + indent
        run = _run(block.text, style, style.size, bold=True, heading=True)
    elif block.kind == "sign":
        looks, run = line + '<w:jc w:val="right"/>', _run(block.text, style, style.size)
    else:
        size = style.size * (0.85 if block.kind == "note" else 1)
        looks, run = line + indent, _run(block.text, style, size)
    return f"<w:p><w:pPr>{looks}</w:pPr>{run}</w:p>"


def colour_of(number: int) -> tuple[int, int, int]:
    """Return the colour (red, green, blue) of the cell with this number (0…899).

    Blue is always strongest, so that neither grey text nor its soft edges look like a cell.
    """
    side = 240 // STEP
    return (STEP + STEP * (number % side), STEP + STEP * (number // side), 250)


def _cell(cell: DrawnCell, style: Style, widths: Sequence[int], fill: str, *, first: bool) -> str:
    span = sum(widths[cell.column : cell.column + cell.column_span])
    looks = f'<w:tcW w:w="{span}" w:type="dxa"/>'
    if cell.column_span > 1:
        looks += f'<w:gridSpan w:val="{cell.column_span}"/>'
    if cell.row_span > 1:
        looks += f'<w:vMerge w:val="{"restart" if first else "continue"}"/>'
    if fill:
        looks += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    looks += '<w:vAlign w:val="center"/>'
    figure = cell.kind == "figure"
    align = style.align_figures if figure else style.align_labels
    bold = style.bold_figures if figure else style.bold_header and cell.kind == "header"
    size = style.figure_size if figure else style.table_size
    jc = "center" if cell.kind == "header" else ALIGN[align]
    run = _run(cell.text if first else "", style, size, bold=bold)
    mark = f'<w:rPr>{_fonts(style)}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    return (
        f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p><w:pPr>"
        f'<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="{jc}"/>{mark}</w:pPr>'
        f"{run}</w:p></w:tc>"
    )


def _table(table: DrawnTable, style: Style, width: int, start: int, *, coloured: bool) -> str:
    widths = [round(share * width) for share in table.widths]
    line = style.border
    edge = f'w:val="{LINES[line.style]}" w:space="0" w:color="{_hex(line.colour)}"'
    eighths = 2 if line.style == "double" else 6
    around, within, _ = RULED[line.frame]
    inside = [name for name, side in (("insideH", "top"), ("insideV", "left")) if side in within]
    borders = "".join(
        # CSS pixels are 0.75 pt; Word counts eighths of a point, and each line of a double one
        f'<w:{side} {edge} w:sz="{max(round(pixels * eighths), 2)}"/>'
        for names, pixels in (
            (around, line.outer),
            (inside, line.width),
        )
        for side in names
    )
    pad, tall = round(style.padding * 20), round(style.row_padding * 10)
    parts = [
        (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
            f'<w:top w:w="{tall}" w:type="dxa"/><w:left w:w="{pad}" w:type="dxa"/>'
            f'<w:bottom w:w="{tall}" w:type="dxa"/><w:right w:w="{pad}" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr><w:tblGrid>"
        ),
        *(f'<w:gridCol w:w="{w}"/>' for w in widths),
        "</w:tblGrid>",
    ]
    height = round((style.table_size * 1.35 + 2 * style.row_padding) * 20)
    for row in range(table.rows):
        parts.append(
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'
        )
        for number, cell in sorted(enumerate(table.cells), key=lambda pair: pair[1].column):
            if cell.row <= row < cell.row + cell.row_span:
                fill = _hex(style.fill) if style.fill and cell.kind == "header" else ""
                if coloured:
                    fill = "".join(f"{v:02X}" for v in colour_of(start + number))
                parts.append(_cell(cell, style, widths, fill, first=row == cell.row))
        parts.append("</w:tr>")
    parts.append("</w:tbl>")
    return "".join(parts)


def _hex(colour: str) -> str:
    plain = colour.removeprefix("#")
    return (plain if len(plain) == 6 else "".join(c * 2 for c in plain)).upper()


def write_docx(path: Path, draft: Draft, *, coloured: bool = False) -> None:
    """Write ``draft`` as a Word document; ``coloured`` gives every cell a colour of its own."""
    style = draft.style
    width, height = (_twips(s) for s in draft.size)
    top, right, bottom, left = (_twips(m) for m in style.margins)
    body, start = [], 0
    for block in draft.blocks:
        if isinstance(block, Text):
            body.append(_paragraph(block, style))
            continue
        body.append(_table(block, style, width - left - right, start, coloured=coloured))
        body.append('<w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>')
        start += len(block.cells)
    body.append(
        '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="500" w:footer="{bottom // 2}" '
        'w:gutter="0"/></w:sectPr>'
    )
    before, _, after = style.page_number.partition("{}")
    field = '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    foot = (
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_run(before, style, 10.5)}'
        f"{field if style.page_number else ''}{_run(after, style, 10.5)}</w:p>"
    )
    package = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{PARTS}.document.main+xml"/>'
            f'<Override PartName="/word/footer1.xml" ContentType="{PARTS}.footer+xml"/></Types>'
        ),
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relations("footer", "footer1.xml"),
        "word/document.xml": f"<w:document {W} {R}><w:body>{''.join(body)}</w:body></w:document>",
        "word/footer1.xml": f"<w:ftr {W}>{foot}</w:ftr>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in package.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


def _relations(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{KIND}/{kind}" Target="{target}"/></Relationships>'
    )


@dataclass(frozen=True, slots=True)
class Printed:
    """A draft as LibreOffice printed it, plain and coloured (PDF bytes)."""

    draft: Draft
    plain: bytes
    coloured: bytes

    def sheets(self, dpi: float) -> list[Sheet]:
        """Render the pages at ``dpi`` with the places of all cells."""
        plain, coloured = (pypdfium2.PdfDocument(data) for data in (self.plain, self.coloured))
        found = []
        for number in range(len(plain)):
            image = np.ascontiguousarray(plain[number].render(scale=dpi / 72).to_numpy()[:, :, :3])
            colours = coloured[number].render(scale=CELL_DPI / 72).to_numpy()[:, :, :3]
            found.append(_located(self.draft, image, colours, dpi))
        plain.close()
        coloured.close()
        return found


def print_all(drafts: Sequence[Draft]) -> list[Printed]:
    """Print all ``drafts`` in one run of LibreOffice. Raises RuntimeError where it fails."""
    if not drafts:
        return []
    with tempfile.TemporaryDirectory(prefix="gouji-soffice-") as name:
        folder = Path(name)
        paths = []
        for i, draft in enumerate(drafts):
            for coloured in (False, True):
                paths.append(folder / f"{i:04d}{'c' if coloured else 'p'}.docx")
                write_docx(paths[-1], draft, coloured=coloured)
        subprocess.run(
            [
                *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"),
                *("--convert-to", "pdf", "--outdir", str(folder)),
                *(str(path) for path in paths),
            ],
            check=True,
            capture_output=True,
        )
        missing = [path.name for path in paths if not path.with_suffix(".pdf").exists()]
        if missing:
            msg = f"LibreOffice did not print {', '.join(missing)}"
            raise RuntimeError(msg)
        data = [path.with_suffix(".pdf").read_bytes() for path in paths]
    return [Printed(draft, data[2 * i], data[2 * i + 1]) for i, draft in enumerate(drafts)]


def _located(draft: Draft, image: NDArray[np.uint8], colours: Any, dpi: float) -> Sheet:
    key = colours.astype(np.int64) @ np.array([1, 256, 65536])  # blue, green, red
    factor = dpi / CELL_DPI
    marks: list[Mark] = []
    points: list[tuple[float, float]] = []
    start = 0
    for table in draft.blocks:
        if not isinstance(table, DrawnTable):
            continue
        for number, cell in enumerate(table.cells):
            red, green, blue = colour_of(start + number)
            here = key == blue + 256 * green + 65536 * red
            rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
            if len(rows) < 4 or len(columns) < 4:
                continue
            box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) * factor
            marks.append(Mark(table.table, cell.address, len(points)))
            points += corners(*(_ink(image, box) if cell.address else box)) + corners(*box)
        start += len(table.cells)
    return Sheet(image, np.array(points, dtype=np.float64).reshape(-1, 2), tuple(marks), dpi)


def _ink(image: NDArray[np.uint8], box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the box of the ink inside ``box``, a little widened; ``box`` if there is none."""
    inset = max(2, round((box[3] - box[1]) * 0.04))
    left, top, right, bottom = (round(float(v)) for v in box)
    inside = image[top + inset : bottom - inset, left + inset : right - inset].min(axis=2) < 128
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return box
    pad = max(1.0, 0.15 * (rows[-1] - rows[0]))
    origin = np.array([left + inset, top + inset] * 2)
    tight = np.array([columns[0] - pad, rows[0] - pad, columns[-1] + 1 + pad, rows[-1] + 1 + pad])
    return np.asarray(tight + origin, dtype=np.float64)
