"""A label is known in a narrow cell whose lines blur into one another, and no other for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.labels import LabelReader, TextLine
from ocr.stacked import label_in
from reconstruct.headers import heading_cells
from reconstruct.templates import builtin

FONT = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
HEADERS = sorted(
    {
        text
        for cell in heading_cells(next(t for t in builtin()[0].tables if t.id == "t3"))
        for text in cell.spellings
    }
)


def cell(*lines: str, side: int = 13, blur: float = 1.3) -> np.ndarray:
    """Draw the lines of a label closely above one another, in a cell hardly wider than them."""
    large, face = 4, ImageFont.truetype(FONT, 4 * side)
    width, height = max(map(len, lines)) * side + 8, (side + 1) * len(lines) + 12
    image = Image.new("L", (large * width, large * height), 225)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        left = (width - len(line) * side) / 2
        pen.text((large * left, large * (5 + number * (side + 1))), line, font=face, fill=70)
    small = cv2.resize(np.asarray(image), (width, height), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), blur).astype(np.float64)
    soft += np.random.default_rng(7).normal(0, 6, soft.shape)
    gray = np.clip(soft, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR))


@pytest.fixture(scope="module")
def reader() -> LabelReader:
    return LabelReader()


@pytest.mark.parametrize(
    "lines",
    [
        ("商业", "企业"),
        ("科研", "机构"),
        ("法律服", "务机构"),
        ("其他",),
        ("总", "计"),
        ("自然人",),
    ],
)
def test_a_label_is_known_however_its_lines_run(
    reader: LabelReader, lines: tuple[str, ...]
) -> None:
    assert label_in(reader, cell(*lines), HEADERS) == "".join(lines)


def test_its_lines_read_as_one_say_nothing(reader: LabelReader) -> None:
    (whole,) = reader.read([cell("商业", "企业")])
    assert "商业企业" not in whole.text


@pytest.mark.parametrize("lines", [("上年", "结转"), ("备注",), ("增长", "比例"), ("机构",), ()])
def test_what_is_no_label_or_a_part_of_two_is_none(
    reader: LabelReader, lines: tuple[str, ...]
) -> None:
    drawn = cell(*lines) if lines else np.full((40, 50, 3), 225, np.uint8)
    assert label_in(reader, drawn, HEADERS) is None


def test_a_cell_of_hardly_any_pixels_holds_none(reader: LabelReader) -> None:
    assert label_in(reader, np.zeros((3, 2, 3), np.uint8), HEADERS) is None


def test_a_reader_that_tells_no_probabilities_hears_nothing() -> None:
    silent = LabelReader(1, lambda strips: [("商业企业", 0.9)] * len(strips))
    assert silent.read([cell("商业", "企业")]) == (TextLine("商业企业", 0.9),)
    assert label_in(silent, cell("商业", "企业"), HEADERS) is None
