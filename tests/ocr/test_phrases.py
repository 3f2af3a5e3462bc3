"""Known phrases are found in lines that are read badly, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.phrases import Phrases, find

ALPHABET = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
CLASSES = {character: number for number, character in enumerate(ALPHABET, start=1)}
KNOWN = ("甲乙丙丁戊己", "甲乙丙丁子丑", "庚辛壬癸寅卯辰", "巳午")


def lattice(shown: str, behind: str, chance: float) -> np.ndarray:
    """Print ``shown``; what stands ``behind`` each of its characters has ``chance`` left."""
    rows = []
    for likely, other in zip(shown, behind, strict=True):
        for plain in (True, False):
            row = np.full(len(ALPHABET) + 1, 1e-6, np.float32)
            if plain:
                row[CLASSES[likely]] = 1 - chance
                if other != likely:
                    row[CLASSES[other]] = chance
            else:
                row[0] = 1.0
            rows.append(row)
    return np.stack(rows)


def found(shown: str, behind: str, chance: float) -> str | None:
    one = find(lattice(shown, behind, chance), Phrases.of(KNOWN, CLASSES))
    return None if one is None else one.text


def test_a_phrase_is_found_though_every_other_character_is_misread() -> None:
    assert found("酉辛戌癸亥卯辰", "庚辛壬癸寅卯辰", 0.05) == "庚辛壬癸寅卯辰"


def test_a_part_of_a_phrase_is_found_beside_other_words() -> None:
    shown = "酉戌庚辛亥癸酉"
    one = find(lattice(shown, "酉戌庚辛壬癸酉", 0.1), Phrases.of(KNOWN, CLASSES))
    assert one is not None
    assert (one.text, one.first, one.last) == ("庚辛壬癸", 4, 10)


def test_what_is_plainly_read_is_never_another_phrase() -> None:
    assert found("庚辛壬癸寅卯申", "庚辛壬癸寅卯辰", 1e-5) == "庚辛壬癸寅卯"
    assert found("酉戌亥申未午", "庚辛壬癸寅卯", 1e-5) is None


def test_between_two_phrases_that_fit_alike_none_is_chosen_but_what_they_share() -> None:
    assert found("甲乙丙丁酉戌", "甲乙丙丁酉戌", 0.05) == "甲乙丙丁"
    rows = lattice("甲乙丙丁酉戌", "甲乙丙丁戊己", 0.05)
    for at, character in ((8, "子"), (10, "丑")):
        rows[at, CLASSES[character]] = 0.04
    assert find(rows, Phrases.of(KNOWN, CLASSES)) is None


@pytest.mark.parametrize("texts", [(), ("無",)])
def test_without_phrases_nothing_is_found(texts: tuple[str, ...]) -> None:
    assert find(lattice("甲乙", "甲乙", 0.1), Phrases.of(texts, CLASSES)) is None
