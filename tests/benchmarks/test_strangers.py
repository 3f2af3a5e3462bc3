"""Strangers' documents hold what their truth says, and are counted as it is said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.compare import Case, Counts
from benchmarks.reading import Measured
from benchmarks.strangers import table
from benchmarks.strangers_drawing import WIDER, Order, draw, generator
from benchmarks.strangers_pages import LAYOUTS, LINK, Content, Layout, compose, draw_looks
from benchmarks.strangers_press import CHROMIUM, Press
from benchmarks.strangers_spoiling import SPOILINGS, Spoiling
from benchmarks.strangers_wear import WIDER_SPOILINGS
from benchmarks.strangers_wider import WIDER_LAYOUTS, compose_wider, widened
from benchmarks.truth import Truth, read_truth
from pipeline.intake import open_document
from reconstruct.templates import builtin

FORM = next(form for form in builtin() if form.id == "cn-foi/2021")
ALL_LAYOUTS = (*LAYOUTS, *(layout for layout in WIDER_LAYOUTS if layout not in LAYOUTS))
ALL_SPOILINGS = (
    *SPOILINGS,
    *(spoiling for spoiling in WIDER_SPOILINGS if spoiling not in SPOILINGS),
)


@pytest.mark.parametrize(
    ("seed", "layouts", "spoilings"),
    [(1, LAYOUTS, SPOILINGS), (WIDER, WIDER_LAYOUTS, WIDER_SPOILINGS)],
)
def test_every_layout_meets_every_spoiling_of_its_medium_in_the_long_run(
    seed: int, layouts: tuple[Layout, ...], spoilings: tuple[Spoiling, ...]
) -> None:
    orders = [Order("develop", seed, number) for number in range(14 * len(spoilings))]
    met = {(order.layout.name, order.spoiling.name) for order in orders}
    assert met == {
        (layout.name, spoiling.name)
        for layout in layouts
        for spoiling in spoilings
        if spoiling.medium in layout.media
    }


def test_documents_of_the_two_splits_share_no_random_numbers() -> None:
    develop = generator(Order("develop", 1, 3)).integers(1 << 60)
    assert develop == generator(Order("develop", 1, 3)).integers(1 << 60)
    assert develop != generator(Order("held-out", 1, 3)).integers(1 << 60)


@pytest.mark.parametrize("name", ["t2", "t3", "t4"])
@pytest.mark.parametrize(
    "layout",
    ALL_LAYOUTS,
    ids=lambda layout: layout.name,
)
def test_a_composed_page_holds_every_figure_once_and_every_label(name: str, layout: Layout) -> None:
    form = next(one for one in FORM.tables if one.id == name)
    printed = {c.address: str(n) for n, c in enumerate(form.figures) if c.address}
    rng = np.random.default_rng(5)
    looks = widened(draw_looks(rng, "develop", "paper"), layout, "develop", rng)
    content = Content("某局", ((form, printed),), whole=True)
    page = (compose if layout in LAYOUTS else compose_wider)(layout, content, looks, rng)
    found = re.findall(rf"{LINK}{name}/(\w+)/(\w+)'>(\d+)</a>", page)
    assert {(row, column): figure for row, column, figure in found} == printed
    assert len(found) == len(printed)
    assert all(page.count(cell.label) for cell in form.cells if cell.label)


@pytest.mark.parametrize(
    "spoiling",
    ALL_SPOILINGS,
    ids=lambda one: one.name,
)
def test_the_same_numbers_spoil_a_page_the_same_way(spoiling: Spoiling) -> None:
    page = np.full((500, 700, 3), 255, np.uint8)
    page[100:400:40, 50:650] = page[200:240, 300:400] = 0
    once, again = (spoiling.spoil(page, np.random.default_rng(3)) for _ in range(2))
    assert (once == again).all()
    assert once.dtype == np.uint8
    assert once.ndim == 3
    assert once.min() < 200 < once.max()


def test_tables_are_counted_by_layout_spoiling_and_grade() -> None:
    ones = [
        Measured("a.png", "light", "clean", Counts(documents=1, tables=1, tables_right=1), (), 1.0),
        Measured(
            "b.png",
            "heavy",
            "review",
            Counts(documents=1, tables=2, cells=10, review=4),
            (Case("lost", "b.png", "t3"),),
            1.0,
        ),
    ]
    truths = {
        name: Truth(Path(name), "", seen, (), ())
        for name, seen in (("a.png", "word clean"), ("b.png", "word fax"))
    }
    lines = {line[:18].strip(): line[18:].split() for line in table(ones, truths)[1:]}
    assert lines["layout word"][:5] == ["2", "3", "1", "0", "1"]
    assert lines["spoiling fax"][:8] == ["1", "2", "0", "0", "1", "10", "0", "4"]
    assert lines["grade light"][:3] == ["1", "1", "1"]
    assert lines["all"] == lines["layout word"]


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="UNTESTED: no chromium")
def test_a_drawn_document_opens_and_its_truth_names_its_pages(tmp_path: Path) -> None:
    order = next(
        order
        for order in (Order("develop", 3, number) for number in range(200))
        if order.layout.name == "printout"
    )
    with Press() as press:
        truth = read_truth(draw(order, tmp_path, press))
    document = open_document(truth.path)
    assert truth.tables
    pages = {page for one in truth.tables for page in one.pages}
    assert pages <= set(document.wanted)
    assert all(one.cells for one in truth.tables)
