"""Figures cut into digits: each digit whole and by itself, or the figure as it is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from review.digits import one_digit, pieces

WIDE, HIGH = 240, 84


def cell(*texts: tuple[str, int], blurred: float = 0.0, ruled: bool = False) -> np.ndarray:
    """A cell with texts printed at their places from the left, as if cut out of a page."""
    image = np.full((HIGH, WIDE, 3), 235, np.uint8)
    for text, left in texts:
        cv2.putText(image, text, (left, 58), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 30, 30), 3)
    if ruled:
        cv2.rectangle(image, (0, 0), (WIDE - 1, HIGH - 1), (40, 40, 40), 3)
    return cv2.GaussianBlur(image, (0, 0), blurred) if blurred else image


@pytest.mark.parametrize(("blurred", "ruled"), [(0.0, False), (2.5, False), (1.0, True)])
def test_every_digit_is_shown_whole_and_alone(blurred: float, *, ruled: bool) -> None:
    image = cell(("3", 20), ("8", 52), ("1", 84), ("7", 116), blurred=blurred, ruled=ruled)
    found = pieces(image, 4)
    assert found is not None
    for one, left in zip(found, (20, 52, 84, 116), strict=True):
        assert left - 4 <= one.left < one.right <= left + 34
        assert one.bottom - one.top > 30
    for at in range(4):
        shown = one_digit(image, 4, at)
        assert shown.shape[1] < 60
        assert (shown.min(axis=2) < 120).any()


def test_a_point_is_no_digit() -> None:
    image = cell(("7", 20), (".", 48), ("5", 66))
    found = pieces(image, 2)
    assert found is not None
    assert [one.left // 20 for one in found] == [1, 3]


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        ((("8", 20), ("8", 40)), 2),  # they touch
        ((("3", 20), ("8", 52)), 3),  # one was read too many
        ((), 1),
    ],
)
def test_what_cannot_be_told_apart_is_shown_whole_in_a_dashed_frame(
    texts: tuple[tuple[str, int], ...], count: int
) -> None:
    image = cell(*texts)
    assert pieces(image, count) is None
    shown = one_digit(image, count, count - 1)
    assert shown.shape[1] > WIDE
    assert np.array_equal(shown[4:-4, 4:-4], image)
    assert 0.3 < (shown[0] < 200).mean() < 0.7
