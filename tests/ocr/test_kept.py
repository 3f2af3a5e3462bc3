"""What ink takes of a crop's light is found once, and never mixed up or altered."""

from __future__ import annotations

import numpy as np
import pytest

from models.digits.inputs import inks
from ocr import kept
from ocr.ink import find_ink
from ocr.kept import kept_inks


def crop(seed: int, shape: tuple[int, int, int] = (40, 90, 3)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def test_a_crop_is_looked_at_once_though_it_is_cut_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept.forget()
    asked = []

    def counted(one: np.ndarray) -> np.ndarray:
        asked.append(one)
        return inks(one)

    monkeypatch.setattr("ocr.kept.inks", counted)
    page = crop(1, (80, 90, 3))
    first, again = kept_inks(page[:40]), kept_inks(page[:40].copy())
    assert again is first
    assert np.array_equal(first, inks(page[:40]))
    other = kept_inks(page[40:])
    assert np.array_equal(other, inks(page[40:]))
    assert len(asked) == 2


def test_crops_of_the_same_bytes_and_another_shape_are_others() -> None:
    tall, flat = crop(2, (40, 20, 3)), crop(2, (20, 40, 3))
    assert tall.tobytes() == flat.tobytes()
    assert kept_inks(tall).shape != kept_inks(flat).shape


def test_nobody_may_alter_what_is_kept() -> None:
    with pytest.raises(ValueError, match="read-only"):
        kept_inks(crop(3))[:] = 0


def test_what_is_kept_is_bounded_and_ink_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept.forget()
    monkeypatch.setattr(kept, "MOST_KEPT", 100_000)
    before = [find_ink(kept_inks(crop(seed))) for seed in range(12)]
    assert sum(one.nbytes for one in kept._KEPT.values()) <= 100_000  # noqa: SLF001
    assert [find_ink(inks(crop(seed))) for seed in range(12)] == before
