"""Fonts of this machine, and lines of text set in them."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Split: TypeAlias = Literal["train", "held-out", "bench"]
"""What a font serves: learning, calibrating and tuning, or measuring alone."""

EM = 48
"""Size in pixels at which glyphs are rasterised before they are scaled."""

HELD_OUT_SHARE = 0.18

_UNSUITED = (
    "emoji", "music", "symbol", "math", "braille", "keyboard", "initials", "variants", "integrals",
    "size", "nonunicode", "barcode", "dingbats", "z003", "chorus", "pilgi", "hairline", "thin",
    "extralight", "ocr", "unicode", "smallcaps", "d050000l",
)  # fmt: skip
_LATIN_NOTO = ("notosans-", "notoserif-", "notosanscjk", "notoserifcjk", "notosansmono-")

_USUAL = (
    "Liberation", "FandolFang", "FandolSong", "FandolHei", "FandolKai", "Noto Sans CJK SC",
    "Noto Serif CJK SC", "WenQuanYi", "AR PL", "cwTeX", "Carlito", "Caladea", "Tinos", "Arimo",
    "TeX Gyre Termes", "TeX Gyre Heros", "Nimbus Roman", "Nimbus Sans", "DejaVu", "LXGW", "FreeS",
    "TW-Kai",
)  # fmt: skip
"""Families (or clones of them) that Chinese office documents are printed in."""


_BENCH = (
    "WenQuanYi Micro Hei", "Droid Sans", "AR PL UKai", "AR PL SungtiL", "AR PL KaitiM", "LXGW",
    "FandolSong", "FandolKai", "FandolFang", "Carlito", "Lato", "Caladea", "Nimbus Roman",
    "TeX Gyre Termes", "FreeSerif", "Nimbus Sans", "TeX Gyre Heros", "FreeSans",
    "TeX Gyre Pagella", "P052", "Liberation Sans Narrow", "DejaVu Sans Condensed",
)  # fmt: skip
"""Designs that the benchmark of pages draws with (samples/style.py), and their clones."""

_CHINESE = ("Noto Sans CJK SC", "Noto Serif CJK SC", "AR PL U", "FandolHei", "FandolSong")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file's face. ``usual`` marks designs common in office documents."""

    path: str
    index: int
    family: str
    style: str
    usual: bool


def faces(split: Split) -> tuple[Face, ...]:
    """List the faces of this machine that have digits, parted by family into three sets.

    The parting depends on the names alone. Needs fontconfig's ``fc-list``.
    """
    listing = subprocess.run(
        ["fc-list", "--format", "%{file}\t%{index}\t%{family[0]}\t%{style[0]}\n"],  # noqa: S607
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    found = []
    for line in sorted(set(listing.splitlines())):
        path, index, family, style = line.split("\t")
        low = f"{path} {family} {style}".lower()
        if not path.endswith((".ttf", ".otf", ".ttc")) or any(word in low for word in _UNSUITED):
            continue
        if "/noto" in low and not any(name in low for name in _LATIN_NOTO):
            continue
        if int(index) > 0xFFFF or split_of(family, style) != split:
            continue  # named instances of variable fonts carry the instance in the upper half
        found.append(Face(path, int(index), family, style, family.startswith(_USUAL)))
    return tuple(face for face in found if _has_digits(face))


def chinese(rng: np.random.Generator, faces: Sequence[Face]) -> Face:
    """Choose a face that has Chinese characters."""
    found = [face for face in faces if face.family.startswith(_CHINESE)]
    return found[int(rng.integers(len(found)))] if found else faces[0]


def split_of(family: str, style: str = "") -> Split:
    """Tell what a family serves; but for the benchmark's, a hash of its name decides."""
    if f"{family} {style}".startswith(_BENCH):
        return "bench"
    # Families of one design go together: "Noto Sans CJK SC" with "Noto Sans CJK JP".
    design = " ".join(family.split()[:2])
    number = int.from_bytes(hashlib.sha256(design.encode()).digest()[:4], "big")
    return "held-out" if number / 2**32 < HELD_OUT_SHARE else "train"


def _has_digits(face: Face) -> bool:
    try:
        masks = [glyph(face, digit)[0] for digit in "0123456789"]
    except OSError:
        return False
    shapes = {mask.tobytes() for mask in masks}
    return len(shapes) == 10 and all(mask.max() > 128 for mask in masks)


@lru_cache(maxsize=4096)
def _font(path: str, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, EM, index=index, layout_engine=ImageFont.Layout.BASIC)


PAD = 8


@lru_cache(maxsize=60_000)
def glyph(face: Face, character: str) -> tuple[NDArray[np.uint8], float]:
    """Return a glyph's coverage (2 EM high, baseline at 1.4 EM, PAD left) and its advance."""
    font = _font(face.path, face.index)
    advance = font.getlength(character)
    image = Image.new("L", (int(advance) + 2 * PAD + 1, 2 * EM))
    ImageDraw.Draw(image).text((PAD, round(1.4 * EM)), character, font=font, fill=255, anchor="ls")
    return np.asarray(image), advance


def digit_height(face: Face) -> float:
    """Return the height of the face's digit 8 at EM, in pixels."""
    rows = np.flatnonzero(glyph(face, "8")[0].max(axis=1) > 128)
    return float(rows[-1] - rows[0] + 1)


def covers(face: Face, character: str) -> bool:
    """Tell whether the face draws ``character`` as something else than its missing-glyph box."""
    mask = glyph(face, character)[0]
    missing = glyph(face, "\u0378")[0]  # never assigned, so always missing
    return bool(mask.max() > 128) and mask.tobytes() != missing.tobytes()


def set_line(text: str, face: Face, fallback: Face, tracking: float) -> NDArray[np.uint8]:
    """Set ``text`` on one line at EM; characters the face lacks come from ``fallback``.

    ``tracking`` is added between characters, in EM. Returns coverage (2 EM, W).
    """
    placed = []
    x = 0.0
    for character in text:
        chosen = face if covers(face, character) else fallback
        mask, advance = glyph(chosen, character)
        placed.append((round(x), mask))
        x += advance + tracking * EM
    width = max((left + mask.shape[1] for left, mask in placed), default=1)
    line = np.zeros((2 * EM, width), np.uint8)
    for left, mask in placed:
        window = line[:, left : left + mask.shape[1]]
        np.maximum(window, mask, out=window)
    return line
