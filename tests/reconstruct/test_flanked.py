"""Columns are known by those beside them, by those of the page before, and by ink however read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconstruct.register import Registration, identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import as_printed, printed, table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from document.fragment import Fragment
    from document.template import TemplateCell

GARBLED = "口丨口丨"
FIRST_FIGURES = 3
"""The line and the column of 表三 in which figures begin."""

EVEN = (90.0, 120.0, 150.0, *(300.0 + 60 * number for number in range(8)))
"""Separators of 表三 with columns of figures that are all as wide."""


def known(*fragments: Fragment) -> Registration:
    found = identify(fragments, builtin())
    assert found is not None
    return found


def doubted(found: Registration, fragment: int = 0) -> set[str]:
    """Return the columns with a figure whose place is in doubt."""
    here = [place for place in found.places if place.fragment == fragment]
    assert here
    return {place.address[1] for place in here if not place.reliable}


def t3(
    *,
    unread: Collection[str] = (),
    blank: Collection[str] = (),
    cuts: Sequence[int] = (),
    xs: Sequence[float] = EVEN,
) -> tuple[Fragment, ...]:
    """Print 表三 with some headers garbled and some columns blank."""

    def say(cell: TemplateCell) -> str:
        if cell.address is not None:
            return "" if cell.address[1] in blank else as_printed(cell)
        headed = cell.row < FIRST_FIGURES and cell.column >= FIRST_FIGURES
        return GARBLED if headed and cell.label in unread else cell.label

    return printed(table("2021", "t3"), cuts=cuts, say=say, xs=xs).fragments


def supposed(fragment: Fragment) -> Fragment:
    """Let all separators of columns have been set in the white, where no line is drawn."""
    lattice = fragment.lattice
    down = tuple(tuple(0.1 for _ in row) for row in lattice.down)
    return replace(fragment, lattice=replace(lattice, down=down, supposed=True))


def torn_here_and_there(fragment: Fragment) -> Fragment:
    """Tear every line in one row of five, each in others, so that no row's cells count out."""
    lattice = fragment.lattice
    down = tuple(
        tuple(0.0 if (row + column) % 5 == 0 else edge for column, edge in enumerate(edges))
        for row, edges in enumerate(lattice.down)
    )
    return replace(fragment, lattice=replace(lattice, down=down))


def read_as(fragment: Fragment, text: str) -> Fragment:
    """Let every figure have been read as ``text``."""
    spans = tuple(
        replace(one, lines=((one.span.box.center[1], text),))
        if one.span.top >= FIRST_FIGURES and one.span.left >= FIRST_FIGURES and one.inked
        else one
        for one in fragment.spans
    )
    return replace(fragment, spans=spans)


HEADERS = {"自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"}


@pytest.mark.parametrize("text", ["KO", "o", "。", "0Q"])
def test_figures_read_as_letters_are_figures_still(text: str) -> None:
    page = supposed(t3(unread=HEADERS)[0])
    assert not doubted(known(page))
    assert not doubted(known(read_as(page, text)))


@pytest.mark.parametrize("text", ["重新", "Research"])
def test_words_are_none(text: str) -> None:
    assert doubted(known(read_as(supposed(t3(unread=HEADERS)[0]), text)))


def test_a_column_between_two_whose_headers_are_read_needs_no_header() -> None:
    blank = {"research", "nonprofit"}
    page = supposed(t3(unread={"科研机构"}, blank=blank)[0])
    assert not doubted(known(page))
    two = supposed(t3(unread={"科研机构", "社会公益组织"}, blank=blank)[0])
    assert doubted(known(two)) == blank


def test_of_two_such_columns_each_must_hold_figures() -> None:
    unread = {"科研机构", "社会公益组织"}
    page = supposed(t3(unread=unread, blank={"other"})[0])
    assert not doubted(known(page))


@pytest.mark.parametrize(
    ("widths", "proved"), [(EVEN, True), ((*EVEN[:5], 390.0, *EVEN[6:]), False)]
)
def test_columns_all_drawn_and_as_wide_are_known_by_the_headers_that_are_read(
    widths: Sequence[float], *, proved: bool
) -> None:
    unread, blank = {"科研机构", "社会公益组织"}, {"research", "nonprofit"}
    page = torn_here_and_there(t3(unread=unread, blank=blank, xs=widths)[0])
    assert (not doubted(known(page))) == proved


def moved(fragment: Fragment, *, stretch: float = 1.0, edge: int = 0, by: float = 0.0) -> Fragment:
    """Picture a fragment larger, with one separator set ``by`` pixels from its place."""
    nodes = tuple(
        tuple((stretch * x + by * (number == edge), y) for number, (x, y) in enumerate(row))
        for row in fragment.lattice.nodes
    )
    return replace(fragment, lattice=replace(fragment.lattice, nodes=nodes))


def test_columns_of_a_further_page_stand_where_they_did_though_it_is_pictured_larger() -> None:
    first, last = t3(cuts=[20], blank={"research", "other"})
    assert doubted(known(supposed(last)))
    larger = known(first, moved(supposed(last), stretch=1.05))
    assert not doubted(larger, 1)


def test_where_one_separator_stands_elsewhere_only_the_columns_beside_it_are_in_doubt() -> None:
    first, last = t3(cuts=[20], blank={"research", "other"})
    found = known(first, moved(supposed(last), edge=5, by=25.0))
    assert doubted(found, 1) == {"business", "research"}


def test_columns_proved_by_ink_prove_those_of_the_next_page() -> None:
    first, last = t3(cuts=[20], unread=HEADERS)
    blank = replace(
        last, spans=tuple(one if one.lines else replace(one, inked=False) for one in last.spans)
    )
    assert not doubted(known(supposed(first), supposed(blank)), 1)


def test_columns_all_alike_are_not_taken_for_their_neighbours_on_the_page_before() -> None:
    """On the second page the lines of the labels are lost, and the last column is cut in two."""
    first, last = t3(cuts=[20], blank={"research", "other"})
    beyond = (*EVEN[:3], *EVEN[4:10], 690.0, 720.0)
    nodes = tuple(
        tuple((x, y) for x, (_, y) in zip(beyond, row, strict=True)) for row in last.lattice.nodes
    )
    shifted = supposed(replace(last, lattice=replace(last.lattice, nodes=nodes)))
    assert doubted(known(first, shifted), 1) >= {"person", "business", "research", "legal", "total"}


def test_a_line_lost_between_labels_and_a_false_one_among_figures_prove_no_column() -> None:
    """On the second page there are as many separators as the form has, most a column away."""
    first, last = t3(cuts=[20])
    away = (*EVEN[:2], *EVEN[3:9], 630.0, *EVEN[9:])
    assert len(away) == len(EVEN)
    nodes = tuple(
        tuple((x, y) for x, (_, y) in zip(away, row, strict=True)) for row in last.lattice.nodes
    )
    shifted = replace(last, lattice=replace(last.lattice, nodes=nodes))
    assert not doubted(known(first, last), 1)
    assert doubted(known(first, shifted), 1) >= {
        "person",
        "business",
        "research",
        "nonprofit",
        "legal",
    }


def torn_at(fragment: Fragment, column: int) -> Fragment:
    """Tear the line at a separator in most of the rows of figures."""
    lattice = fragment.lattice
    down = tuple(
        tuple(
            0.0 if at == column and row >= FIRST_FIGURES and row % 6 else edge
            for at, edge in enumerate(edges)
        )
        for row, edges in enumerate(lattice.down)
    )
    return replace(fragment, lattice=replace(lattice, down=down))


INNER = {"business", "research", "nonprofit", "legal", "other"}
"""Columns left blank, so that ink proves none of them."""

UNEVEN = (*EVEN[:5], 390.0, *EVEN[6:])


@pytest.mark.parametrize("unread", [{"总计"}, {"总计", "其他"}, HEADERS])
def test_columns_as_wide_are_known_though_a_line_is_torn(unread: Collection[str]) -> None:
    """By two headers that are read, or by the lines of the header where none is."""
    page = torn_at(t3(unread=unread, blank=INNER)[0], 9)
    assert not doubted(known(page))


def test_they_are_not_where_one_may_be_two() -> None:
    page = torn_at(t3(unread=HEADERS, blank=INNER, xs=UNEVEN)[0], 9)
    assert doubted(known(page))


def test_they_are_not_where_the_lines_of_the_header_stand_over_others() -> None:
    """The labels are cut in two, and the last column is beyond the picture."""
    page = torn_at(t3(unread=HEADERS, blank=INNER)[0], 9)
    lattice = page.lattice
    header = [list(edges) for edges in lattice.down[:FIRST_FIGURES]]
    level = [list(edges) for edges in lattice.across]
    for edges in (*header, *level[1:FIRST_FIGURES]):
        edges.insert(FIRST_FIGURES, 0.0)
        edges.pop()
    down = (*map(tuple, header), *lattice.down[FIRST_FIGURES:])
    moved = replace(lattice, down=down, across=tuple(map(tuple, level)))
    assert doubted(known(replace(page, lattice=moved)))


def seen_in_part(fragment: Fragment, *, unseen: int | None = None) -> Fragment:
    """Suppose all separators, drawn in every other row but for one that is seen in none."""
    lattice = fragment.lattice
    down = tuple(
        tuple(
            0.6 if edge and (at == unseen or (row + at) % 2) else edge
            for at, edge in enumerate(edges)
        )
        for row, edges in enumerate(lattice.down)
    )
    return replace(fragment, lattice=replace(lattice, down=down, supposed=True))


def test_columns_supposed_where_lines_were_seen_are_known_by_three_headers() -> None:
    two = {"科研机构", "社会公益组织"}
    page = t3(unread=two, blank=INNER)[0]
    assert not doubted(known(seen_in_part(page)))
    assert doubted(known(seen_in_part(page, unseen=6))) == {"research", "nonprofit"}
    few = t3(unread=HEADERS - {"自然人", "其他"}, blank=INNER)[0]
    assert doubted(known(seen_in_part(few)))


@pytest.mark.parametrize(
    ("unseen", "read", "proved"), [(None, 2, True), (None, 1, False), (7, 2, False)]
)
def test_columns_from_side_to_side_are_known_by_two_headers_though_lines_are_supposed(
    unseen: int | None, read: int, *, proved: bool
) -> None:
    """表四 as a fax shows it: few words of its header can be read, and it is blank."""
    form = table("2021", "t4")
    told = [cell for cell in form.cells if cell.address is None and cell.row == 1][:read]

    def say(cell: TemplateCell) -> str:
        wide = cell.column_span > 1
        return cell.label if cell.address is None and (wide or cell in told) else ""

    xs = tuple(100.0 + 75 * edge for edge in range(form.columns + 1))
    (page,) = printed(form, say=say, xs=xs).fragments
    down = tuple(
        tuple(0.6 if at == unseen and share else share for at, share in enumerate(row))
        for row in page.lattice.down
    )
    page = replace(page, lattice=replace(page.lattice, down=down, supposed=True))
    assert (not doubted(known(page))) == proved
