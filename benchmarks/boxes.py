"""The plain way to a table: text boxes of a general engine, put into rows and columns.

What most programs for such reports do: detect and recognise all text of a page, take the boxes
whose words are a row's label for its height, and the boxes of figures, sorted into as many
columns as the form has, for its figures. Nothing is checked, and nothing is flagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from reconstruct.wording import is_figure, likeness

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from document.template import Address, TableTemplate, Template

READ = 0.6
"""Likeness from which a box is taken for a label."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """A piece of text with the middle of its box, in pixels."""

    text: str
    x: float
    y: float


def boxes_of(image: NDArray[Any]) -> list[TextBox]:
    """Detect and recognise all text of a page with RapidOCR; figures read as one are parted."""
    result = _engine()(image)
    found = []
    for corners, text in zip(
        result.boxes if result.boxes is not None else (), result.txts or (), strict=True
    ):
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        words = text.split() if is_figure(text) else [text]
        wide = (max(xs) - min(xs)) / max(1, len(words))
        for number, word in enumerate(words):
            middle = min(xs) + (number + 0.5) * wide
            found.append(TextBox(word, float(middle), float(sum(ys) / len(ys))))
    return found


def tables_of(
    pages: Sequence[Sequence[TextBox]], templates: Sequence[Template]
) -> dict[str, dict[Address, str]]:
    """Return the figures of every table by its name, by the edition with most rows found."""
    best: dict[str, dict[Address, str]] = {}
    for template in templates:
        for table in template.tables:
            figures: dict[Address, str] = {}
            for boxes in pages:
                figures |= _on_page(boxes, table)
            if len(figures) > len(best.get(table.id, {})):
                best[table.id] = figures
    return best


def _on_page(boxes: Sequence[TextBox], table: TableTemplate) -> dict[Address, str]:
    heights = _row_heights(boxes, table)
    if not heights:
        return {}
    ordered = sorted(heights.values())
    steps = [b - a for a, b in pairwise(ordered)]
    reach = 0.6 * median(steps) if steps else 12.0
    figures: dict[Address, str] = {}
    for row, height in heights.items():
        cells = sorted((c for c in table.figures if c.row == row), key=lambda c: c.column)
        others = [c.column for c in cells]
        middles = _columns(boxes, heights.values(), reach, len(cells))
        for box in boxes:
            nearest = min(heights.values(), key=lambda y: abs(y - box.y))
            if not is_figure(box.text) or nearest != height or abs(box.y - height) > reach:
                continue
            if len(middles) == len(others):
                at = min(range(len(middles)), key=lambda i: abs(middles[i] - box.x))
                address = cells[at].address
                if address is not None:
                    figures[address] = box.text
    return figures


def _row_heights(boxes: Sequence[TextBox], table: TableTemplate) -> dict[int, float]:
    """Return how high on the page each row with figures stands, as its label tells."""
    rows = sorted({cell.row for cell in table.figures})
    rated: list[tuple[float, int, int]] = []
    for row in rows:
        labels = [c for c in table.cells if c.row == row and c.label and c.row_span == 1]
        rated += [
            (likeness(box.text, c.spellings), -row, number)
            for c in labels
            for number, box in enumerate(boxes)
        ]
    found: dict[int, float] = {}
    taken: set[int] = set()
    for like, row, number in sorted(rated, reverse=True):
        if like >= READ and -row not in found and number not in taken:
            found[-row] = boxes[number].y
            taken.add(number)
    if len(rows) == 1 and not found:
        found = _row_without_label(boxes, rows[0], table)
    return found


def _row_without_label(
    boxes: Sequence[TextBox], row: int, table: TableTemplate
) -> dict[int, float]:
    """A single row of figures below its headers: the line with as many figures as the form has."""
    figures = [box for box in boxes if is_figure(box.text)]
    for box in figures:
        if sum(abs(other.y - box.y) < 8 for other in figures) == len(table.figures):
            return {row: box.y}
    return {}


def _columns(
    boxes: Sequence[TextBox], heights: Collection[float], reach: float, count: int
) -> list[float]:
    """Part the figures of the rows at the widest gaps into ``count`` columns; their middles."""
    xs = sorted(
        box.x
        for box in boxes
        if is_figure(box.text) and min(abs(box.y - y) for y in heights) <= reach
    )
    if len(xs) < count:
        return []
    gaps = sorted(range(1, len(xs)), key=lambda i: xs[i] - xs[i - 1])[len(xs) - count :]
    edges = [0, *sorted(gaps), len(xs)]
    return [median(xs[a:b]) for a, b in pairwise(edges)]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads its models

    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
