"""What a recogniser's lattice plainly says at a glance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PLAIN = 0.9
"""Confidence from which a line is taken as read, whatever phrases are known."""

SHORTEST = 2
"""Characters that a line must have in common with a phrase to be known by it."""


@cache
def characters_of(phrases: tuple[str, ...]) -> str:
    """Return the Chinese characters of phrases, each phrase on a line."""
    return "\n".join("".join(filter(_is_chinese, phrase)) for phrase in phrases)


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def known_words(
    probabilities: NDArray[np.float32], known: Sequence[str], phrases: str
) -> tuple[str, float] | None:
    """Return what a lattice (T, classes) says, if all its Chinese characters are of one phrase.

    Each of them must be plain. Signs and digits may be read as anything.
    """
    read = greedy(probabilities, known)
    sure = [chance for _, character, chance in read if _is_chinese(character)]
    text = "".join(character for _, character, _ in read)
    if len(sure) < SHORTEST or min(sure) < PLAIN:
        return None
    if "".join(filter(_is_chinese, text)) not in phrases:
        return None
    return text.strip(), float(np.mean(sure))


def plain_words(
    probabilities: NDArray[np.float32], known: Sequence[str]
) -> tuple[str, float] | None:
    """Return what a lattice (T, classes) says, if all its Chinese characters are plain.

    Lines with digits or Latin letters are not told so: what they say counts to the last sign.
    """
    read = greedy(probabilities, known)
    sure = [chance for _, character, chance in read if _is_chinese(character)]
    text = "".join(character for _, character, _ in read).strip()
    figured = any(one.isdigit() or (one.isascii() and one.isalpha()) for one in text)
    if len(sure) < SHORTEST or min(sure) < PLAIN or figured:
        return None
    return text, float(np.mean(sure))


def greedy(
    probabilities: NDArray[np.float32], known: Sequence[str]
) -> list[tuple[int, str, float]]:
    """Return the likeliest characters of a CTC lattice: frame, character, probability."""
    best = probabilities.argmax(axis=1)
    first = best != 0
    first[1:] &= best[1:] != best[:-1]
    frames = np.flatnonzero(first)
    chances = probabilities[frames, best[frames]].tolist()
    names = [known[number] for number in best[frames].tolist()]
    return list(zip(frames.tolist(), names, chances, strict=True))
