"""A form is known by its merged cells where no word of it can be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reconstruct.register import identify
from reconstruct.stitch import stitch
from reconstruct.structure import shown_by, told
from tests.reconstruct.printed_forms import assert_right, form, printed, relabelled, table

if TYPE_CHECKING:
    from document.fragment import Fragment
    from document.lattice import Lattice
    from document.template import TemplateCell

FORMS = (form("2021"), form("2019"))


def blotted(cell: TemplateCell) -> str:
    """Say what is left of a label on a bad fax, and the figures."""
    return ".:" if cell.address is None else "3"


def torn(lattice: Lattice, share: float, seed: int) -> Lattice:
    """Erase ``share`` of all edges, and draw a stroke over one in fifty of those not printed."""
    chance = np.random.default_rng(seed)

    def spoiled(rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        return tuple(
            tuple(
                float(chance.random() >= share) if edge else float(chance.random() < 0.02)
                for edge in row
            )
            for row in rows
        )

    return replace(lattice, across=spoiled(lattice.across), down=spoiled(lattice.down))


def without_separator(fragment: Fragment, row: int) -> Fragment:
    """Erase a separator of rows over the whole width of a table: two bands are one."""
    lattice = fragment.lattice
    return replace(
        fragment,
        spans=(),
        lattice=replace(
            lattice,
            nodes=(*lattice.nodes[:row], *lattice.nodes[row + 1 :]),
            across=(*lattice.across[:row], *lattice.across[row + 1 :]),
            down=(*lattice.down[: row - 1], *lattice.down[row:]),
            row_walls=lattice.row_walls[:-1],
        ),
    )


@pytest.mark.parametrize(("year", "kind"), [("2021", "t3"), ("2019", "t3"), ("2021", "t4")])
def test_every_figure_of_a_blotted_table_is_found(year: str, kind: str) -> None:
    page = printed(table(year, kind), say=blotted)
    assert identify(page.fragments, FORMS) is None
    found = identify([told(page.fragments[0], FORMS)], FORMS)
    assert found is not None
    assert found.table.id == kind
    assert_right(found, page)
    assert all(place.reliable for place in found.places)


def test_a_blotted_page_goes_on_with_the_legible_one_before_it() -> None:
    whole = table("2021", "t3")
    head = printed(whole, rows=range(5))
    rest = printed(whole, rows=range(5, whole.rows), say=blotted)
    both = [*head.fragments, told(rest.fragments[0], FORMS)]
    found, unknown = stitch(both, FORMS)
    assert not unknown
    assert [one.fragments for one in found] == [(0, 1)]
    assert len(found[0].registration.places) == len(whole.figures)


@pytest.mark.parametrize("year", ["2021", "2019"])
@pytest.mark.parametrize(("share", "least"), [(0.1, 0.8), (0.3, 0.6)])
def test_torn_lines_leave_a_band_unknown_but_never_another(
    year: str, share: float, least: float
) -> None:
    page = printed(table(year, "t3"), say=blotted).fragments[0]
    known = 0
    for seed in range(60):
        for other, shown in shown_by(torn(page.lattice, share, seed), FORMS):
            if other == table(year, "t3"):
                assert all(line in {None, band} for band, line in enumerate(shown))
                known += sum(line is not None for line in shown)
    assert known > least * 60 * page.lattice.rows


def test_rows_run_together_are_not_told_and_those_after_them_not_shifted() -> None:
    page = printed(table("2021", "t3"), say=blotted).fragments[0]
    joined = without_separator(page, 13)
    ((_, shown),) = shown_by(joined.lattice, FORMS)
    truth = [*range(12), None, *range(14, page.lattice.rows)]
    wrong = [b for b, line in enumerate(shown) if line is not None and line != truth[b]]
    assert not wrong
    assert shown[:5] == (0, 1, 2, 3, 4)
    assert shown[-9:] == tuple(range(19, 28))


def test_a_plain_grid_is_no_form() -> None:
    page = printed(table("2021", "t3"), say=blotted).fragments[0]
    drawn = replace(
        page.lattice,
        across=tuple((1.0,) * len(row) for row in page.lattice.across),
        down=tuple((1.0,) * len(row) for row in page.lattice.down),
    )
    assert shown_by(drawn, FORMS) == ()


def test_columns_without_any_line_are_no_form() -> None:
    page = printed(table("2021", "t3"), say=blotted).fragments[0]
    bare = replace(
        page.lattice,
        across=tuple((0.0,) * len(row) for row in page.lattice.across),
        down=tuple((0.0,) * len(row) for row in page.lattice.down),
    )
    assert shown_by(bare, FORMS) == ()


def test_the_legible_words_of_another_form_are_believed() -> None:
    whole = table("2021", "t3")
    words = {cell.label: "某某" * max(1, len(cell.label) // 2) for cell in whole.cells}
    page = printed(whole, say=relabelled(words))
    assert told(page.fragments[0], FORMS) is page.fragments[0]


def test_a_label_that_can_be_read_elsewhere_is_believed() -> None:
    whole = table("2021", "t3")
    labels = [c for c in whole.cells if c.address is None and c.row > 5 and len(c.label) > 5]

    def say(cell: TemplateCell) -> str:
        shifted = cell in labels and labels.index(cell) == 4
        return labels[7].label if shifted else blotted(cell)

    page = printed(whole, say=say)
    assert told(page.fragments[0], FORMS) is page.fragments[0]


def test_lines_whose_labels_are_lost_are_known_by_the_merged_cells_around_them() -> None:
    """Too many in succession to be counted between those that are read; and no figures in them."""
    lost = range(11, 17)

    def say(cell: TemplateCell) -> str:
        if cell.row not in lost:
            return "3" if cell.address else cell.label
        return "" if cell.address else "口丨口丨"

    page = printed(table("2021", "t3"), say=say)
    found = identify(page.fragments, FORMS)
    assert found is not None
    assert_right(found, page)
    assert all(place.reliable for place in found.places)
    drawn = page.fragments[0]
    supposed = replace(drawn, lattice=replace(drawn.lattice, supposed=True))
    found = identify([supposed], FORMS)
    assert found is not None
    assert not all(place.reliable for place in found.places)
