"""Strangers' documents hold what their truth says, and are counted as it is said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.compare import Case, Counts
from benchmarks.reading import Measured
from benchmarks.strangers import table
from benchmarks.strangers_drawing import CHROMIUM, Order, Press, draw, generator
from benchmarks.strangers_pages import LAYOUTS, LINK, Content, Layout, compose, draw_looks
from benchmarks.strangers_spoiling import SPOILINGS, Spoiling
from benchmarks.truth import Truth, read_truth
from pipeline.intake import open_document
from reconstruct.templates import builtin

FORM = next(form for form in builtin() if form.id == "cn-foi/2021")


def test_every_layout_meets_every_spoiling_of_its_medium_in_the_long_run() -> None:
    orders = [Order("develop", 1, number) for number in range(10 * len(SPOILINGS))]
    met = {(order.layout.name, order.spoiling.name) for order in orders}
    assert met == {
        (layout.name, spoiling.name)
        for layout in LAYOUTS
        for spoiling in SPOILINGS
        if spoiling.medium in layout.media
    }


def test_documents_of_the_two_splits_share_no_random_numbers() -> None:
    develop = generator(Order("develop", 1, 3)).integers(1 << 60)
    assert develop == generator(Order("develop", 1, 3)).integers(1 << 60)
    assert develop != generator(Order("held-out", 1, 3)).integers(1 << 60)


@pytest.mark.parametrize("name", ["t2", "t3", "t4"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_composed_page_holds_every_figure_once_and_every_label(name: str, layout: Layout) -> None:
    form = next(one for one in FORM.tables if one.id == name)
    printed = {c.address: str(n) for n, c in enumerate(form.figures) if c.address}
    rng = np.random.default_rng(5)
    looks = draw_looks(rng, "develop", "paper")
    page = compose(layout, Content("某局", ((form, printed),), whole=True), looks, rng)
    found = re.findall(rf"{LINK}{name}/(\w+)/(\w+)'>(\d+)</a>", page)
    assert {(row, column): figure for row, column, figure in found} == printed
    assert len(found) == len(printed)
    assert all(page.count(cell.label) for cell in form.cells if cell.label)


@pytest.mark.parametrize("spoiling", SPOILINGS, ids=lambda spoiling: spoiling.name)
def test_the_same_numbers_spoil_a_page_the_same_way(spoiling: Spoiling) -> None:
    page = np.full((500, 700, 3), 255, np.uint8)
    page[100:400:40, 50:650] = 0
    once, again = (spoiling.spoil(page, np.random.default_rng(3)) for _ in range(2))
    assert (once == again).all()
    assert once.dtype == np.uint8
    assert once.ndim == 3
    assert once.min() < 180 < once.max()


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
        for order in (Order("develop", 99, number) for number in range(200))
        if order.layout.name == "printout"
    )
    with Press() as press:
        truth = read_truth(draw(order, tmp_path, press))
    document = open_document(truth.path)
    assert truth.tables
    pages = {page for one in truth.tables for page in one.pages}
    assert pages <= set(document.wanted)
    assert all(one.cells for one in truth.tables)
