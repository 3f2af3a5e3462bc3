"""A page whose prose is larger than its table is seen at the table's own size."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from document.page import View
from layout.sheet import survey
from pipeline.other_sizes import at_size_of_tables
from tests.layout.drawing import paper, prose

if TYPE_CHECKING:
    from layout.sheet import Sheet
    from pipeline.sight import Part


def sheet() -> Sheet:
    image = paper()
    prose(image, 60, 12, em=28)
    return survey(View(image, np.eye(3)), 1)


def before(em: float) -> tuple[Part, ...]:
    return (cast("Part", SimpleNamespace(em=em)),)


def test_the_size_is_that_of_the_tables_before() -> None:
    seen = at_size_of_tables(sheet(), 1, before(14.0))
    assert seen is not None
    assert abs(seen.em - 14.0) < 0.1


def test_a_page_of_the_same_size_or_the_first_one_is_not_seen_again() -> None:
    assert at_size_of_tables(sheet(), 1, before(27.0)) is None
    assert at_size_of_tables(sheet(), 1, ()) is None
