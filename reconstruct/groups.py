"""Headers that say which group a column is of, where columns of several groups are headed alike.

结果维持 heads a column of each group of 表四. Where a page prints one group only, every column
has its words above it, and only the group's own tell that it is another's.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reconstruct.columns import place_of
from reconstruct.headers import header_of, headers_of, says_another

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.fragment import Fragment
    from document.template import TableTemplate, TemplateCell


def misgrouped(
    fragment: Fragment,
    table: TableTemplate,
    mapping: Sequence[float | None],
    shown: Sequence[tuple[int, int]],
) -> frozenset[TemplateCell]:
    """Return the headers shared by groups above which another group's words are clearly read.

    ``mapping`` says where the columns of figures are, ``shown`` which of the form's lines each row
    of the lattice is. The group's own place may be unknown: what stands above a column counts.
    """
    xs = fragment.lattice.xs
    found = set()
    for header, groups in _shared(table):
        left = place_of(xs, mapping[header.column])
        right = place_of(xs, mapping[header.column + header.column_span])
        if left is None or right is None:
            continue
        for group in groups:
            tall = range(group.row, group.row + group.row_span)
            rows = {row for row, line in shown if line in tall}
            others = [
                other
                for other in table.cells
                if other.address is None
                and other.row == group.row
                and not other.column <= header.column < other.column + other.column_span
            ]
            above = [
                one.text
                for one in fragment.spans
                if one.text
                and not rows.isdisjoint(range(one.span.top, one.span.bottom))
                and one.span.box.left < (left + right) / 2 < one.span.box.right
            ]
            if any(says_another(text, group, others) for text in above):
                found.add(header)
    return frozenset(found)


@cache
def _shared(
    table: TableTemplate,
) -> tuple[tuple[TemplateCell, tuple[TemplateCell, ...]], ...]:
    """Return the headers of figures whose words head others too, each with those above it."""
    heads = {
        header: tuple(one for one in headers_of(table, figure) if one is not header)
        for figure in table.figures
        if (header := header_of(table, figure)) is not None
    }
    return tuple(
        (header, groups)
        for header, groups in heads.items()
        if groups and any(o.label == header.label for o in heads if o is not header)
    )
