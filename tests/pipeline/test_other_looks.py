"""Of two looks at a page the one that explains more is kept."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from document.lattice import Lattice
from pipeline.merged_looks import merged

XS, YS = (100.0, 200.0, 300.0, 400.0), (50.0, 80.0, 112.0, 150.0)
FITTED = (50.0, 80.0, 98.0, 150.0)


ALL = ((XS[0], -1e3), (XS[-1], -1e3), (XS[-1], 1e3), (XS[0], 1e3))


@dataclass(eq=False)
class Seen:
    """A part of a page, with the tables that it makes."""

    fragment: Any
    em: float = 20.0
    tables: tuple[Any, ...] = ()


@dataclass
class Look:
    """A look at a page."""

    parts: tuple[Seen, ...]


def part(ys: tuple[float, ...], xs: tuple[float, ...] = XS, *, supposed: bool) -> Seen:
    nodes = tuple(tuple((x, y) for x in xs) for y in ys)
    across, down = ((1.0,) * 3,) * 4, ((1.0,) * 4,) * 3
    lattice = Lattice(1, nodes, across, down, (0.0,) * 4, (0.0,) * 4, supposed)
    return Seen(SimpleNamespace(lattice=lattice, heard=()))


def known(places: int, reliable: int, name: str = "t2", number: int = 0) -> Any:
    """Return a table of so many figures, all in one line, that a part makes, the first or so."""
    table = SimpleNamespace(id=name, figures=[SimpleNamespace(row=0)] * places)
    found = SimpleNamespace(
        table=table,
        places=[
            SimpleNamespace(reliable=n < reliable, fragment=0, polygon=ALL) for n in range(places)
        ],
        matches=[SimpleNamespace(line=0)],
        score=1.0,
        left_over=0,
        foreign=(),
    )
    return SimpleNamespace(registration=found, fragments=(number,))


def kept(drawn: Seen, fitted: Seen) -> bool:
    """Tell whether the fitted table is taken that leaves out a line that is drawn."""
    first: Any = Look((drawn,))
    second: Any = Look((fitted,))
    looker: Any = SimpleNamespace(tables=lambda parts: parts[0].tables)
    return bool(merged(first, second, looker).parts == second.parts)


@pytest.mark.parametrize(("reliable", "taken"), [(10, True), (2, False)])
def test_lines_that_explain_nothing_bind_no_table_that_is_whole_and_proved(
    *, reliable: int, taken: bool
) -> None:
    drawn, fitted = part(YS, supposed=False), part(FITTED, supposed=True)
    fitted.tables = (known(10, reliable),)
    assert kept(drawn, fitted) is taken


def test_lines_of_a_known_table_bind_it_all_the_same() -> None:
    drawn, fitted = part(YS, supposed=False), part(FITTED, supposed=True)
    drawn.tables, fitted.tables = (known(8, 4),), (known(10, 10),)
    assert not kept(drawn, fitted)


@pytest.mark.parametrize(("proved", "taken"), [(0, True), (2, True), (4, False)])
def test_upright_lines_that_prove_hardly_a_figure_bind_no_table_that_is_whole_and_proved(
    *, proved: int, taken: bool
) -> None:
    """Blurred zeros above one another run together to something like a line.

    Between two of them some figures may stand in a column as the form has it.
    """
    drawn, fitted = part(YS, supposed=False), part(YS, (100.0, 160.0, 250.0, 400.0), supposed=True)
    drawn.tables, fitted.tables = (known(8, proved),), (known(10, 10),)
    assert kept(drawn, fitted) is taken


def test_level_lines_of_a_known_table_bind_it_though_they_prove_no_figure() -> None:
    drawn, fitted = part(YS, supposed=False), part(FITTED, supposed=True)
    drawn.tables, fitted.tables = (known(8, 0),), (known(10, 10),)
    assert not kept(drawn, fitted)


def test_two_tables_that_were_one_lattice_are_both_taken() -> None:
    """Lines of the first look denied the upper table before the lower one had put them aside."""
    joined = part((50.0, 100.0, 150.0, 250.0), supposed=False)
    joined.tables = (known(8, 4, "t3"),)
    upper = part((50.0, 70.0, 85.0, 100.0), (100.0, 160.0, 250.0, 400.0), supposed=True)
    lower = part((104.0, 150.0, 200.0, 250.0), supposed=True)
    upper.tables, lower.tables = (known(10, 10),), (known(10, 10, "t3", 1),)
    looker: Any = SimpleNamespace(tables=lambda parts: [one for p in parts for one in p.tables])
    first: Any = Look((joined,))
    second: Any = Look((upper, lower))
    taken: Any = merged(first, second, looker)
    assert taken.parts == (upper, lower)


@pytest.mark.parametrize(("proved", "taken"), [(0, True), (1, False)])
def test_a_table_of_which_nothing_is_proved_gives_way_to_another_kind(
    *, proved: int, taken: bool
) -> None:
    """Scraps of 表三 on a torn page passed for 表二, and kept all of 表三 away."""
    drawn, fitted = part(YS, supposed=True), part(YS, supposed=True)
    drawn.tables, fitted.tables = (known(6, proved),), (known(49, 30, "t3"),)
    assert kept(drawn, fitted) is taken


def test_of_two_scraps_of_one_table_the_fuller_is_bettered() -> None:
    first, second = part(YS, supposed=True), part(YS, supposed=True)
    first.tables, second.tables = (known(10, 8), known(6, 0)), (known(9, 3),)
    assert not kept(first, second)
