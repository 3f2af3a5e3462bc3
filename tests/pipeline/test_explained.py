"""A page is clear only where nothing of a table is left outside of those found on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from pipeline.explained import clear
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from pipeline.second_look import Looker
    from pipeline.sight import Sight

OUTSIDE = ("现行有效件数", "行政规范性文件", "行政强制", "第二十条第（八）项")


@pytest.mark.parametrize(("lines", "plain"), [(OUTSIDE, False), (OUTSIDE[:2], True)])
def test_labels_outside_of_a_table_show_that_its_lines_frame_a_part_of_it_only(
    *, lines: tuple[str, ...], plain: bool
) -> None:
    """Of a table one row is framed by what is left of its lines, and found whole."""
    row = SimpleNamespace(
        table=SimpleNamespace(id="t2", figures=[SimpleNamespace(row=5)]),
        places=[SimpleNamespace(reliable=True, fragment=0)],
        matches=[SimpleNamespace(line=5)],
        left_over=0,
    )
    tables = (SimpleNamespace(registration=row, fragments=(0,)),)
    looker = SimpleNamespace(templates=builtin(), tables=lambda _: tables)
    part = SimpleNamespace(fragment=SimpleNamespace(headings=(), lattice=None))
    sight = SimpleNamespace(parts=(part,), lines=lines, loose=())
    assert clear(cast("Sight", sight), cast("Looker", looker)) is plain
