"""Searchable PDFs: the pages look as before, and the words stand where they are seen."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from document.geometry import Box
from document.page import Page
from document.report import Report, Status
from document.word import Transcript, Word
from ocr.labels import TextLine
from pipeline.affine import box_between, image_of
from pipeline.export_pdf import to_pdf
from pipeline.intake import open_document
from pipeline.sight import Line, Sight
from pipeline.text_layer import TextLayers, _shown
from pipeline.transcript import transcribe
from pipeline.typed_part import FLAWLESS
from tests.pipeline.exported import exported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.intake import Document

LABEL = "（一）予以公开"
CELL, BESIDE = Box(300, 200, 380, 240), Box(60, 205, 220, 235)


def scan() -> Image.Image:
    pixels = np.full((700, 500, 3), 255, np.uint8)
    for box in (CELL, BESIDE):
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 120
    return Image.fromarray(pixels)


def pdf(path: Path, turns: int = 0, over: bytes = b"", *, form: bool = False) -> Document:
    """Make a PDF of one scan of 500 × 700 pixels, 100 dpi, shown turned."""
    turned = np.rot90(np.asarray(scan()), turns)  # it shows upright when turned clockwise
    height, width = turned.shape[:2]
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(width * 0.72, height * 0.72))
    image = pikepdf.Stream(made, np.ascontiguousarray(turned).tobytes())
    image["/Type"], image["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    image["/Width"], image["/Height"], image["/BitsPerComponent"] = width, height, 8
    image["/ColorSpace"] = pikepdf.Name.DeviceRGB
    page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/I"))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.add_resource(made.make_indirect(font), pikepdf.Name.Font, pikepdf.Name("/H"))
    if form:
        held = pikepdf.Stream(made, over)
        held["/Type"], held["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        held["/BBox"], held["/Resources"] = [0, 0, 900, 900], page.obj["/Resources"]
        page.add_resource(held, pikepdf.Name.XObject, pikepdf.Name("/F"))
        over = b"/F Do"
    drawn = f"q {width * 0.72} 0 0 {height * 0.72} 0 0 cm /I Do Q ".encode()
    page.contents_add(made.make_stream(drawn + over))
    page.obj["/Rotate"] = 90 * turns
    made.save(path)
    return open_document(path)


def reported(document: Document, text: str = "3001") -> Report:
    """A report of one figure, and that in doubt, on page 1."""
    whole = exported(3)
    table = whole.tables[2]
    one = replace(
        table.cells[0], printed=text, value=3001, status=Status.READ, needs_review=False,
        page=1, polygon=CELL.polygon,
    )  # fmt: skip
    rest = tuple(replace(cell, page=0, polygon=None) for cell in table.cells[1:])
    table = replace(table, cells=(one, *rest))
    return replace(whole, tables=(table,), source=document.source)


SAID = Transcript(frozenset({1}), (Word(1, LABEL, BESIDE.polygon),))


def words_of(content: bytes, number: int = 1) -> tuple[str, dict[str, Box]]:
    """Return the text of a page, and where strings stand as it is shown, in pixels of 100 dpi."""
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    words = page.get_textpage()
    found = {}
    for text in ("3001", "3O01", LABEL):
        hit = words.search(text).get_next()
        if hit:
            boxes = [words.get_charbox(hit[0] + i, loose=True) for i in range(hit[1])]
            left, low = min(b[0] for b in boxes), min(b[1] for b in boxes)
            right, high = max(b[2] for b in boxes), max(b[3] for b in boxes)
            shown = image_of(box_between(left, low, right, high), _shown(page))
            found[text] = Box(
                *(v / 0.72 for v in (shown.left, shown.top, shown.right, shown.bottom))
            )
    return words.get_text_range(), found


def inside(small: Box, large: Box) -> bool:
    grown = large.inset(-2)
    return grown.contains((small.left, small.top)) and grown.contains((small.right, small.bottom))


def looks(content: bytes) -> Any:
    return pypdfium2.PdfDocument(content)[0].render(scale=1).to_numpy()


@pytest.mark.parametrize("turns", range(4))
def test_words_stand_where_they_are_seen_however_the_page_is_turned(
    tmp_path: Path, turns: int
) -> None:
    document = pdf(tmp_path / "scan.pdf", turns)
    (page,) = document.pages()
    assert isinstance(page, Page)
    assert page.image[220, 340, 0] == 120
    content = to_pdf(document, reported(document), SAID)
    assert content is not None
    text, found = words_of(content)
    assert sorted(text.split()) == sorted(["3001", LABEL])
    assert inside(found["3001"], CELL)
    assert inside(found[LABEL], BESIDE)
    assert abs(found["3001"].center[0] - CELL.center[0]) < 3
    assert np.array_equal(looks(content), looks((tmp_path / "scan.pdf").read_bytes()))


@pytest.mark.parametrize("form", [False, True])
def test_somebody_elses_layer_is_taken_off_and_what_is_seen_is_left(
    tmp_path: Path, *, form: bool
) -> None:
    over = b"BT 3 Tr /H 12 Tf 50 300 Td (wrong 9999) Tj ET q BT 0 Tr /H 9 Tf 9 9 Td (seen) Tj ET Q"
    document = pdf(tmp_path / "scan.pdf", 0, over, form=form)
    before = (tmp_path / "scan.pdf").read_bytes()
    assert "9999" in words_of(before)[0]
    content = to_pdf(document, reported(document), SAID)
    assert content is not None
    text, _ = words_of(content)
    assert "9999" not in text
    assert "seen" in text
    assert "3001" in text
    assert np.array_equal(looks(content), looks(before))


def test_a_figure_in_doubt_is_laid_as_it_was_read_and_a_mended_one_as_it_is(
    tmp_path: Path,
) -> None:
    document = pdf(tmp_path / "scan.pdf")
    whole = reported(document, "3O01")
    (table,) = whole.tables
    for status, review, expected in (
        (Status.REPAIRED, False, "3001"),
        (Status.REPAIRED, True, "3O01"),
        (Status.UNREADABLE, True, "3O01"),
        (Status.HUMAN, False, "3001"),
    ):
        first = replace(table.cells[0], status=status, needs_review=review)
        changed = replace(table, cells=(first, *table.cells[1:]))
        content = to_pdf(document, replace(whole, tables=(changed,)), SAID)
        assert content is not None
        assert set(words_of(content)[1]) == {expected, LABEL}


def test_what_readers_of_labels_saw_in_a_figures_cell_does_not_count(tmp_path: Path) -> None:
    document = pdf(tmp_path / "scan.pdf")
    noise = Word(1, "十", CELL.inset(8).polygon)
    content = to_pdf(document, reported(document), replace(SAID, words=(*SAID.words, noise)))
    assert content is not None
    assert "十" not in words_of(content)[0]


def test_pages_that_hold_their_own_words_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    document = pdf(path, 0, b"BT /H 12 Tf 50 300 Td (own) Tj ET")
    content = to_pdf(document, reported(document), Transcript())
    assert content is not None
    assert words_of(content)[0] == "own"


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
@pytest.mark.parametrize("name", ["scan.png", "scan.tif"])
def test_pictures_become_pages_without_loss(tmp_path: Path, mode: str, name: str) -> None:
    path = tmp_path / name
    scan().convert(mode).save(path, dpi=(100, 100))
    document = open_document(path)
    content = to_pdf(document, reported(document), SAID)
    assert content is not None
    with pikepdf.open(io.BytesIO(content)) as made:
        (image,) = made.pages[0].images.values()
        stored = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
        assert round(float(made.pages[0].mediabox[2])) == 360
    assert np.array_equal(np.asarray(stored), np.asarray(scan().convert(mode).convert("RGB")))
    _, found = words_of(content)
    assert inside(found["3001"], CELL)
    assert inside(found[LABEL], BESIDE)


def test_all_lines_seen_in_pixels_are_written_down_and_no_others() -> None:
    class Reads:
        def read(self, crops: Sequence[Any]) -> list[TextLine]:
            return [TextLine(f"line of {crop.shape[1]}", 1.0) for crop in crops]

    picture = np.zeros((20, 77, 3), np.uint8)
    lines = (Line("read", None, CELL.polygon), Line(None, picture, BESIDE.polygon))
    seen = Sight(2, (), lines, 0, 1.0, replace(FLAWLESS))
    typed = Sight(1, (), (Line("own", None, CELL.polygon),), 0, 1.0, FLAWLESS)
    told = transcribe([typed, seen], Reads())  # type: ignore[arg-type]
    assert told.pages == {2}
    assert [(word.page, word.text, word.polygon) for word in told.words] == [
        (2, "read", CELL.polygon),
        (2, "line of 77", BESIDE.polygon),
    ]


def test_texts_have_no_pages_to_lay_words_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("三、", "utf-8")
    document = open_document(tmp_path / "a.txt")
    assert to_pdf(document, reported(document), SAID) is None


def test_the_layer_is_found_by_others_and_not_believed_by_us(tmp_path: Path) -> None:
    document = pdf(tmp_path / "scan.pdf")
    content = to_pdf(document, reported(document), SAID)
    assert content is not None
    (tmp_path / "made.pdf").write_bytes(content)
    layers = TextLayers(tmp_path / "made.pdf")
    assert layers.layer(1) is None
    layers.close()
    again = to_pdf(open_document(tmp_path / "made.pdf"), reported(document), SAID)
    assert again is not None
    assert words_of(again)[0].split() == words_of(content)[0].split()
    assert content == to_pdf(document, reported(document), SAID)
