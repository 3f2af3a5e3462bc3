"""Draws strangers' documents with their truth: composed, printed or shown, spoiled, written.

Only the figures are ``samples``' (what real tables contain); their printing is not.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image as Pictures

from benchmarks.strangers_pages import DARK, LAYOUTS, LINK, SECTIONS, Content, compose, draw_looks
from benchmarks.strangers_spoiling import SPOILINGS
from benchmarks.strangers_wear import WIDER_SPOILINGS
from benchmarks.strangers_wider import (
    WIDER_LAYOUTS,
    compose_wider,
    corrections,
    mannered,
    widened,
)
from benchmarks.strangers_word import print_word
from benchmarks.truth import SUFFIX
from reconstruct.templates import builtin
from samples.figures import draw_t2, draw_t3, draw_t4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from benchmarks.strangers_pages import Layout, Looks, Split
    from benchmarks.strangers_press import Press
    from benchmarks.strangers_spoiling import Image, Spoiling
    from document.template import Address
    from samples.figures import Generation, Level, TableFigures

    Drawer = Callable[[np.random.Generator, Level, Generation], TableFigures]

SPLITS: tuple[Split, ...] = ("develop", "held-out")
WIDER = 5
"""The first seed whose documents are of the wider kinds."""

CSS_DPI = 96
DRAWERS: Mapping[str, Drawer] = {"t2": draw_t2, "t3": draw_t3, "t4": draw_t4}
ZEROS = ("", "—", "/", "-", "无")


@dataclass(frozen=True, slots=True)
class Order:
    """A document that is wanted: the ``number``th of a split and seed."""

    split: Split
    seed: int
    number: int

    @property
    def wider(self) -> bool:
        """Tell whether it is of the wider kinds, which seeds up to ``WIDER`` do not have."""
        return self.seed >= WIDER

    @property
    def spoilings(self) -> tuple[Spoiling, ...]:
        """Return the spoilings of its seed, which follow one another."""
        return WIDER_SPOILINGS if self.wider else SPOILINGS

    @property
    def spoiling(self) -> Spoiling:
        """Return its spoiling."""
        return self.spoilings[self.number % len(self.spoilings)]

    @property
    def layout(self) -> Layout:
        """Return its layout: each round of spoilings goes through all that suit its medium."""
        medium = self.spoiling.medium
        layouts = WIDER_LAYOUTS if self.wider else LAYOUTS
        suited = [layout for layout in layouts if medium in layout.media]
        turn, place = divmod(self.number, len(self.spoilings))
        before = sum(s.medium == medium for s in self.spoilings[:place])
        return suited[(before + turn) % len(suited)]

    @property
    def stem(self) -> str:
        """Return the name of its files, without suffix."""
        return f"{self.split}-{self.seed}-{self.number:03d}-{self.layout.name}-{self.spoiling.name}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pages as pictures, and on which of them (from 0) each figure stands."""

    pages: tuple[Image, ...]
    places: Mapping[tuple[str, Address], int]


def generator(order: Order) -> np.random.Generator:
    """Return the random numbers of a document; those of two splits are never the same."""
    return np.random.default_rng([731, SPLITS.index(order.split), order.seed, order.number])


def draw(order: Order, folder: Path, press: Press) -> Path:
    """Draw a document into ``folder``; return the path of its truth, which is written last."""
    rng = generator(order)
    layout, spoiling = order.layout, order.spoiling
    content, tables = _content(rng, layout)
    looks = draw_looks(rng, order.split, spoiling.medium)
    if order.wider:
        looks = widened(looks, layout, order.split, rng)
    if spoiling.grade == "heavy" and looks.head in DARK:
        looks = replace(looks, head="none")  # in black and white nobody could read it
    density = float(rng.choice(spoiling.densities))
    drawn = _drawn(order, content, looks, (rng, press), density)
    pages = [spoiling.spoil(page, rng) for page in drawn.pages]
    if layout.name in {"turned", "sideways"}:
        pages = [np.rot90(page, int(rng.choice([1, 3]))).copy() for page in pages]
    path = _write(folder / order.stem, pages, rng)
    said = {
        "file": path.name,
        "severity": spoiling.grade,
        "seen_as": f"{layout.name} {spoiling.name}",
        "looks": f"{looks.font}, {looks.digits}, {looks.border}, {looks.head}",
        "tables": {
            name: {"template": template, "cells": _cells(figures, drawn.places)}
            for name, (template, figures) in tables.items()
        },
    }
    truth = folder / f"{order.stem}{SUFFIX}"
    truth.write_text(json.dumps(said, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return truth


def _content(
    rng: np.random.Generator, layout: Layout
) -> tuple[Content, dict[str, tuple[str, TableFigures]]]:
    """Draw what a document says; single tables are more common than reports."""
    generation: Generation = "2021" if rng.random() < 0.8 else "2019"
    template = next(t for t in builtin() if t.id == f"cn-foi/{generation}")
    levels: tuple[Level, ...] = ("bureau", "district", "city")
    level = levels[rng.integers(3)]
    wanted = str(rng.choice(["t3", "t2", "t4", "report"], p=[0.5, 0.15, 0.1, 0.25]))
    ids = ("t2", "t3", "t4") if wanted == "report" else (wanted,)
    tables = {
        table.id: (template.id, DRAWERS[table.id](rng, level, generation))
        for table in template.tables
        if table.id in ids
    }
    if layout.name == "manners":
        tables = {name: (form, _mannered(each, rng)) for name, (form, each) in tables.items()}
    tables = {name: (form, mannered(each, layout, rng)) for name, (form, each) in tables.items()}
    struck: dict[tuple[str, Address], str] = {}
    if layout.name == "corrected":
        for _, each in tables.values():
            struck |= corrections(each, rng)
    title = f"青石市水利局{rng.integers(2021, 2025)}年政府信息公开工作年度报告"
    if wanted != "report":  # a report's title would promise its other tables
        title = SECTIONS[wanted][2:]
    laid = tuple(
        (table, {entry.address: entry.printed for entry in tables[table.id][1].entries})
        for table in template.tables
        if table.id in tables
    )
    return Content(title, laid, wanted == "report", struck), tables


def _mannered(figures: TableFigures, rng: np.random.Generator) -> TableFigures:
    """Print counts with a unit, full-width, or with something else (or nothing) for zero."""
    manner, zero = str(rng.choice(["unit", "wide", "zero"])), str(rng.choice(ZEROS))
    entries = []
    for entry in figures.entries:
        new = entry
        if not entry.printed.isdigit() or entry.address[0] == "procurement":
            pass
        elif manner == "unit":
            new = replace(entry, printed=f"{entry.printed}件")
        elif manner == "wide":
            new = replace(entry, printed="".join(chr(ord(c) + 0xFEE0) for c in entry.printed))
        elif entry.printed == "0":
            new = replace(entry, printed=zero, value=None)
        entries.append(new)
    return replace(figures, entries=tuple(entries))


def _drawn(
    order: Order,
    content: Content,
    looks: Looks,
    means: tuple[np.random.Generator, Press],
    density: float,
) -> Drawn:
    rng, press = means
    if order.layout.name == "word":
        return _rendered(print_word(content, looks, rng), density)
    wide = order.layout in WIDER_LAYOUTS and order.layout not in LAYOUTS
    page = (compose_wider if wide else compose)(order.layout, content, looks, rng)
    if order.spoiling.medium == "screen":
        return Drawn((press.show(page, looks.width, density),), {})
    drawn = _rendered(press.print(page, framed=order.layout.name == "printout"), density)
    return _spread(drawn) if order.layout.name == "spread" else drawn


def _rendered(data: bytes, density: float) -> Drawn:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        places = {
            _figure(str(link.A.URI)): number
            for number, page in enumerate(pdf.pages)
            for link in _links(page)
            if str(link.A.URI).startswith(LINK)
        }
    document = pypdfium2.PdfDocument(data)
    pages = tuple(
        np.asarray(document[n].render(scale=density * CSS_DPI / 72).to_numpy()[..., :3], np.uint8)
        for n in range(len(document))
    )
    document.close()
    return Drawn(pages, places)


def _spread(drawn: Drawn) -> Drawn:
    """Lay pages beside one another as an open book lies on the glass, dark along its spine."""
    pages = list(drawn.pages)
    if len(pages) % 2:
        pages.append(np.full_like(pages[-1], 255))
    spreads = []
    for left, right in zip(pages[::2], pages[1::2], strict=True):
        both = np.hstack([left, right]).astype(np.float32)
        away = np.abs(np.arange(both.shape[1], dtype=np.float32) - left.shape[1])
        dark = 1 - 0.45 * np.exp(-away / (0.02 * both.shape[1]))
        spreads.append((both * dark[None, :, None]).astype(np.uint8))
    places = {figure: number // 2 for figure, number in drawn.places.items()}
    return Drawn(tuple(spreads), places)


def _links(page: pikepdf.Page) -> Iterator[Any]:
    for note in page.obj.get("/Annots", ()):
        if note.get("/Subtype") == "/Link" and "/A" in note and "/URI" in note.A:
            yield note


def _figure(link: str) -> tuple[str, Address]:
    table, row, column = link.removeprefix(LINK).split("/")
    return table, (row, column)


def _cells(
    figures: TableFigures, places: Mapping[tuple[str, Address], int]
) -> list[dict[str, Any]]:
    """Return a table's truth. A blank has no link: it stands where the figure before it does."""
    first = min((page for (name, _), page in places.items() if name == figures.table), default=0)
    page, cells = first, []
    for entry in figures.entries:
        page = places.get((figures.table, entry.address), page)
        row, column = entry.address
        said = {"row": row, "column": column, "printed": entry.printed, "value": entry.value}
        cells.append({**said, "page": page + 1})
    return cells


def _write(stem: Path, pages: list[Image], rng: np.random.Generator) -> Path:
    """Write the pages as people do: a lone one as a picture, several as a PDF or TIFF."""
    pictures = [Pictures.fromarray(np.ascontiguousarray(page[..., ::-1])) for page in pages]
    if len(pages) == 1 and rng.random() < 0.7:
        path = stem.with_name(f"{stem.name}.png")
        pictures[0].save(path)
        return path
    path = stem.with_name(f"{stem.name}.pdf")
    pictures[0].save(path, save_all=True, append_images=pictures[1:], quality=90, resolution=150)
    return path
