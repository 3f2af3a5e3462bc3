"""Which of two looks is believed: lines that are drawn, and tables that have swallowed nothing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from document.lattice import Lattice
from pipeline.worth import better, complete, doubted, strays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.sight import Part
    from reconstruct.stitch import Stitched

XS = (100.0, 200.0, 300.0, 400.0)
YS = (50.0, 80.0, 112.0, 150.0)


def part(
    ys: Sequence[float] = YS,
    xs: Sequence[float] = XS,
    drawn: float = 1.0,
    *,
    supposed: bool = False,
) -> Part:
    """Return a table with separators at these places, each edge drawn to that share."""
    nodes = tuple(tuple((x, y) for x in xs) for y in ys)
    across = tuple((drawn,) * (len(xs) - 1) for _ in ys)
    down = tuple((drawn,) * len(xs) for _ in ys[1:])
    walls = (0.0,) * len(ys), (0.0,) * len(xs)
    lattice = Lattice(1, nodes, across, down, *walls, supposed)
    return cast("Part", SimpleNamespace(fragment=SimpleNamespace(lattice=lattice), em=20.0))


MISSING = (50.0, 80.0, 98.0, 150.0)


def test_a_fitted_table_that_misses_a_drawn_line_strays() -> None:
    assert strays(part(ys=MISSING, supposed=True), part())
    assert strays(part(xs=(100.0, 180.0, 300.0, 400.0), supposed=True), part())


def test_one_that_keeps_to_the_lines_and_adds_others_does_not() -> None:
    more = (50.0, 80.0, 95.0, 113.0, 150.0)
    assert not strays(part(ys=more, supposed=True), part())


@pytest.mark.parametrize("drawn", [0.5, 0.0])
def test_torn_or_absent_lines_bind_nobody(drawn: float) -> None:
    assert not strays(part(ys=MISSING, supposed=True), part(drawn=drawn))


def test_what_is_drawn_as_well_or_lies_outside_is_another_question() -> None:
    assert not strays(part(ys=MISSING), part())
    assert not strays(part(supposed=True), part(ys=(10.0, *YS, 190.0)))


def test_a_scrap_of_a_line_and_its_shadow_binds_no_whole_table() -> None:
    fitted = part(
        ys=[50.0 + 22 * row for row in range(27)],
        xs=[90.0 + 60 * column for column in range(11)],
        supposed=True,
    )
    scrap = part(ys=(610.0, 632.0), xs=(234.0, 680.0))
    assert not strays(fitted, scrap)
    assert strays(fitted, part(ys=(585.0, 610.0, 632.0, 655.0)))


def table(
    score: float,
    left_over: int,
    proved: int = 60,
    found: int = 100,
    wanted: int = 100,
    labels: float = 1.0,
) -> Stitched:
    """Return a table with ``found`` of ``wanted`` places, so many of them proved."""
    places = tuple(SimpleNamespace(reliable=number < proved, fragment=0) for number in range(found))
    one = SimpleNamespace(
        score=score,
        left_over=left_over,
        places=places,
        matches=(SimpleNamespace(line=1), SimpleNamespace(line=9)),
        table=SimpleNamespace(figures=(SimpleNamespace(row=5),) * wanted),
        labels=labels,
    )
    return cast("Stitched", SimpleNamespace(registration=one, fragments=(0,)))


def test_of_two_looks_that_find_as_much_the_one_that_swallowed_nothing_is_better() -> None:
    assert better(table(10.6, 0), table(9.4, 4))
    assert not better(table(9.4, 4), table(10.6, 0))
    assert not better(table(9.4, 0), table(10.6, 4))
    assert not better(table(10.6, 0), table(9.4, 0))
    assert not better(table(10.6, 0, proved=59), table(9.4, 4))


@pytest.mark.parametrize("fragments", [(-1, 0), (0, 1)])
def test_a_look_is_judged_by_the_places_of_its_own_page(fragments: tuple[int, int]) -> None:
    """Of 28 figures on the second page 12 are in doubt, of those on both pages few."""
    places = [SimpleNamespace(fragment=0, reliable=True)] * 147
    places += [SimpleNamespace(fragment=1, reliable=number >= 12) for number in range(28)]
    registration = SimpleNamespace(places=tuple(places))
    one = cast("Stitched", SimpleNamespace(registration=registration, fragments=fragments))
    assert doubted(one) == (fragments[0] < 0)


def test_places_that_only_lines_of_something_else_make_do_not_count_against_a_whole_table() -> None:
    swallowing = table(9.4, 2, found=108)
    assert better(table(10.6, 0), swallowing)
    assert not better(table(10.6, 0, wanted=101), swallowing)
    assert not better(table(10.6, 0, found=55, wanted=55), table(9.4, 2))
    assert not better(swallowing, table(10.6, 0))


def test_a_part_without_its_header_of_which_nothing_is_proved_is_no_whole_table() -> None:
    """Torn rules left one line of a form: a further look finds the rest of it."""
    assert not complete(table(1.4, 0, proved=0, found=1, wanted=1))
    assert complete(table(9.4, 0, proved=3, found=28, wanted=28))  # a table that goes on


def test_a_look_that_proves_the_whole_table_may_read_some_words_worse() -> None:
    doubtful = table(9.0, 1, proved=6, found=10, wanted=10)
    assert better(table(8.5, 0, proved=10, found=10, wanted=10, labels=0.8), doubtful)
    assert not better(table(8.0, 0, proved=10, found=10, wanted=10, labels=0.8), doubtful)
    assert not better(table(8.5, 2, proved=10, found=10, wanted=10, labels=0.8), doubtful)


def test_lines_among_labels_part_no_figures() -> None:
    fitted = part(xs=(100.0, 230.0, 300.0, 400.0), supposed=True)
    figures = [((300.0, 50.0), (400.0, 50.0), (400.0, 80.0), (300.0, 80.0))]
    assert strays(fitted, part())
    assert not strays(fitted, part(), figures)
    figures.append(((180.0, 50.0), (300.0, 50.0), (300.0, 80.0), (180.0, 80.0)))
    assert strays(fitted, part(), figures)
    assert strays(part(ys=MISSING, supposed=True), part(), figures[:1])


def test_a_row_of_figures_supposed_below_a_drawn_header_is_bound_by_the_header() -> None:
    fitted = part(xs=(100.0, 230.0, 300.0, 400.0), ys=(*YS, 190.0), supposed=True)
    figures = [((100.0, 150.0), (400.0, 150.0), (400.0, 190.0), (100.0, 190.0))]
    assert strays(fitted, part(), figures)


def test_a_line_of_the_table_below_binds_none_above_it() -> None:
    stacked = part(ys=(*YS, 190.0, 230.0))
    lattice = stacked.fragment.lattice
    down = tuple((1.0, 1.0, float(y > 150), 1.0) for y in lattice.ys[:-1])
    both = replace(lattice, down=down)
    drawn = cast("Part", SimpleNamespace(fragment=SimpleNamespace(lattice=both), em=20.0))
    assert not strays(part(xs=(100.0, 200.0, 400.0), supposed=True), drawn)
    whole = part(xs=(100.0, 200.0, 400.0), ys=(*YS, 190.0, 230.0), supposed=True)
    assert strays(whole, drawn)


def test_a_line_of_blanks_is_no_worse_than_one_of_dirt() -> None:
    """Of 15 blanks all are proved by another look; dirt had made the line more like figures."""
    dirty = table(2.25, 0, proved=7, labels=0.98)
    assert better(table(2.1, 0, labels=0.99), dirty)
    assert not better(table(2.1, 0, labels=0.9), dirty)
