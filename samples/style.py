"""How a report looks: fonts, borders, widths, wording. Drawn by seed, apart for each split.

The split ``bench`` draws mostly from fonts and ranges that ``develop`` never sees, so that an
accuracy measured on it is not one of pages somebody has tuned against.
"""

from __future__ import annotations

import functools
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

Split: TypeAlias = Literal["develop", "bench"]
Align: TypeAlias = Literal["left", "center", "right"]
T = TypeVar("T")

CJK_FONTS: dict[Split, tuple[str, ...]] = {
    "develop": (
        *("Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "AR PL UMing CN"),
        *("FandolFang", "FandolHei"),
    ),
    "bench": (
        *("WenQuanYi Micro Hei", "AR PL UKai CN", "AR PL SungtiL GB", "AR PL KaitiM GB"),
        *("LXGW WenKai", "FandolSong", "FandolKai", "FandolFang"),
    ),
}
# "" means: the digits of the Chinese font itself.
LATIN_FONTS: dict[Split, tuple[str, ...]] = {
    "develop": (
        *("", "", "Liberation Serif", "Liberation Sans", "DejaVu Sans", "DejaVu Serif"),
        "Liberation Mono",
    ),
    "bench": (
        *("", "", "Nimbus Roman", "TeX Gyre Termes", "TeX Gyre Heros Cn", "Carlito", "Caladea"),
        *("Liberation Sans Narrow", "DejaVu Sans Condensed", "TeX Gyre Pagella", "Nimbus Sans"),
    ),
}


Frame: TypeAlias = Literal["grid", "level", "three", "outer", "none"]
SIDES = ("top", "left", "bottom", "right")
LEVEL = ("top", "bottom")
RULED: dict[Frame, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "grid": (SIDES, SIDES, ()),
    "level": (LEVEL, LEVEL, ()),
    "three": (LEVEL, (), ("bottom",)),
    "outer": (SIDES, (), ()),
    "none": ((), (), ()),
}
"""Which sides are ruled: of the table, of every cell, of the cells of the header."""


@dataclass(frozen=True, slots=True)
class Border:
    """A ruling line: width in CSS pixels (1/96 inch), CSS style and colour.

    ``frame`` says which lines of a table are drawn: all of them, those along rows, three (above
    and below the table, and under its header), those around it, or none.
    """

    width: float
    style: str
    colour: str
    outer: float
    frame: Frame = "grid"


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of one document. Lengths in pt unless said otherwise.

    ``t2_widths`` and ``t3_widths`` are shares of the text width per grid column;
    ``margins`` are top, right, bottom, left in mm.
    """

    cjk: str
    latin: str
    heading_font: str
    size: float
    table_size: float
    figure_size: float
    bold_figures: bool
    border: Border
    fill: str
    bold_header: bool
    align_figures: Align
    align_labels: Align
    padding: float
    row_padding: float
    t2_widths: tuple[float, ...]
    t3_widths: tuple[float, ...]
    margins: tuple[float, float, float, float]
    page_number: str
    line_height: float
    # Wording
    half_width: bool
    item_mark: str
    breaks: bool
    variants: bool
    top_total: bool
    uneven_t2: bool
    hand_split: bool
    cut_label: Literal["cut", "first", "repeat"]
    keep_together: bool


@functools.cache
def installed_fonts() -> frozenset[str]:
    """Return the families fontconfig knows."""
    listed = subprocess.run(
        ["fc-list", ":", "family"], capture_output=True, text=True, check=True
    ).stdout
    return frozenset(
        name.strip() for line in listed.splitlines() for name in line.replace(":", "").split(",")
    )


def available(fonts: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``fonts`` that are installed ("" always is). Raises RuntimeError if none."""
    found = tuple(font for font in fonts if not font or font in installed_fonts())
    if not any(found):
        msg = f"none of these fonts is installed, see samples/README.md: {', '.join(fonts)}"
        raise RuntimeError(msg)
    return found


def _pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    return items[int(rng.integers(len(items)))]


def _border(rng: np.random.Generator, split: Split) -> Border:
    kind = rng.random()
    if kind < 0.62:
        width = float(rng.uniform(0.6, 1.5))
        outer = width * float(rng.choice([1, 1, 1.6, 2.4]))
        return Border(width, "solid", "#000", outer)
    if kind < 0.74:
        grey = int(rng.integers(110, 190))
        colour = f"#{grey:02x}{grey:02x}{min(grey + 10, 255):02x}"
        return Border(float(rng.uniform(0.7, 1.4)), "solid", colour, 1.0)
    if kind < 0.86:
        return Border(float(rng.uniform(0.3, 0.55)), "solid", "#111", 0.5)
    if kind < 0.92:
        return Border(3.0, "double", "#000", 3.0)
    if split == "bench" and kind < 0.96:
        return Border(1.0, "dashed", "#333", 1.2)
    return Border(float(rng.uniform(1.6, 2.4)), "solid", "#000", 2.6)


def draw_style(rng: np.random.Generator, split: Split) -> Style:
    """Draw the looks of a document of ``split``."""
    bench = split == "bench"
    cjk = _pick(rng, available(CJK_FONTS[split]))
    table_size = float(rng.uniform(8.0, 11.5) if bench else rng.uniform(8.5, 12))
    narrow = rng.random() < 0.25
    return Style(
        cjk=cjk,
        latin=_pick(rng, available(LATIN_FONTS[split])),
        heading_font=_pick(rng, (cjk, *available(CJK_FONTS[split])[:2])),
        size=float(rng.uniform(11, 15)),
        table_size=table_size,
        figure_size=table_size * float(rng.choice([1, 1, 1, 1.15, 0.9])),
        bold_figures=bool(rng.random() < 0.05),
        border=_border(rng, split),
        fill=_pick(rng, ("", "", "", "#c6d9f1", "#e7e6e6", "#fff2cc", "#dbe5f1"))
        if not bench
        else _pick(rng, ("", "", "", "#d9ead3", "#eeece1", "#f2f2f2", "#bfbfbf")),
        bold_header=bool(rng.random() < 0.25),
        align_figures=_pick(rng, ("center", "center", "center", "center", "left", "right")),
        align_labels=_pick(rng, ("left", "left", "center")),
        padding=float(rng.uniform(0.3, 1.2) if narrow else rng.uniform(1.5, 5)),
        row_padding=float(rng.uniform(0, 2) if rng.random() < 0.5 else rng.uniform(2, 6)),
        t2_widths=_t2_widths(rng),
        t3_widths=_t3_widths(rng, narrow=bool(narrow)),
        margins=(
            float(rng.uniform(15, 37)),
            float(rng.uniform(14, 28)),
            float(rng.uniform(15, 35)),
            float(rng.uniform(14, 30)),
        ),
        page_number=_pick(rng, ("", "— {} —", "- {} -", "{}", "第{}页")),
        line_height=float(rng.uniform(1.3, 2.0)),
        half_width=bool(rng.random() < 0.25),
        item_mark=_pick(rng, (".", ".", ".", ".", "、", ". ")),
        breaks=bool(rng.random() < 0.3),
        variants=bool(rng.random() < 0.25),
        top_total=bool(rng.random() < 0.12),
        uneven_t2=bool(rng.random() < 0.08),
        hand_split=bool(rng.random() < 0.08),
        cut_label=_pick(rng, ("cut", "cut", "first", "repeat" if bench else "first")),
        keep_together=bool(rng.random() < 0.5),
    )


def _t2_widths(rng: np.random.Generator) -> tuple[float, ...]:
    first = float(rng.uniform(0.2, 0.4))
    rest = rng.uniform(0.8, 1.2, 3) if rng.random() < 0.5 else [1.0, 1.0, 1.0]
    total = float(sum(rest))
    return (first, *(float(r) * (1 - first) / total for r in rest))


def _t3_widths(rng: np.random.Generator, *, narrow: bool) -> tuple[float, ...]:
    """Ten columns: three of labels, seven of figures."""
    labels = [rng.uniform(0.035, 0.08), rng.uniform(0.08, 0.15), rng.uniform(0.2, 0.36)]
    if narrow:
        labels[2] = rng.uniform(0.36, 0.46)
    rest = 1 - float(sum(labels))
    shares = rng.uniform(0.8, 1.25, 7) if rng.random() < 0.6 else [1.0] * 7
    total = float(sum(shares))
    return (*(float(w) for w in labels), *(float(s) * rest / total for s in shares))
