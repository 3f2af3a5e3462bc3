"""Labels are read as PaddleOCR reads them, offline, each as if it were alone."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from models.sessions import infer
from ocr.detect import detect
from ocr.general import WEIGHTS, characters
from ocr.labels import GLANCING, LabelReader
from ocr.paddle import paddle_recogniser
from ocr.strips import strip
from reconstruct.templates import builtin
from reconstruct.wording import phrases

CONNECTING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"}


def line(text: str, width: int = 360) -> np.ndarray:
    image = Image.new("RGB", (width, 44), "white")
    pen = ImageDraw.Draw(image)
    pen.text((10, 6), text, font=ImageFont.load_default(26), fill="black")
    return np.asarray(image)[:, :, ::-1].copy()


@pytest.fixture(scope="module")
def connections() -> list[str]:
    seen: list[str] = []

    def watch(event: str, _: tuple[object, ...]) -> None:
        if event in CONNECTING:
            seen.append(event)

    sys.addaudithook(watch)
    return seen


@pytest.fixture(scope="module")
def reader(connections: list[str]) -> LabelReader:
    assert connections == []
    return LabelReader()


def test_lines_are_read_in_their_order_and_no_connection_is_opened(
    reader: LabelReader, connections: list[str]
) -> None:
    texts = ["2019-12-31", "Total: 1,204", "PP-OCRv6 / 2026"]
    found = reader.read([line(text) for text in texts])
    assert [one.text.replace(" ", "") for one in found] == [t.replace(" ", "") for t in texts]
    assert all(0.8 < one.confidence <= 1 for one in found)
    assert connections == []


def test_the_paddleocr_package_reads_the_same_to_the_last_bit(connections: list[str]) -> None:
    crops = [cv2.imread(str(path)) for path in sorted(Path(__file__).parent.glob("crops/*.png"))]
    crops += [line("x" * count, 20 * count + 30) for count in (1, 3, 8, 20, 60)]
    crops += [line(""), line("Region 7", 150)[4:40], np.zeros((0, 10, 3), np.uint8)]
    assert len(crops) > 30
    package = LabelReader(1, paddle_recogniser(1))
    assert LabelReader(1).read(crops) == package.read(crops)
    assert connections == []


def test_a_line_reads_the_same_beside_a_much_longer_one(reader: LabelReader) -> None:
    short, long = line("Region 7", 150), line("A much longer line of text stands here", 620)
    assert reader.read([short, long])[0] == reader.read([short])[0]


def test_a_line_that_is_read_plainly_is_not_taken_for_a_known_phrase(reader: LabelReader) -> None:
    knowing = reader.knowing(["Region 8", "Regions"])
    crops = [line("Region 7", 150), line("Total: 1,204")]
    assert knowing.read_labels(crops) == reader.read(crops)


def test_the_network_of_a_glance_reads_plain_lines_as_the_other_does() -> None:
    crops = [line(text) for text in ("Total: 1,204 applications", "PP-OCRv6, page 3 of 2026")]
    strips = np.stack([strip(crop) for crop in crops])
    batch = (strips.transpose(0, 3, 1, 2).astype(np.float32) / 255 - 0.5) / 0.5
    full, quick = (infer(weights, batch, 1) for weights in (WEIGHTS, GLANCING))
    for one, other in zip(full, quick, strict=True):
        assert _text(one, characters(1)) == _text(other, characters(1, GLANCING))


def _text(softmax: np.ndarray, known: tuple[str, ...]) -> str:
    """The likeliest characters of a line, repetitions as one and blanks left out."""
    return "".join(known[number] for number, _ in groupby(softmax.argmax(axis=1).tolist()))


def test_a_glance_knows_every_character_of_the_forms_and_no_rare_one_besides() -> None:
    glanced = set(characters(1, GLANCING))
    assert glanced < set(characters(1))
    assert set("".join(phrases(builtin()))) & set(characters(1)) <= glanced
    assert "的" in glanced
    assert "龘" not in glanced  # a character of sixteen strokes thrice over


def test_a_glance_says_nothing_of_figures(reader: LabelReader) -> None:
    assert reader.glance([line("Total: 1,204"), np.zeros((0, 10, 3), np.uint8)]) == (None, None)


def test_a_crop_without_pixels_reads_as_nothing(reader: LabelReader) -> None:
    (found,) = reader.read([np.zeros((0, 10, 3), np.uint8)])
    assert (found.text, found.confidence) == ("", 0.0)


def test_text_is_found_where_it_stands() -> None:
    page = np.full((600, 900, 3), 255, np.uint8)
    page[100:144, 80:440] = line("First line of text")
    page[400:444, 420:780] = line("Second line, below")
    found = detect(page)
    assert len(found) == 2
    for polygon, (top, left) in zip(found, ((100, 80), (400, 420)), strict=True):
        xs, ys = zip(*polygon, strict=True)
        assert left <= min(xs) < left + 30
        assert left + 150 < max(xs) < left + 360
        assert top - 5 <= min(ys) < max(ys) <= top + 50


def test_an_empty_page_holds_no_text() -> None:
    assert detect(np.full((300, 400, 3), 255, np.uint8)) == ()
    assert detect(np.zeros((0, 0, 3), np.uint8)) == ()
