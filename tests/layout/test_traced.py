"""Lines of a clean page are traced for its slopes; what bends, or is not drawn, is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.segments import segments_of
from layout.tone import tone
from layout.traced import traced
from tests.layout.drawing import Grid, draw, paper, prose, turned_by

GRID = Grid(tuple(range(90, 921, 83)), tuple(range(120, 681, 40)))


def table() -> np.ndarray:
    image = paper(1000, 760)
    draw(image, GRID)
    return image


@pytest.mark.parametrize("degrees", [-1.3, -0.31, 0.0, 0.08, 0.9])
def test_lines_are_traced_as_askew_as_they_are(degrees: float) -> None:
    askew, _ = turned_by(table(), degrees)
    made = tone(askew)
    found = traced(made.ink, made.em)
    assert found is not None
    run, rise = found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]
    level = np.abs(run) > np.abs(rise)
    assert np.median(rise[level] / run[level]) == pytest.approx(
        np.tan(np.radians(degrees)), abs=5e-4
    )
    assert np.median(run[~level] / rise[~level]) == pytest.approx(
        -np.tan(np.radians(degrees)), abs=5e-4
    )


def test_a_page_that_bends_is_left_to_its_edges() -> None:
    """Its lines say how it bends, but only all of them together with their thickness do."""
    image = table()
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(
        image, x, y + 9 * np.sin(np.pi * x / width).astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    made = tone(np.asarray(bent, np.uint8))
    assert traced(made.ink, made.em) is None
    assert len(segments_of(made))


def test_prose_has_no_lines_and_few_lines_are_not_enough() -> None:
    image = paper(1000, 760)
    prose(image, 90, 9, length=30)
    made = tone(image)
    found = traced(made.ink, made.em)
    assert found is None or not len(found)
    cv2.line(image, (60, 600), (940, 600), (0, 0, 0), 2)
    made = tone(image)
    assert traced(made.ink, made.em) is None


def test_pale_fills_are_not_passed_over() -> None:
    """Their edges may be all that says how a table without lines lies."""
    image = paper(1000, 760)
    for top in range(100, 660, 80):
        image[top : top + 40, 80:920] = 228
    made = tone(image)
    assert traced(made.ink, 24.0) is None


def test_a_page_whose_lines_are_enough_needs_no_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost five times as much, and a tenth of a clean page."""
    asked: list[int] = []
    detector = cv2.createLineSegmentDetector

    def counted(kind: int) -> object:
        asked.append(kind)
        return detector(kind)

    monkeypatch.setattr(cv2, "createLineSegmentDetector", counted)
    segments_of(tone(table()))
    assert not asked
    segments_of(tone(paper(1000, 760)))
    assert not asked
