"""What ink takes of a crop's light is found once, and never mixed up or altered."""

from __future__ import annotations

import numpy as np
import pytest

from models.digits.inputs import inks
from ocr import kept
from ocr.ink import find_ink, ink_mask
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


def test_a_crop_at_hand_is_told_by_its_pixels_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.forget()
    asked = []
    told = kept._mark  # noqa: SLF001

    def counted(one: np.ndarray) -> bytes:
        asked.append(one.shape)
        return told(one)

    monkeypatch.setattr(kept, "_mark", counted)
    cell = crop(4)
    assert kept_inks(cell) is kept_inks(cell) is kept_inks(cell)
    assert len(asked) == 1


def test_a_crop_in_the_place_of_one_that_is_gone_is_another() -> None:
    # where one was freed the next often begins, under the same number
    for seed in range(40):
        cell = crop(seed)
        assert np.array_equal(kept_inks(cell), inks(cell))
        del cell


def test_the_mask_of_ink_that_is_kept_is_what_a_crop_shows() -> None:
    for seed, shape in ((5, (40, 90, 3)), (6, (33, 17, 3)), (7, (9, 101, 3))):
        cell = crop(seed, shape)
        cell[: shape[0] // 2] //= 3
        found = find_ink(kept_inks(cell))
        assert find_ink(kept_inks(cell)) is found
        assert np.array_equal(ink_mask(kept_inks(cell)), ink_mask(inks(cell)))
