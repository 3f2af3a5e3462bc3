"""Text layers of PDF pages: the one that somebody else laid is taken off, ours is laid on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pikepdf

from pipeline.glyphless import coded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from document.geometry import Point
    from document.word import Word

FONT = "/GoujiText"
_INVISIBLE = 3
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_DEEPEST = 8
_DESCENT = 0.2


def without_unseen_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take the invisible text off a page, also out of the forms that it draws."""
    content = _cleaned(page)
    if content is not None:
        page.obj["/Contents"] = pdf.make_stream(content)
    _clean_forms(pdf, page.obj.get("/Resources"), set(), 0)


def _clean_forms(
    pdf: pikepdf.Pdf, resources: pikepdf.Object | None, done: set[tuple[int, int]], depth: int
) -> None:
    held = None if resources is None else resources.get("/XObject")
    if held is None or depth > _DEEPEST:
        return
    for name in list(held.keys()):
        form = held[name]
        if form.get("/Subtype") != "/Form" or form.objgen in done:
            continue
        done.add(form.objgen)
        content = _cleaned(form)
        if content is not None:
            form.write(content)
        _clean_forms(pdf, form.get("/Resources"), done, depth + 1)


def _cleaned(stream: pikepdf.Page | pikepdf.Object) -> bytes | None:
    """Return a content without what shows text invisibly; None where there is no such text."""
    kept: list[object] = []
    mode, saved, dropped = 0, list[int](), False
    for instruction in pikepdf.parse_content_stream(stream):
        operator = str(instruction.operator)
        if operator == "q":
            saved.append(mode)
        elif operator == "Q":
            mode = saved.pop() if saved else mode
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if operator in _SHOWING and mode == _INVISIBLE:
            dropped = True
            continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept) if dropped else None


def lay_text(
    page: pikepdf.Page,
    words: Sequence[Word],
    to_page: Callable[[Point], Point],
    font: pikepdf.Object,
    pdf: pikepdf.Pdf,
) -> None:
    """Lay words over a page, unseen. ``to_page`` takes pixels of its image to points of it."""
    lines = [f"BT 3 Tr {FONT} 1 Tf".encode("ascii")]
    for word in _in_order(words):
        a, b, _, d = (to_page(corner) for corner in word.polygon)
        along = ((b[0] - a[0]) / len(word.text), (b[1] - a[1]) / len(word.text))
        up = (a[0] - d[0], a[1] - d[1])
        x, y = d[0] + _DESCENT * up[0], d[1] + _DESCENT * up[1]
        matrix = " ".join(f"{n:.3f}" for n in (*along, *up, x, y))
        lines.append(f"{matrix} Tm <{coded(word.text).hex()}> Tj".encode("ascii"))
    lines.append(b"ET")
    fonts = page.obj.get("/Resources")
    if fonts is None:
        page.obj["/Resources"] = pikepdf.Dictionary()
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name(FONT))
    page.contents_coalesce()
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"Q\n" + b"\n".join(lines) + b"\n"))


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Sort words as they are read: line by line, along the direction in which they run."""
    if not words:
        return []
    (ax, ay), (bx, by) = words[0].polygon[0], words[0].polygon[1]
    length = math.hypot(bx - ax, by - ay) or 1.0
    x, y = (bx - ax) / length, (by - ay) / length
    placed = []
    for word in words:
        cx, cy = (sum(p[i] for p in word.polygon) / 4 for i in (0, 1))
        placed.append(
            (cy * x - cx * y, cx * x + cy * y, math.dist(word.polygon[0], word.polygon[3]), word)
        )
    placed.sort(key=lambda one: one[0])
    ordered: list[Word] = []
    line: list[tuple[float, Word]] = []
    last = -math.inf
    for down, right, height, word in placed:
        if line and down - last > 0.6 * height:
            ordered += [one for _, one in sorted(line, key=lambda pair: pair[0])]
            line = []
        line.append((right, word))
        last = down
    return ordered + [one for _, one in sorted(line, key=lambda pair: pair[0])]
