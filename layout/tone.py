"""Gray values freed from paper, shadow and scale: what the geometry works on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from layout.characters import em_of
from layout.ink import freed, strokes_of, treated
from layout.quarter import rotated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layout.ink import Treatment

EM_WANTED = (14.0, 24.0)
"""Height of a full-width character, in pixels, that the kernels below are at home with."""

AGREEING = 1.3
"""How much the size measured at that scale may differ from the first."""

THE_SAME = 1.06
"""The same, for a page measured before and after it was straightened."""


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """``ink`` (height, width) uint8: 0 paper … 255 darkest, background divided out.

    ``em`` is the height of a full-width character in pixels of ``ink``; ``scale`` is how many
    pixels of ``ink`` stand for one pixel of the image it was made from. ``treatment`` is what
    was done to its grain and paleness.
    """

    ink: NDArray[np.uint8]
    em: float
    scale: float
    treatment: Treatment


def tone(image: NDArray[np.uint8], before: Tone | None = None) -> Tone:
    """Bring an image to a size at which a character is 14 to 24 pixels high, and free its ink.

    ``image`` has shape (height, width, 3). The scale is bounded to ¼ … 3. ``before`` is the tone
    of the same page before it was straightened: if it is clean, and characters are of the same
    size, its scale is kept.
    """
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    first = _as_resized(min(1.0, 1600 / min(gray.shape)))
    if before is not None and before.treatment.clean:
        resized = _resize(gray, before.scale)
        kept = _freed(resized, before.em, before.treatment, before.scale / first)
        em = em_of(kept)
        if em is not None and max(em / before.em, before.em / em) < THE_SAME:
            return Tone(kept, float(np.clip(em, 8, 60)), before.scale, before.treatment)
    at_first = _resize(gray, first)
    small, treatment, strokes = treated(at_first)
    em = em_of(small, strokes)
    wanted = 1.0 if em is None else np.clip(em, *EM_WANTED) / em
    scale = _as_resized(float(np.clip(first * wanted, 0.25, 3.0)))
    guess = 18.0 if em is None else em * scale / first
    resized = at_first if scale == first else _resize(gray, scale)
    ink = _freed(resized, guess, treatment, scale / first)
    exact = em_of(ink) or guess
    em = exact if max(exact / guess, guess / exact) < AGREEING else guess
    return Tone(ink, float(np.clip(em, 8, 60)), scale, treatment)


def tone_at(image: NDArray[np.uint8], em: float, like: Tone) -> Tone:
    """Return the tone of an image whose characters are known to be ``em`` pixels high.

    ``like`` is its tone at another size, treated as this one is to be.
    """
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    first = _as_resized(min(1.0, 1600 / min(gray.shape)))
    scale = _as_resized(float(np.clip(np.clip(em, *EM_WANTED) / em, 0.25, 3.0)))
    ink = _freed(_resize(gray, scale), em * scale, like.treatment, scale / first)
    return Tone(ink, float(np.clip(em * scale, 8, 60)), scale, like.treatment)


def _freed(
    resized: NDArray[np.uint8], em: float, treatment: Treatment, times: float
) -> NDArray[np.uint8]:
    """Free the ink of a page, characters ``em`` high, at ``times`` the size it was treated at."""
    ink = freed(resized, int(em * 1.6) | 1, treatment, times)
    return strokes_of(ink, int(em * 2.5))


def _as_resized(scale: float) -> float:
    """Return a scale, or 1 where it is so near that resizing would only blur."""
    return 1.0 if abs(scale - 1) < 0.02 else scale


def _resize(image: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1:
        return image
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)


def turned(made: Tone, turns: int) -> Tone:
    """Turn a tone clockwise by ``turns`` × 90°."""
    if turns % 4 == 0:
        return made
    return replace(made, ink=rotated(made.ink, turns))


def warped_tone(made: Tone, to_view: NDArray[np.float64], shape: tuple[int, ...]) -> Tone:
    """Return the tone of a view that ``to_view`` takes to the one that ``made`` is of."""
    half = (made.scale - 1) / 2  # pixels are places at their middles, whatever their size
    scaling = np.array([[made.scale, 0, half], [0, made.scale, half], [0, 0, 1]])
    ink = cv2.warpPerspective(
        made.ink,
        scaling @ to_view @ np.linalg.inv(scaling),
        (max(1, round(shape[1] * made.scale)), max(1, round(shape[0] * made.scale))),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return replace(made, ink=np.asarray(ink, np.uint8))
