"""A row without any figure is doubted where the row beside it is not proved either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconstruct.register import identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import as_printed, fragment_of, printed, table

if TYPE_CHECKING:
    from document.template import TemplateCell


def doubted(unread: set[int], blank: int) -> set[str]:
    """Return the rows in doubt: labels of ``unread`` lines are lost, ``blank`` has no figures."""

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return "" if cell.row == blank else as_printed(cell)
        return "口口" if cell.row in unread and cell.row_span == 1 else cell.label

    page = printed(table("2021", "t3"), say=say).fragments[0]
    # supposed lines are drawn as the form has them: merged cells tell nothing
    page = replace(page, lattice=replace(page.lattice, supposed=True))
    found = identify([page], builtin())
    assert found is not None
    return {place.address[0] for place in found.places if not place.reliable}


def test_a_blank_row_between_rows_that_are_read_is_blank() -> None:
    assert "d3" not in doubted(set(), 9)


def test_a_blank_row_beside_rows_that_are_not_may_have_lost_its_figures() -> None:
    assert "d3" in doubted({10, 11, 12, 13, 14}, 9)


def test_a_row_whose_figures_stand_in_a_band_that_is_no_row_is_in_doubt() -> None:
    form = table("2021", "t3")
    first = min(cell.row for cell in form.figures)
    labels = [
        [c.label for c in form.cells if c.row == row and c.address is None and c.row_span == 1]
        for row in range(first, form.rows)
    ]
    texts = [[*own, *["0"] * 7] for own in labels]
    at = next(n for n, own in enumerate(labels) if "未按收费通知" in "".join(own))
    parted = [*texts[:at], [*labels[at], *[""] * 7], ["", *["0"] * 7], *texts[at + 1 :]]
    for rows, expected in ((texts, False), (parted, True)):
        found = identify((fragment_of(rows),), builtin())
        assert found is not None
        place = next(p for p in found.places if p.address == ("o2", "person"))
        assert (not place.reliable and not place.countable) is expected
