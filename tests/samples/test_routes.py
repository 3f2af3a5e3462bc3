"""The two ways of drawing, through Chromium and through LibreOffice, put cells where they say.

Both programs are only needed to make new samples; where one is absent, its test is skipped and
the summary says so.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from samples.figures import draw_t2, draw_t3, draw_t4
from samples.report import compose_report
from samples.scene import plain_style
from samples.write_docx import print_all
from samples.write_html import Browser

if TYPE_CHECKING:
    from samples.sheet import Draft, Sheet

FONT = "Noto Serif CJK SC"
CHROMIUM = Path("/usr/bin/chromium")
no_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="DRAWING UNTESTED: no chromium")
no_office = pytest.mark.skipif(not shutil.which("soffice"), reason="DRAWING UNTESTED: no soffice")


def draft() -> Draft:
    rng = np.random.default_rng(4)
    tables = tuple(draw(rng, "city", "2021") for draw in (draw_t2, draw_t3, draw_t4))
    style = replace(plain_style("route", FONT, ""), heading_font=FONT)
    return compose_report(rng, style, ("云溪市人民政府", 2023), tables)[0]


def check(sheets: list[Sheet]) -> None:
    seen = set()
    for sheet in sheets:
        height, width = sheet.image.shape[:2]
        for mark in sheet.marks:
            if not mark.address:
                continue
            assert (mark.table, mark.address) not in seen
            seen.add((mark.table, mark.address))
            low, high = sheet.text_corners(mark)[[0, 2]]
            cell_low, cell_high = sheet.cell_corners(mark)[[0, 2]]
            assert (low >= cell_low - 2).all()
            assert (high <= cell_high + 2).all()
            assert (cell_high <= [width, height]).all()
            left, top, right, bottom = (int(v) for v in (*low, *high))
            assert sheet.image[top:bottom, left:right].min() < 100
    assert len(seen) == 10 + 175 + 15


@no_chromium
def test_chromium_draws_every_figure_inside_its_cell() -> None:
    with Browser() as browser:
        check(browser.draw(draft(), 120))
        check(browser.screenshot(draft(), 1.0))


@no_office
def test_libreoffice_draws_every_figure_inside_its_cell() -> None:
    (printed,) = print_all([draft()])
    check(printed.sheets(120))
