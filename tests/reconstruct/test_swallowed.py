"""A first row that has run together with the header above it is parted, or proves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.fragment import SpanText
from reconstruct.redraw import redrawn
from reconstruct.register import identify
from reconstruct.swallowed import words_above
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import printed, table

if TYPE_CHECKING:
    from document.fragment import Fragment

HEADER = 3
"""Rows of the form's header."""


def without_header_lines(fragment: Fragment) -> Fragment:
    """Take the lines within and under a header away: its words stand in the first row's cells."""
    lattice, gone = fragment.lattice, HEADER
    first, last = lattice.ys[0], lattice.ys[gone + 1]
    spans = []
    for one in fragment.spans:
        span = one.span
        if span.top > gone:
            moved = replace(span, top=span.top - gone, bottom=span.bottom - gone)
            spans.append(replace(one, span=moved))
        elif span.top == gone:
            figure = one.inked and not one.lines
            own = one.lines or (((last - 5, "12"),) if figure else ())
            words = ((first + 5, "商业企业"), *own) if figure else own
            moved = replace(span, top=0, bottom=1, box=replace(span.box, top=first))
            spans.append(SpanText(moved, words, inked=True))
    merged = replace(
        lattice,
        nodes=(lattice.nodes[0], *lattice.nodes[gone + 1 :]),
        across=(lattice.across[0], *lattice.across[gone + 1 :]),
        down=lattice.down[gone:],
        row_walls=(lattice.row_walls[0], *lattice.row_walls[gone + 1 :]),
    )
    return replace(fragment, lattice=merged, spans=tuple(spans))


def test_a_line_is_drawn_between_the_words_of_a_header_and_the_figures_below() -> None:
    form = table("2021", "t3")
    (whole,) = printed(form).fragments
    assert words_above(whole, HEADER) is None
    torn = without_header_lines(whole)
    (again,) = redrawn([torn], form)
    assert again is not None
    assert again.rows == torn.lattice.rows + 1
    assert torn.lattice.ys[0] + 5 < again.ys[1] < torn.lattice.ys[1] - 5
    assert again.ys[2:] == torn.lattice.ys[1:]


def test_figures_below_words_of_another_row_are_in_doubt() -> None:
    form = table("2021", "t3")
    (whole,) = printed(form).fragments
    found = identify([without_header_lines(whole)], builtin())
    assert found is not None
    first = min(cell.row for cell in found.table.figures)
    own = {cell.address for cell in found.table.figures if cell.row == first}
    assert own
    assert not any(place.reliable for place in found.places if place.address in own)
