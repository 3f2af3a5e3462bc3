"""A page hard to read says what is wrong with it, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from document.page import View
from layout.quality import Quality, quality_of
from layout.sheet import survey
from tests.layout.drawing import paper, prose

if TYPE_CHECKING:
    from tests.layout.drawing import Image


def page(em: int = 28) -> Image:
    image = paper(40 * em + 160, 24 * em)
    prose(image, 2 * em, 12, em=em)
    return image


def measured(image: Image) -> Quality:
    return quality_of(survey(View(np.asarray(image, np.uint8), np.eye(3)), 1))


def said(image: Image) -> str:
    return " / ".join(message.en for message in measured(image).remedies())


def test_a_good_scan_needs_nothing() -> None:
    good = measured(page())
    assert good.remedies() == ()
    assert good.em == pytest.approx(28, rel=0.15)
    assert 170 < good.dpi < 220
    assert good.contrast > 0.7


def test_small_print_wants_a_higher_resolution() -> None:
    assert "200 dpi" in said(page(11))


def test_pale_ink_is_told_whatever_the_light() -> None:
    pale = 255 - (255 - page().astype(np.int16)) // 5
    shade = np.linspace(1.0, 0.6, pale.shape[1])[None, :, None]
    assert "faint" in said((pale * shade).astype(np.uint8))


def test_blur_and_grain_are_told_apart() -> None:
    blurred = cv2.GaussianBlur(page(), (0, 0), 3.5)
    assert "blurred" in said(np.asarray(blurred, np.uint8))
    dust = np.random.default_rng(1).normal(0, 45, page().shape)
    grainy = said(np.clip(page() + dust, 0, 255).astype(np.uint8))
    assert "grainy" in grainy
    assert "blurred" not in grainy


def test_a_shadow_alone_is_no_fault() -> None:
    shade = np.linspace(1.0, 0.5, page().shape[1])[None, :, None]
    assert measured((page() * shade).astype(np.uint8)).remedies() == ()
