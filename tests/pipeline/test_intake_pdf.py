"""PDFs: what the page image is, against what poppler shows of the same page."""

from __future__ import annotations

import io
import struct
import weakref
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pytest
from pdf2image import convert_from_path
from PIL import Image, ImageDraw, ImageOps

from document.page import Page, PageFailure
from pipeline.allowance import Allowance
from pipeline.intake import Handling, open_document
from pipeline.selection import parse_pages

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 300, 400


def scan(mode: str = "RGB", size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A picture that no turn or flip maps onto itself."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, 0, width // 3, height // 8), fill="black")
    draw.rectangle((width // 2, height // 2, width - 20, height // 2 + 30), fill=(200, 30, 30))
    draw.ellipse((20, height - 60, 60, height - 20), fill=(0, 0, 120))
    return image.convert(mode, dither=Image.Dither.NONE)


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def flate(pdf: pikepdf.Pdf, image: Image.Image, **extra: Any) -> pikepdf.Object:
    spaces = {"RGB": "/DeviceRGB", "L": "/DeviceGray", "1": "/DeviceGray", "CMYK": "/DeviceCMYK"}
    keys = {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "Width": image.width,
        "Height": image.height,
        "ColorSpace": pikepdf.Name(spaces[image.mode]),
        "BitsPerComponent": 1 if image.mode == "1" else 8,
        "Filter": pikepdf.Name.FlateDecode,
        **extra,
    }
    return pdf.make_stream(zlib.compress(image.tobytes()), **keys)


def add_page(
    pdf: pikepdf.Pdf,
    image: pikepdf.Object | None,
    content: str = "",
    *,
    size: tuple[float, float] = (108, 144),
    **keys: Any,
) -> pikepdf.Page:
    """Add a page of ``size`` points; ``content`` draws /Im, by default over all of it."""
    content = content or f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im Do Q"
    resources = pikepdf.Dictionary()
    if image is not None:
        resources.XObject = pikepdf.Dictionary(Im=image)
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    resources.Font = pikepdf.Dictionary(F=font)
    page = pikepdf.Page(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, *size],
            Resources=resources,
            Contents=pdf.make_stream(content.encode()),
            **keys,
        )
    )
    pdf.pages.append(page)
    return pdf.pages[-1]


def pages_of(path: Path, **options: Any) -> list[Page | PageFailure]:
    return list(open_document(path, **options).pages())


def only_page(path: Path, **options: Any) -> Page:
    (page,) = pages_of(path, **options)
    assert isinstance(page, Page), page
    return page


def shown(path: Path) -> NDArray[np.uint8]:
    """The page as poppler shows it at 200 dpi, blue-green-red."""
    picture = convert_from_path(path, dpi=200, use_cropbox=True)[0].convert("RGB")
    return np.asarray(picture, dtype=np.uint8)[:, :, ::-1]


def likeness(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """The share of pixels that look the same."""
    assert first.shape == second.shape
    difference = np.abs(first.astype(int) - second.astype(int)).max(axis=2)
    return float((difference < 60).mean())


PLACEMENTS = [
    "108 0 0 144 0 0",
    "-108 0 0 144 108 0",
    "108 0 0 -144 0 144",
    "-108 0 0 -144 108 144",
]
TURNED_PLACEMENTS = [
    "0 108 144 0 0 0",
    "0 -108 144 0 0 108",
    "0 108 -144 0 144 0",
    "0 -108 -144 0 144 108",
]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("matrix", [*PLACEMENTS, *TURNED_PLACEMENTS])
def test_a_scan_comes_out_as_a_viewer_shows_it(tmp_path: Path, matrix: str, rotation: int) -> None:
    size = (108, 144) if matrix in PLACEMENTS else (144, 108)
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()), f"q {matrix} cm /Im Do Q", size=size, Rotate=rotation)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    height, width = page.image.shape[:2]
    assert page.origin == "embedded"
    assert page.dpi == pytest.approx(200)
    assert sorted((width, height)) == [WIDTH, HEIGHT]
    assert likeness(page.image, shown(tmp_path / "a.pdf")) > 0.995


def test_the_embedded_pixels_are_not_touched(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()))
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert (page.image == np.asarray(scan())[:, :, ::-1]).all()


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_jpeg_in_pdf(tmp_path: Path, mode: str) -> None:
    with pikepdf.new() as pdf:
        image = flate(pdf, scan(mode))
        image.write(jpeg(scan(mode)), filter=pikepdf.Name.DCTDecode)
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "embedded"
    assert likeness(page.image, np.asarray(scan(mode).convert("RGB"))[:, :, ::-1]) > 0.99


@pytest.mark.parametrize("black_is_1", [False, True])
def test_fax_in_pdf(tmp_path: Path, black_is_1: bool) -> None:  # noqa: FBT001 - parametrized
    stream = io.BytesIO()
    scan("1").save(stream, "TIFF", compression="group4")
    with Image.open(stream) as tiff:
        tags: Any = tiff.tag_v2  # type: ignore[attr-defined]
        (offset,), (count,) = tags[273], tags[279]
    data = stream.getvalue()[offset : offset + count]
    parms = pikepdf.Dictionary(K=-1, Columns=WIDTH, Rows=HEIGHT, BlackIs1=black_is_1)
    with pikepdf.new() as pdf:
        image = flate(pdf, scan("1"))
        image.write(data, filter=pikepdf.Name.CCITTFaxDecode, decode_parms=parms)
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "embedded"
    assert likeness(page.image, shown(tmp_path / "a.pdf")) > 0.995


def test_jbig2_in_pdf(tmp_path: Path) -> None:
    """A generic region whose pixels are packed as fax machines do, which JBIG2 allows."""
    stream = io.BytesIO()
    ImageOps.invert(scan("1").convert("L")).convert("1").save(stream, "TIFF", compression="group4")
    with Image.open(stream) as tiff:
        tags: Any = tiff.tag_v2  # type: ignore[attr-defined]
        (offset,), (count,) = tags[273], tags[279]
    fax = stream.getvalue()[offset : offset + count]
    page_info = struct.pack(">IIIIBH", WIDTH, HEIGHT, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", WIDTH, HEIGHT, 0, 0, 0, 1) + fax
    segments = [(48, page_info), (38, region)]
    data = b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(held)) + held
        for number, (kind, held) in enumerate(segments)
    )
    with pikepdf.new() as pdf:
        image = flate(pdf, scan("1"))
        image.write(data, filter=pikepdf.Name.JBIG2Decode)
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    # in its own pixels, whether pikepdf found a decoder or poppler drew it at its resolution
    assert page.image.shape[:2] == (HEIGHT, WIDTH)
    assert page.dpi == pytest.approx(200)
    assert likeness(page.image, np.asarray(scan("1").convert("RGB"))[:, :, ::-1]) > 0.97


def test_jpeg2000_in_pdf(tmp_path: Path) -> None:
    stream = io.BytesIO()
    scan().save(stream, "JPEG2000")
    with pikepdf.new() as pdf:
        image = flate(pdf, scan())
        image.write(stream.getvalue(), filter=pikepdf.Name.JPXDecode)
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "embedded"
    assert likeness(page.image, np.asarray(scan())[:, :, ::-1]) > 0.99


@pytest.mark.parametrize(
    "extra",
    [
        {"Decode": [1, 0, 1, 0, 1, 0]},
        {"Mask": [0, 10, 0, 10, 0, 10]},
    ],
)
def test_a_picture_with_a_twist_looks_as_in_a_viewer(
    tmp_path: Path, extra: dict[str, list[int]]
) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan(), **extra))
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.image.shape == (HEIGHT, WIDTH, 3)
    assert likeness(page.image, shown(tmp_path / "a.pdf")) > 0.99


def test_bilevel_stencil_is_rendered_at_its_own_resolution(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        image = flate(pdf, scan("1"))
        del image["/ColorSpace"]
        image.ImageMask = True
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.image.shape == (HEIGHT, WIDTH, 3)
    assert page.dpi == 200
    assert likeness(page.image, np.asarray(scan("1").convert("RGB"))) > 0.99


def test_an_invisible_text_layer_does_not_hide_the_scan(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        content = "q 108 0 0 144 0 0 cm /Im Do Q BT 3 Tr /F 9 Tf 10 10 Td (12) Tj ET"
        add_page(pdf, flate(pdf, scan()), content)
        pdf.save(tmp_path / "a.pdf")
    assert only_page(tmp_path / "a.pdf").origin == "embedded"


@pytest.mark.parametrize(
    "stamp",
    [
        "BT /F 9 Tf 10 10 Td (12) Tj ET",
        "0 0 1 rg 10 10 50 50 re f",
        "10 10 m 60 60 l S",
    ],
)
def test_what_is_drawn_over_a_scan_is_seen(tmp_path: Path, stamp: str) -> None:
    with pikepdf.new() as pdf:
        blank = flate(pdf, Image.new("RGB", (WIDTH, HEIGHT), "white"))
        add_page(pdf, blank, "q 108 0 0 144 0 0 cm /Im Do Q " + stamp)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "rendered"
    assert page.image.min() < 100


def test_a_stamp_that_is_an_annotation_is_seen(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        page = add_page(pdf, flate(pdf, Image.new("RGB", (WIDTH, HEIGHT), "white")))
        form = pdf.make_stream(
            b"1 0 0 rg 0 0 50 50 re f",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 50, 50],
        )
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[20, 20, 70, 70],
            AP=pikepdf.Dictionary(N=form),
            F=4,
        )
        page.obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(stamp)]))
        pdf.save(tmp_path / "a.pdf")
    image = only_page(tmp_path / "a.pdf").image
    assert (image[:, :, 0] < 100).any()


def test_a_scan_inside_a_form_and_a_clip(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        form = pdf.make_stream(
            b"q 0 0 108 144 re W n 108 0 0 144 0 0 cm /Im Do Q",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 108, 144],
            Matrix=[0.5, 0, 0, 0.5, 0, 0],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=flate(pdf, scan()))),
        )
        add_page(pdf, form, "q 2 0 0 2 0 0 cm /Im Do Q")
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "embedded"
    assert page.dpi == pytest.approx(200)
    assert (page.image == np.asarray(scan())[:, :, ::-1]).all()


def test_only_what_the_crop_box_shows_is_taken(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()), CropBox=[0, 72, 108, 144], Rotate=90)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "embedded"
    assert page.image.shape == (300, 200, 3)
    assert likeness(page.image, shown(tmp_path / "a.pdf")) > 0.99


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan(size=(WIDTH, HEIGHT // 2))))
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.image.shape == (HEIGHT, WIDTH, 3)
    assert page.dpi == pytest.approx(200)


def test_a_scan_laid_askew_is_rendered_upright(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()), "q 107 4 -4 143 2 0 cm /Im Do Q")
        pdf.save(tmp_path / "a.pdf")
    assert only_page(tmp_path / "a.pdf").origin == "rendered"


def test_strips_are_rendered_at_their_resolution(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        content = "q 108 0 0 72 0 0 cm /Im Do Q q 108 0 0 72 0 72 cm /Im Do Q"
        add_page(pdf, flate(pdf, scan(size=(330, 220))), content)
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.origin == "rendered"
    assert page.dpi == 220
    assert page.image.shape == (440, 330, 3)


@pytest.mark.parametrize(("size", "dpi"), [(12, 300), (6, 360), (2, 400)])
def test_small_print_asks_for_more_dpi(tmp_path: Path, size: int, dpi: int) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, None, f"BT /F 1 Tf {size} 0 0 {size} 10 10 Tm (12) Tj ET")
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf")
    assert page.dpi == dpi
    assert page.image.shape[:2] == pytest.approx((144 / 72 * dpi, 108 / 72 * dpi), abs=1)


def test_the_dpi_that_is_asked_for_wins(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()))
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf", handling=Handling(100))
    assert page.origin == "rendered"
    assert page.image.shape == (200, 150, 3)


def test_a_poster_is_rendered_within_the_pixel_limit(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, None, "0 0 100 100 re f", size=(720, 720))
        pdf.save(tmp_path / "a.pdf")
    page = only_page(tmp_path / "a.pdf", handling=Handling(allowance=Allowance(megapixels=1)))
    assert page.dpi == 100
    assert page.image.shape == (1000, 1000, 3)


def test_only_wanted_pages_are_decoded(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(4):
            add_page(pdf, flate(pdf, scan()))
        pdf.save(tmp_path / "a.pdf")
    document = open_document(tmp_path / "a.pdf", pages=parse_pages("2,4-9"))
    assert document.source.pages == 4
    numbers = [(page.number, type(page)) for page in document.pages()]
    assert numbers == [(2, Page), (4, Page), (5, PageFailure)]


def test_one_page_in_memory_at_a_time(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(3):
            add_page(pdf, flate(pdf, scan()))
        pdf.save(tmp_path / "a.pdf")
    before: weakref.ref[Any] | None = None
    for page in open_document(tmp_path / "a.pdf").pages():
        assert isinstance(page, Page)
        assert before is None or before() is None
        before = weakref.ref(page.image)
        del page


def test_a_page_that_fails_stops_only_itself(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        whole = flate(pdf, scan())
        whole.write(jpeg(scan()), filter=pikepdf.Name.DCTDecode)
        broken = flate(pdf, scan())
        broken.write(jpeg(scan())[:2000], filter=pikepdf.Name.DCTDecode)
        short = flate(pdf, scan())
        short.write(zlib.compress(scan().tobytes())[:300], filter=pikepdf.Name.FlateDecode)
        for image in (broken, whole, short):
            add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    first, second, third = pages_of(tmp_path / "a.pdf")
    assert isinstance(second, Page)
    for failure in (first, third):
        assert isinstance(failure, PageFailure)
        assert failure.code == "damaged-page"
        assert "：" in failure.message.zh
        assert ": " in failure.message.en


def test_a_huge_embedded_picture_is_refused(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        image = flate(pdf, scan(), Width=60_000, Height=60_000)
        add_page(pdf, image)
        pdf.save(tmp_path / "a.pdf")
    (failure,) = pages_of(tmp_path / "a.pdf")
    assert isinstance(failure, PageFailure)
    assert failure.code == "too-large"


def test_poppler_missing_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()))
        add_page(pdf, None, "0 0 10 10 re f")
        pdf.save(tmp_path / "a.pdf")
    monkeypatch.setenv("PATH", str(tmp_path))
    first, second = pages_of(tmp_path / "a.pdf")
    assert isinstance(first, Page)
    assert isinstance(second, PageFailure)
    assert second.code == "poppler-missing"
    assert "apt-get install poppler-utils" in second.message.en
    assert "apt-get install poppler-utils" in second.message.zh


def test_content_that_cannot_be_parsed_is_left_to_poppler(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, flate(pdf, scan()), "q 108 0 0 cm /Im Do Q ]] << (")
        pdf.save(tmp_path / "a.pdf")
    (page,) = pages_of(tmp_path / "a.pdf")
    assert isinstance(page, Page)
    assert page.origin == "rendered"
