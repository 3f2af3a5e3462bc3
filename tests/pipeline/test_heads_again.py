"""Columns whose headers could not be read are known by a second reading of these, or denied."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from document.page import View
from pipeline.heads_again import with_heads
from pipeline.second_look import Looker
from pipeline.sight import Part, Sight
from reconstruct.templates import builtin
from tests.reconstruct.test_flanked import doubted, supposed, t3

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document.fragment import Fragment

UNREAD = ("科研机构", "社会公益组织")
BLANK = ("research", "nonprofit")


def seen(fragment: Fragment) -> Sight:
    """Picture a fragment: each column in a gray of its own, so that a crop tells where it is."""
    box = fragment.lattice.box
    image = np.zeros((int(box.bottom) + 9, int(box.right) + 9, 3), np.uint8)
    for number, left in enumerate(fragment.lattice.xs):
        image[:, round(left) :] = 10 * number
    part = Part(1, fragment, View(image, np.eye(3)), (0.0, 0.0), 20.0)
    return Sight(1, (part,), (), 0, 1.0, SimpleNamespace())  # type: ignore[arg-type]


def columns_in_doubt(
    said: Mapping[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> tuple[set[str], set[str]]:
    """Return the columns in doubt before and after headers are read again as ``said``."""
    at = {
        10 * cell.column: cell.label
        for one in builtin()[0].tables
        if one.id == "t3"
        for cell in one.cells
        if cell.label in UNREAD
    }

    def hear(_: Any, crop: np.ndarray, labels: Any) -> str | None:
        assert set(UNREAD) <= set(labels)
        return said.get(at[int(np.median(crop))])

    monkeypatch.setattr("pipeline.heads_again.label_in", hear)
    sight = seen(supposed(t3(unread=set(UNREAD), blank=set(BLANK))[0]))
    looker = Looker(SimpleNamespace(), builtin())  # type: ignore[arg-type]
    (before,) = looker.tables(sight.parts)
    (after,) = looker.tables(with_heads(sight, looker).parts)
    return doubted(before.registration), doubted(after.registration)


def test_headers_heard_in_their_places_prove_their_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = {"科研机构": "科研机构", "社会公益组织": "会公益组织"}
    assert columns_in_doubt(said, monkeypatch) == (set(BLANK), set())


def test_headers_heard_in_the_place_of_others_deny_them(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"科研机构": "社会公益组织", "社会公益组织": "科研机构"}
    before, after = columns_in_doubt(said, monkeypatch)
    assert before == set(BLANK)
    assert after >= {*BLANK, "business", "legal"}  # all separators may be a column away


@pytest.mark.parametrize("said", [{}, {"科研机构": "研", "社会公益组织": "会"}])
def test_nothing_or_hardly_anything_heard_proves_nothing(
    said: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert columns_in_doubt(said, monkeypatch) == (set(BLANK), set(BLANK))
