"""Draw the crops in tests/ocr/crops: ``python tests/ocr/draw_crops.py`` (needs the fonts).

They are drawn once and kept as pictures, so that the tests need no fonts.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent / "crops"
FONTS = {
    "song": "/root/.local/share/fonts/FandolSong-Regular.otf",
    "fang": "/root/.local/share/fonts/FandolFang-Regular.otf",
    "ming": "/usr/share/fonts/truetype/arphic/uming.ttc",
    "carlito": "/usr/share/fonts/truetype/crosextra/Carlito-Regular.ttf",
    "caladea": "/usr/share/fonts/truetype/crosextra/Caladea-Bold.ttf",
    "lato": "/usr/share/fonts/truetype/lato/Lato-Regular.ttf",
    "hei": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
}


def cell(text: str, font: str, size: int, width: int, height: int) -> np.ndarray:
    """Draw dark text in the middle of a pale cell."""
    image = Image.new("RGB", (width, height), (246, 247, 244))
    face = ImageFont.truetype(FONTS[font], size)
    place = (width / 2, height / 2)
    ImageDraw.Draw(image).text(place, text, font=face, fill=(28, 28, 30), anchor="mm")
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def scanned(image: np.ndarray, seed: int = 0) -> np.ndarray:
    """Blur a little, add noise, compress."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(image, (0, 0), 0.7).astype(float) + rng.normal(0, 5, image.shape)
    data = cv2.imencode(".jpg", np.clip(soft, 0, 255).astype(np.uint8), [1, 60])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))


def faxed(image: np.ndarray) -> np.ndarray:
    """Reduce to black and white."""
    grey = cv2.cvtColor(cv2.GaussianBlur(image, (0, 0), 0.6), cv2.COLOR_BGR2GRAY)
    bits = np.where(grey > 150, 255, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR))


def main() -> None:  # noqa: PLR0915 - one list, one statement a crop
    """Draw all crops and the list of what they hold."""
    FOLDER.mkdir(exist_ok=True)
    truth: dict[str, str] = {}

    def keep(name: str, image: np.ndarray, text: str) -> None:
        cv2.imwrite(str(FOLDER / f"{name}.png"), image)
        truth[f"{name}.png"] = text

    for font in FONTS:
        for digit in "0127":
            size = 26 if digit in "02" else 19
            keep(f"lone-{digit}-{font}", scanned(cell(digit, font, size, 80, 44)), digit)
        keep(f"number-{font}", scanned(cell("35846", font, 22, 120, 44)), "35846")
    keep("decimal", scanned(cell("24252.311082", "song", 24, 210, 44)), "24252.311082")
    keep("money", scanned(cell("251000元", "song", 24, 160, 44)), "251000元")
    keep("minus", scanned(cell("-18", "fang", 24, 90, 44)), "-18")
    keep("full-width", scanned(cell("３０", "song", 24, 110, 44)), "30")
    keep("slash", scanned(cell("/", "song", 24, 80, 44)), "/")
    keep("slash-lato", scanned(cell("/", "lato", 22, 80, 44)), "/")
    keep("long-dash", scanned(cell("—", "song", 24, 80, 44)), "—")
    keep("two-hyphens", scanned(cell("--", "caladea", 24, 80, 44)), "--")
    keep("none", scanned(cell("无", "song", 24, 80, 44)), "无")
    keep("remark", scanned(cell("22（其中修订16件）", "song", 24, 260, 44)), "22（其中修订16件）")
    keep("fax-803", faxed(cell("803", "ming", 24, 90, 44)), "803")
    keep("fax-0", faxed(cell("0", "fang", 24, 60, 40)), "0")
    keep("small-47", scanned(cell("47", "song", 16, 60, 30)), "47")
    blank = cell("", "song", 24, 90, 44)
    keep("blank", scanned(blank), "")
    speck = blank.copy()
    cv2.circle(speck, (30, 15), 1, (60, 60, 60), -1)
    keep("blank-speck", scanned(speck), "")
    ruled = blank.copy()
    ruled[:3] = 40
    ruled[:, -2:] = 40
    keep("blank-ruled", scanned(ruled), "")
    lined = cell("6", "song", 24, 80, 44)
    lined[:, :3] = 40
    lined[-2:] = 40
    keep("ruled-6", scanned(lined), "6")
    sealed = cell("38", "song", 26, 90, 48)
    stamp = np.full_like(sealed, 255)
    cv2.circle(stamp, (70, 60), 52, (60, 50, 220), 6, cv2.LINE_AA)
    cv2.line(stamp, (10, 40), (80, 12), (60, 50, 220), 5, cv2.LINE_AA)
    keep("sealed-38", scanned((sealed.astype(float) * stamp / 255).astype(np.uint8)), "38")
    alone = cell("", "song", 26, 90, 48)
    keep("sealed-blank", scanned((alone.astype(float) * stamp / 255).astype(np.uint8)), "")
    wrapped = Image.new("RGB", (150, 80), (246, 247, 244))
    pen = ImageDraw.Draw(wrapped)
    face = ImageFont.truetype(FONTS["song"], 24)
    pen.text((75, 24), "22（其中修", font=face, fill=(28, 28, 30), anchor="mm")
    pen.text((75, 57), "订16件）", font=face, fill=(28, 28, 30), anchor="mm")
    image = np.ascontiguousarray(np.asarray(wrapped)[:, :, ::-1])
    keep("wrapped", scanned(image), "22（其中修订16件）")
    wrapped = Image.new("RGB", (230, 80), (246, 247, 244))
    pen = ImageDraw.Draw(wrapped)
    face = ImageFont.truetype(FONTS["ming"], 24)
    pen.text((115, 24), "136（含自然失效15", font=face, fill=(28, 28, 30), anchor="mm")
    pen.text((115, 57), "件）", font=face, fill=(28, 28, 30), anchor="mm")
    image = np.ascontiguousarray(np.asarray(wrapped)[:, :, ::-1])
    keep("wrapped-words", scanned(image), "136（含自然失效15件）")
    struck = cell("57", "song", 26, 90, 48)
    for y in (18, 24, 30):
        cv2.line(struck, (24, y), (66, y - 1), (30, 30, 30), 4, cv2.LINE_AA)
    keep("struck-out", scanned(struck), "")
    once = cell("57", "song", 26, 90, 48)
    cv2.line(once, (24, 27), (66, 21), (30, 30, 30), 2, cv2.LINE_AA)
    keep("struck-once", scanned(once), "")
    blot = cell("9", "song", 26, 80, 44)
    cv2.ellipse(blot, (40, 22), (13, 12), 0, 0, 360, (30, 30, 30), -1)
    keep("blot", scanned(blot), "")
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / "truth.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
