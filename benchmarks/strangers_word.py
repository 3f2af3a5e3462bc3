"""Strangers' reports written with Word: python-docx and its styles, printed by LibreOffice."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from benchmarks.strangers_pages import DARK, LINK, PROSE, SECTIONS, first_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from benchmarks.strangers_pages import Content, Looks
    from document.template import Address, TableTemplate, TemplateCell

STYLES = ("Table Grid", "Table Grid", "Table Grid", "Light Grid", "Medium Grid 1", "Light List")
ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def print_word(content: Content, looks: Looks, rng: np.random.Generator) -> bytes:
    """Write ``content`` as a Word document and return LibreOffice's PDF of it.

    Raises CalledProcessError or TimeoutExpired where LibreOffice does not print it.
    """
    document = Document()
    normal = document.styles["Normal"]
    normal.font.size = Pt(looks.size * 0.75)
    _fonts(normal.element.get_or_add_rPr(), looks.font, looks.font)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(float(rng.uniform(15, 24)))
    section.top_margin = section.bottom_margin = Mm(float(rng.uniform(15, 25)))
    style = str(rng.choice(STYLES))
    upright = bool(rng.random() < 0.5)
    if content.whole:
        document.add_heading(content.title, 1)
        document.add_paragraph(PROSE)
    for table, printed in content.tables:
        document.add_paragraph(SECTIONS[table.id])
        _add_table(document, table, printed, (looks, style, upright))
    if content.whole:
        document.add_paragraph(f"五、存在的主要问题及改进情况\n{PROSE}")
    with tempfile.TemporaryDirectory(prefix="gouji-word-") as folder:
        path = Path(folder) / "report.docx"
        document.save(str(path))
        subprocess.run(
            [
                *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"),
                *("--convert-to", "pdf", "--outdir", folder, str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return path.with_suffix(".pdf").read_bytes()


def _add_table(
    document: Any,
    form: TableTemplate,
    printed: Mapping[Address, str],
    manner: tuple[Looks, str, bool],
) -> None:
    looks, style, upright = manner
    table = document.add_table(form.rows, form.columns, style)
    for cell in form.cells:
        place = table.cell(cell.row, cell.column)
        last = (cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        if last != (cell.row, cell.column):
            place = place.merge(table.cell(*last))
        _fill(place, cell, form, printed, looks)
        if upright and cell.row_span > 3 and cell.address is None:
            turn = OxmlElement("w:textDirection")
            turn.set(qn("w:val"), "tbRlV")
            place._tc.get_or_add_tcPr().append(turn)  # noqa: SLF001 - python-docx knows no such
    for row in table.rows[: first_row(form)]:
        mark = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - likewise


def _fill(
    place: Any,
    cell: TemplateCell,
    form: TableTemplate,
    printed: Mapping[Address, str],
    looks: Looks,
) -> None:
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(looks.padding / 2)
    paragraph.paragraph_format.space_before = Pt(looks.padding / 2)
    if cell.address is None:
        run = paragraph.add_run(cell.label)
        run.bold = looks.bold and cell.row < first_row(form)
        if cell.row < first_row(form):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if looks.head not in DARK | {"none"}:
                shade = OxmlElement("w:shd")
                shade.set(qn("w:val"), "clear")
                fill = looks.head[1:]
                shade.set(qn("w:fill"), fill if len(fill) == 6 else "".join(c * 2 for c in fill))
                place._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - likewise
        return
    paragraph.alignment = ALIGN[looks.align]
    link = OxmlElement("w:hyperlink")
    address = f"{LINK}{form.id}/{'/'.join(cell.address)}"
    link.set(
        qn("r:id"), place.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run = paragraph.add_run(printed[cell.address])
    run.bold = False
    digits = looks.font if looks.digits == "inherit" else looks.digits
    _fonts(run._r.get_or_add_rPr(), digits, looks.font)  # noqa: SLF001 - likewise
    link.append(run._r)  # noqa: SLF001 - likewise
    paragraph._p.append(link)  # noqa: SLF001 - likewise


def _fonts(looks: Any, latin: str, cjk: str) -> None:
    fonts = looks.get_or_add_rFonts()
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", cjk)):
        fonts.set(qn(f"w:{script}"), name)
