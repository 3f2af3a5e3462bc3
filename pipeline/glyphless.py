"""A font that draws nothing and names every character: what text layers over scans are set in.

The file in it (664 bytes, made with fontTools) has one glyph as large as an em and without any
area: PDFium passes over text that is upright on the paper where glyphs have no size. It is the way
of Tesseract and OCRmyPDF, which every viewer and indexer knows.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

_FONT = (
    "eNqFUj1PwlAUPa+PDyWACYHFODTGwc1AjGEwcZGwaYKJqzZYW0hrGwoJbA4OLn78AEdHf4KjA4OL/0ATB/6Aq/W8tqIw6CHv"
    "vnPuu+/dcxsgAORwDgl9/2Cj1kDjHhDrzB63XcNHHgH1LfWm5YxOi9X0C/Uz9bJtGie7N1ad/IFry2Yim5Or5O9ca7bbH8oJ"
    "GcQlQ8bx2gYKkX5S2jWGPlJIUy9Q62eGa168Xt9Rq1tXvhf06YvQhuocyivXYa30eLS0/QEZv+6PS/jZw7qcSJ1EQkMM3pF6"
    "SJ9xPaPALESU0XgnPtEwD/biV0jT7/+YeX2HiNzriQcd47l6/dvZtLeaupy4KbOnmifFn9J6GMYxfPvVqRD3TabnGxUh5OQz"
    "P1YhqshgL6kXKE5dashSiaSiGPUWqUVmVlBJuMZ8NeEZlW96g26n6Yx82zGDoGVaA8fooQkPA3TRIXMwgg+bu8k/UIAWd4un"
    "Dgz0kEz4B74A9ApSjA=="
)
_MOST_RANGES = 100
"""Of a list in a character map; the specification sets it."""


def glyphless_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Add the font to a PDF. Its codes are UTF-16 (big-endian), and all characters an em wide."""
    content = zlib.decompress(base64.b64decode(_FONT))
    file = pdf.make_stream(content, Length1=len(content))
    name = pikepdf.Name("/GoujiGlyphless")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=[0, -200, 1000, 800],
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
        FontFile2=file,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 0x10000),
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=name,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(descendant)],
        ToUnicode=pdf.make_stream("\n".join(_character_map()).encode("ascii")),
    )
    return pdf.make_indirect(font)


def coded(text: str) -> bytes:
    """Return text in the codes of the font; characters that have none there are replaced."""
    plain = "".join(
        c if ord(c) < 0x10000 and not 0xD800 <= ord(c) < 0xE000 else "\ufffd" for c in text
    )
    return plain.encode("utf-16-be")


def _character_map() -> Iterator[str]:
    yield "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap"
    yield "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"
    yield "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def"
    yield "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
    for start in range(0, 0x100, _MOST_RANGES):
        rows = range(start, min(start + _MOST_RANGES, 0x100))
        yield f"{len(rows)} beginbfrange"
        yield from (f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in rows)
        yield "endbfrange"
    yield "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
