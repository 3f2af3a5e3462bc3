"""A PDF page that holds its own words: believed where its pixels do not speak against them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from document.geometry import Box, hull
from document.glyph import Glyph
from document.message import Message
from document.numeral import Kind, parse
from document.report import Finding
from layout.drawn import lattices_drawn
from pipeline.affine import common
from pipeline.glyph_looks import odd_ones
from pipeline.typed_part import TypedPart, lines_of, typed_sight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from document.fragment import SpanText
    from document.page import Page, PageFailure
    from document.reading import Reading
    from pipeline.sight import Sight
    from pipeline.text_layer import Layer

    Read: TypeAlias = Callable[[Sequence[NDArray[np.uint8]]], tuple[Reading, ...]]
    Glance: TypeAlias = Callable[[Sequence[NDArray[np.uint8]], Sequence[Box]], tuple[str, ...]]

PROOF_DPI = 150
"""Resolution at which a page is looked at to see whether it shows what it says."""

FINER_DPI = 300
"""Resolution at which a figure that seems to differ is looked at again."""

MOST_FIGURES = 24
"""Figures of a page that are read in its pixels too, at most."""

EACH_DIGIT = 2
"""Figures that are read for every digit, where all of its kind look alike."""

LARGE_PICTURE = 0.04
"""Share of a page from which a picture may hold a table, or hide one."""

SEEN = 48
"""Steps of grey, of 255, from which something is drawn."""

RIM = 0.9
"""Share of a row or column of pixels that a frame covers at least."""

DEARER = 3.0
"""Nats by which the pixels must speak for another figure to contradict the text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """A figure to be looked at: its cell, what it says, and the height of its table's text."""

    span: SpanText
    text: str
    glyphs: tuple[Glyph, ...]
    em: float


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A page with its own words, in pixels of the page image that it would be rendered to.

    ``dpi`` is that of the page image. ``render`` takes a resolution to the page's picture,
    (height, width) uint8; ``pixels`` takes the page as any other.
    """

    number: int
    sight: Sight
    dpi: float
    render: Callable[[float], NDArray[np.uint8]]
    pixels: Callable[[], Page | PageFailure]


def usable(layer: Layer) -> bool:
    """Tell whether a page's own words can be all that is to be read on it."""
    page = Box(0, 0, layer.width, layer.height)
    area = layer.width * layer.height
    for picture in layer.pictures:
        seen = common(picture, page)
        if seen.width * seen.height > LARGE_PICTURE * area:
            return False
    return layer.level and not layer.unread


def sight_of(layer: Layer, number: int, dpi: float) -> Sight | None:
    """Find tables by the lines that a page draws; None where its lines do not explain it."""
    em = median(glyph.line.height for glyph in layer.glyphs)
    scale = dpi / 72
    lattices = lattices_drawn([_scaled(box, scale) for box in layer.lines], em * scale, number)
    glyphs = [
        Glyph(g.text, _scaled(g.box, scale), _scaled(g.line, scale), g.run) for g in layer.glyphs
    ]
    sight = typed_sight(number, lattices, glyphs)
    if any(_columns(line.text or "") for line in sight.loose):
        return None  # columns of figures without lines around them
    return sight


def _columns(line: str) -> bool:
    words = line.split()
    return sum(parse(word, "signed").kind is Kind.NUMBER for word in words) > 3


def shows_what_it_says(leaf: Leaf, read: Read, glance: Glance | None) -> bool:
    """Tell whether the pixels of a page's tables bear its words out.

    There must be ink where there are words and none in cells without; all digits of a kind
    must look alike, and of every kind some are read: by ``glance``, if there is one, which
    costs little, and by ``read`` what does not look to that one as the page says.
    """
    parts = [part for part in leaf.sight.parts if isinstance(part, TypedPart)]
    if not parts:
        return True
    picture = leaf.render(PROOF_DPI)
    factor = PROOF_DPI / leaf.dpi
    if not all(_inked_alike(picture, factor, part) for part in parts):
        return False
    unlike = _unlike(_samples(parts, picture, factor), picture, factor, glance)
    doubted = _contradicted(unlike, picture, factor, read) if unlike else []
    if not doubted:
        return True
    return not _contradicted(doubted, leaf.render(FINER_DPI), FINER_DPI / leaf.dpi, read)


def _unlike(
    samples: Sequence[_Sample], picture: NDArray[np.uint8], factor: float, glance: Glance | None
) -> Sequence[_Sample]:
    """Return the samples that do not look at once as the page says."""
    if glance is None or not samples:
        return samples
    crops, lines = [], []
    for one in samples:
        ink = _scaled(hull(glyph.box for glyph in one.glyphs), factor)
        around = ink.inset(-0.5 * ink.height)
        left, top = _corner(1.0, around)
        crops.append(np.repeat(_patch(picture, 1.0, around)[:, :, None], 3, axis=2))
        lines.append(Box(ink.left - left, ink.top - top, ink.right - left, ink.bottom - top))
    seen = zip(samples, glance(crops, lines), strict=True)
    return [one for one, text in seen if text != one.text]


def _contradicted(
    samples: Sequence[_Sample], picture: NDArray[np.uint8], factor: float, read: Read
) -> list[_Sample]:
    """Return the samples of which the pixels do not say what the page says."""
    crops = [_crop(picture, factor, one.span.span.box, one.em) for one in samples]
    return [
        one
        for one, reading in zip(samples, read(crops), strict=True)
        if not _agrees(reading, one.text)
    ]


def _samples(
    parts: Sequence[TypedPart], picture: NDArray[np.uint8], factor: float
) -> list[_Sample]:
    """Choose figures to be read: some with every digit, and all that look unlike their like."""
    found: list[_Sample] = []
    patches: list[tuple[str, NDArray[np.uint8]]] = []
    owners: list[int] = []
    for part in parts:
        for cell, (span, (_, glyphs)) in enumerate(
            zip(part.fragment.spans, part.glyphs, strict=True)
        ):
            lines = lines_of(glyphs)
            if cell in part.crowded or len(lines) != 1 or span.lines or not lines[0][1].isascii():
                continue
            for glyph in glyphs:
                patches.append((glyph.text, _patch(picture, factor, glyph.box.inset(-1.0))))
                owners.append(len(found))
            found.append(_Sample(span, lines[0][1], glyphs, part.em))
    odd = {owners[number] for number in odd_ones(patches)}
    wanted = sorted(odd)
    left = {digit: EACH_DIGIT for one in found for digit in one.text}
    for number in sorted(range(len(found)), key=lambda n: -len(set(found[n].text))):
        digits = {digit for digit in found[number].text if left[digit] > 0}
        if digits and number not in odd:
            wanted.append(number)
            for digit in found[number].text:
                left[digit] -= 1
    return [found[number] for number in wanted[:MOST_FIGURES]]


def _agrees(reading: Reading, text: str) -> bool:
    """Tell whether the pixels may say ``text``."""
    value = parse(text, "signed").value
    costs = [c.cost for c in reading.candidates if c.text == text]
    costs += [c.cost for c in reading.candidates if parse(c.text, "signed").value == value]
    return bool(costs) and min(costs) <= reading.best.cost + DEARER


def _inked_alike(picture: NDArray[np.uint8], factor: float, part: TypedPart) -> bool:
    """Tell whether all figures of a part have ink, and its blank cells have none.

    Cells that share their room with a neighbour's figure can only tell the former.
    """
    for cell, (span, (_, glyphs)) in enumerate(zip(part.fragment.spans, part.glyphs, strict=True)):
        if span.lines or cell in part.cut:
            continue
        room = span.span.box.inset(0.15 * part.em)
        if cell in part.crowded:
            room = hull((room, *(glyph.box for glyph in glyphs)))
        patch = _patch(picture, factor, room)
        if patch.size == 0:
            continue
        drawn = np.abs(patch.astype(np.int16) - int(np.median(patch))) >= SEEN
        _clear_rim(drawn)
        left, top = _corner(factor, room)
        for glyph in glyphs:
            box = _scaled(glyph.box, factor)
            rows = slice(max(0, int(box.top - top) - 1), max(0, int(box.bottom - top) + 2))
            columns = slice(max(0, int(box.left - left) - 1), max(0, int(box.right - left) + 2))
            if not drawn[rows, columns].any():
                return False
            drawn[rows, columns] = False
        if drawn.sum() > 2 and cell not in part.crowded:
            return False
    return True


def _clear_rim(drawn: NDArray[np.bool_]) -> None:
    """Take out what a thick frame leaves along the sides of a cell."""
    for side in (drawn, drawn[::-1], drawn.T, drawn.T[::-1]):
        for line in side[: len(side) // 4]:
            if line.mean() < RIM:
                break
            line[:] = False


def _corner(factor: float, box: Box) -> tuple[int, int]:
    return max(0, round(box.left * factor)), max(0, round(box.top * factor))


def _patch(picture: NDArray[np.uint8], factor: float, box: Box) -> NDArray[np.uint8]:
    left, top = _corner(factor, box)
    return picture[
        top : max(top, round(box.bottom * factor)), left : max(left, round(box.right * factor))
    ]


def _crop(picture: NDArray[np.uint8], factor: float, box: Box, em: float) -> NDArray[np.uint8]:
    grey = _patch(picture, factor, box.inset(0.08 * em))
    return np.repeat(grey[:, :, None], 3, axis=2)


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def belied(number: int) -> Finding:
    """Say that a page's words were left aside because its pixels show others."""
    return Finding(
        "text-layer-wrong",
        Message(
            f"第 {number} 页的文字层与画面不符（可能是他人识别的结果），已改按画面读取",
            f"the text layer of page {number} is not what the page shows (perhaps somebody's "
            "OCR); it was left aside and the page read from its pixels",
        ),
        page=number,
    )
