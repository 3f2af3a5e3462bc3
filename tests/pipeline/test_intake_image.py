"""Image files: modes, orientation, resolution, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from document.errors import InputError
from document.page import Page, PageFailure
from pipeline.allowance import Allowance
from pipeline.intake import Handling, open_document
from pipeline.selection import parse_pages

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMATS = {"PNG", "BMP", "TIFF", "WEBP", "JPEG"}
ORIENTATION = 0x0112


def picture(mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (120, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 40, 20), fill="black")
    draw.rectangle((60, 40, 100, 60), fill=(220, 20, 20))
    return image.convert(mode)


def only_page(path: Path, **options: Any) -> Page:
    (page,) = open_document(path, **options).pages()
    assert isinstance(page, Page), page
    return page


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image.convert("RGB"), dtype=np.uint8)[:, :, ::-1]


@pytest.mark.parametrize("image_format", sorted(FORMATS - {"JPEG"}))
def test_lossless_formats(tmp_path: Path, image_format: str) -> None:
    path = tmp_path / "page.dat"  # the name says nothing; the content does
    picture().save(path, image_format, **({"lossless": True} if image_format == "WEBP" else {}))
    page = only_page(path)
    assert page.origin == "raster"
    assert (page.image == pixels(picture())).all()
    assert page.image.flags.c_contiguous


def test_jpeg(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg", quality=95)
    assert np.abs(only_page(tmp_path / "a.jpg").image.astype(int) - pixels(picture())).max() < 90


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [
        ("PNG", "1"),
        ("PNG", "L"),
        ("PNG", "P"),
        ("BMP", "1"),
        ("BMP", "P"),
        ("TIFF", "1"),
        ("TIFF", "L"),
        ("TIFF", "P"),
    ],
)
def test_gray_bilevel_and_palette(tmp_path: Path, image_format: str, mode: str) -> None:
    picture(mode).save(tmp_path / "a", image_format)
    assert (only_page(tmp_path / "a").image == pixels(picture(mode))).all()


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path, image_format: str) -> None:
    values = (
        (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16).repeat(4, axis=0).repeat(4, axis=1)
    )
    Image.fromarray(values).save(tmp_path / "a", image_format)
    assert (only_page(tmp_path / "a").image[::4, ::4, 0].ravel() == np.arange(256)).all()


def test_cmyk_tiff(tmp_path: Path) -> None:
    picture("CMYK").save(tmp_path / "a.tif")
    assert (only_page(tmp_path / "a.tif").image == pixels(picture())).all()


@pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP"])
def test_transparency_is_white(tmp_path: Path, image_format: str) -> None:
    image = Image.new("RGBA", (60, 50), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((10, 5, 19, 14), fill=(0, 0, 0, 255))
    image.save(
        tmp_path / "a", image_format, **({"lossless": True} if image_format == "WEBP" else {})
    )
    got = only_page(tmp_path / "a").image
    assert (got[0, 0] == 255).all()
    assert (got[7, 12] == 0).all()


def test_transparent_palette_is_white(tmp_path: Path) -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 10, 10, 10])
    image.putpixel((1, 1), 1)
    image.save(tmp_path / "a.png", transparency=0)
    got = only_page(tmp_path / "a.png").image
    assert got[0, 0].tolist() == [255, 255, 255]
    assert got[1, 1].tolist() == [10, 10, 10]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_tag_is_obeyed_once(
    tmp_path: Path, image_format: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = picture()
    stored.save(tmp_path / "a", image_format, exif=exif, quality=95)
    wanted = Image.new("RGB", stored.size)
    wanted.paste(stored)
    wanted.getexif()[ORIENTATION] = orientation
    upright = pixels(ImageOps.exif_transpose(wanted))
    got = only_page(tmp_path / "a").image
    assert got.shape == upright.shape
    assert (np.abs(got.astype(int) - upright) < 90).mean() > 0.99


def test_tiff_with_many_pages_and_a_thumbnail(tmp_path: Path) -> None:
    first, second = picture("1"), picture("L").rotate(90, expand=True)
    thumbnail = picture("L").resize((12, 8))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}, "compression": "raw"}
    second.encoderinfo = {"compression": "tiff_lzw"}
    first.save(
        tmp_path / "a.tif",
        compression="group4",
        save_all=True,
        append_images=[thumbnail, second],
        dpi=(200, 200),
    )
    document = open_document(tmp_path / "a.tif")
    assert document.source.pages == 2
    pages = list(document.pages())
    assert [page.number for page in pages] == [1, 2]
    assert isinstance(pages[0], Page)
    assert isinstance(pages[1], Page)
    assert (pages[0].image == pixels(first)).all()
    assert pages[0].dpi == 200
    assert pages[1].image.shape == (120, 80, 3)
    (last,) = open_document(tmp_path / "a.tif", pages=parse_pages("2")).pages()
    assert last.number == 2


def test_fax_pixels_become_square(tmp_path: Path) -> None:
    picture("1").save(tmp_path / "a.tif", compression="group3", dpi=(204, 98))
    page = only_page(tmp_path / "a.tif")
    assert page.image.shape == (round(80 * 204 / 98), 120, 3)
    assert page.dpi == 204


@pytest.mark.parametrize(("claim", "dpi"), [((300, 300), 300), ((1, 1), None), (None, None)])
def test_only_plausible_dpi_is_believed(
    tmp_path: Path, claim: tuple[int, int] | None, dpi: float | None
) -> None:
    options: dict[str, Any] = {} if claim is None else {"dpi": claim}
    picture().save(tmp_path / "a.jpg", **options)
    assert only_page(tmp_path / "a.jpg").dpi == dpi


def test_a_damaged_page_of_a_tiff_stops_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    noise = np.random.default_rng(1).integers(0, 255, (100, 100), dtype=np.uint8)
    Image.fromarray(noise).save(
        path, save_all=True, append_images=[picture("L")], compression="tiff_lzw"
    )
    with Image.open(path) as image:
        tags: Any = image.tag_v2  # type: ignore[attr-defined]
        offset, count = tags[273][0], tags[279][0]
    data = bytearray(path.read_bytes())
    data[offset : offset + count] = b"\xff" * count
    path.write_bytes(bytes(data))
    first, second = open_document(path).pages()
    assert isinstance(first, PageFailure)
    assert first.code == "damaged-image"
    assert isinstance(second, Page)
    assert (second.image == pixels(picture("L"))).all()


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    with pytest.raises(InputError) as caught:
        open_document(tmp_path / "a.png", handling=Handling(allowance=Allowance(megapixels=0.009)))
    assert caught.value.code == "too-large"


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    header = bytearray()
    picture("L").save(tmp_path / "a.png")
    header += (tmp_path / "a.png").read_bytes()
    header[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    import zlib  # noqa: PLC0415

    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4)
    (tmp_path / "a.png").write_bytes(bytes(header))
    with pytest.raises(InputError) as caught:
        open_document(tmp_path / "a.png")
    assert caught.value.code == "bomb"
