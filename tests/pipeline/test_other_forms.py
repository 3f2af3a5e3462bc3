"""Other forms with the real readers: read by their files alone, and drafted from their pages."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from document.errors import OutputError
from pipeline import draft_template
from pipeline.intake import open_document
from pipeline.recover import Readers, load_readers, recover
from pipeline.template_picture import encoded, find_font, pages_of
from reconstruct.templates import builtin, load, of_text

if TYPE_CHECKING:
    from document.message import Language

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "samples" / "documents" / "other-forms"
FORMS = {path.stem: load(path) for path in (ROOT / "samples" / "forms").glob("*.toml")}


@cache
def readers() -> Readers:
    return load_readers(threads=1)


@pytest.mark.parametrize("name", ["enrolment.pdf", "income.jpg"])
def test_a_page_is_right_or_openly_in_doubt(name: str) -> None:
    path = PAGES / name
    report = recover(
        open_document(path), templates=(*FORMS.values(), *builtin()), readers=readers()
    )
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["tables"]
    assert [table.table for table in report.tables] == list(truth)
    (table,) = report.tables
    known = {(c["row"], c["column"]): c["value"] for c in truth[table.table]["cells"]}
    assert {cell.address for cell in table.cells} == set(known)
    right = 0
    for cell in table.cells:
        value = known[cell.address]
        fits = cell.value == (None if value is None else Decimal(value))
        assert fits or cell.needs_review, (cell.address, cell.printed, value)
        right += fits
    assert right >= 0.9 * len(known)
    if name == "enrolment.pdf":
        assert report.status == "clean"


def drafted(monkeypatch: pytest.MonkeyPatch, *scans: Path, language: Language = "en") -> str:
    monkeypatch.setattr(draft_template, "load_readers", readers)
    return draft_template.drafted(scans, language)


def test_a_filled_page_gives_back_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    form, faults = of_text(drafted(monkeypatch, PAGES / "enrolment.pdf"), "draft.toml")
    assert form is not None
    assert not faults
    (found,) = form.tables
    true = FORMS["school-enrolment"].tables[0]
    assert (found.rows, found.columns) == (true.rows, true.columns)
    places = [(cell.row, cell.column) for cell in found.figures]
    assert places == [(cell.row, cell.column) for cell in true.figures]
    at = {cell.address: (cell.row, cell.column) for cell in (*found.figures, *true.figures)}
    spoken = [
        {tuple(sorted(at[address] for address in equation.cells)) for equation in table.equations}
        for table in (found, true)
    ]
    assert spoken[0] == spoken[1], "just the sums that the form was drawn with"


def test_a_drawn_blank_form_gives_back_its_grid(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    try:
        font = find_font()
    except OutputError:
        pytest.skip("no font with Chinese characters")
    picture = tmp_path / "t3.png"
    picture.write_bytes(encoded([pages_of(builtin()[0], font)[1]], ".png"))
    text = drafted(monkeypatch, picture, language="zh")
    form, faults = of_text(text, "draft.toml")
    assert form is not None
    assert not faults
    (found,) = form.tables
    true = builtin()[0].tables[1]
    grids = [
        [(c.row, c.column, c.row_span, c.column_span, c.address is None) for c in table.cells]
        for table in (found, true)
    ]
    assert grids[0] == grids[1]
    assert "只据标签猜测" in text
    assert not found.equations
