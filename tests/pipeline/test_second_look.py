"""A page is held another way up, or on its desk, only where more is found there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from document.page import Page
from pipeline.second_look import first_look

if TYPE_CHECKING:
    from pipeline.second_look import Looker

LATTICE = SimpleNamespace(rows=20, columns=10)
STRANGER = SimpleNamespace(fragment=SimpleNamespace(lattice=LATTICE, spans=()))


def sight(name: str, proved: int) -> SimpleNamespace:
    """Return what is seen on a page: a large stranger, and what is proved of a table."""
    return SimpleNamespace(name=name, proved=proved, parts=[STRANGER])


@pytest.mark.parametrize(
    ("here", "there", "turns", "legible"),
    [(107, 98, 0, 0.5), (98, 107, 0, 0.5), (0, 98, 0, 0.5), (0, 98, 3, 0.99)],
)
def test_another_way_is_taken_only_where_more_is_proved(
    monkeypatch: pytest.MonkeyPatch, here: int, there: int, turns: int, legible: float
) -> None:
    first, other = sight("first", here), sight("other", there)
    sights = iter([first, other])
    shown = {id(one.parts): one.proved for one in (first, other)}

    def tables(parts: object) -> tuple[SimpleNamespace, ...]:
        proved = shown[id(parts)]
        places = tuple(SimpleNamespace(reliable=number < proved) for number in range(175))
        one = SimpleNamespace(fragments=(), registration=SimpleNamespace(places=places))
        return (one,) if proved else ()

    looker = SimpleNamespace(
        reader=None, templates=(), turns=None, seen=lambda *_: next(sights), tables=tables
    )
    way = SimpleNamespace(lattices=(None,))
    story = "pipeline.second_look."
    monkeypatch.setattr(story + "upright", lambda view, *_: (view, turns, legible))
    monkeypatch.setattr(story + "sheet_of", lambda *_: way)
    monkeypatch.setattr(story + "other_ways", lambda *_: iter([(way, 2)]))
    monkeypatch.setattr(story + "shown_by", lambda *_: True)
    page = Page(1, np.full((60, 60, 3), 255, np.uint8), None, "raster")
    kept = cast("SimpleNamespace", first_look(page, cast("Looker", looker)).sight)
    assert kept.name == ("other" if there > here else "first")
