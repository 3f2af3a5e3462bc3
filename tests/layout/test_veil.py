"""Watermarks are taken off a page; its print, its grounds and its seals stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from layout.veil import unveiled
from tests.layout.drawing import paper, prose, write

EM = 22


def page() -> np.ndarray:
    image = paper(42 * EM, 30 * EM)
    prose(image, 3 * EM, 12, em=EM)
    return image


def strewn(image: np.ndarray, depth: float) -> np.ndarray:
    """Print large words aslant all over a page, as pale as ``depth``."""
    ink = np.zeros(image.shape[:2], np.float32)
    for y in range(0, 2 * image.shape[0], 6 * EM):
        for x in range(-image.shape[1], image.shape[1], 9 * EM):
            cv2.putText(ink, "COPY", (x, y), cv2.FONT_HERSHEY_DUPLEX, 3.2, 1.0, 10, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), 30, 1.0)
    ink = cv2.warpAffine(ink, turn, image.shape[1::-1])
    return np.asarray(np.rint(image * (1 - depth * ink[:, :, None])), np.uint8)


@pytest.mark.parametrize("depth", [0.1, 0.17])
def test_a_watermark_is_taken_off_and_print_on_it_stays(depth: float) -> None:
    plain = page()
    marked = strewn(plain, depth)
    lifted = unveiled(marked, EM)
    assert lifted is not None
    bare = (plain.min(axis=2) > 250) & (marked.max(axis=2) < 255 * (1 - 0.8 * depth))
    assert bare.mean() > 0.02
    assert np.percentile(lifted[bare].min(axis=1), 5) > 240
    print_ = plain.max(axis=2) < 60
    assert np.percentile(lifted[print_].max(axis=1), 95) < 110


@pytest.mark.parametrize("depth", [0.1, 0.17])
def test_on_a_clean_page_of_a_high_resolution_it_is_taken_off_as_well(depth: float) -> None:
    plain, marked = (
        np.asarray(cv2.resize(one, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
        for one in (page(), strewn(page(), depth))
    )
    assert unveiled(plain, 3 * EM, clean=True) is None
    found = [unveiled(marked, 3 * EM, clean=clean) for clean in (False, True)]
    assert found[0] is not None
    assert found[1] is not None
    assert (cv2.absdiff(*found).max(axis=2) > 12).mean() < 0.01


def test_grain_does_not_hide_a_watermark() -> None:
    rng = np.random.default_rng(5)
    marked = strewn(page(), 0.16).astype(np.float32) * 0.9
    grained = np.clip(marked + rng.normal(0, 6, marked.shape), 0, 255).astype(np.uint8)
    assert unveiled(grained, EM) is not None


def test_grounds_of_headers_shadows_and_seals_are_no_veil() -> None:
    plain = page()
    assert unveiled(plain, EM) is None
    shaded = plain.copy()
    shaded[2 * EM : 8 * EM, 2 * EM : -2 * EM] = shaded[2 * EM : 8 * EM, 2 * EM : -2 * EM] * 0.85
    assert unveiled(shaded, EM) is None
    for top in range(3 * EM - 6, 20 * EM, round(1.6 * EM)):  # low grounds, words all along them
        row = slice(top, top + round(1.4 * EM))
        shaded[row, 2 * EM : -2 * EM] = plain[row, 2 * EM : -2 * EM] * 0.85
    assert unveiled(shaded, EM) is None
    across = np.linspace(1.0, 0.5, plain.shape[1])[None, :, None]
    assert unveiled((plain * across).astype(np.uint8), EM) is None
    stamped = plain.copy()
    ring = ring_of(plain)
    stamped = (stamped * (1 - ring * np.array([0.6, 0.65, 0.12]))).astype(np.uint8)
    assert unveiled(stamped, EM) is None


def ring_of(image: np.ndarray) -> np.ndarray:
    ring = np.zeros(image.shape[:2], np.float32)
    cv2.circle(ring, (400, 500), 150, 1.0, 12)
    return np.asarray(ring[:, :, None], np.float32)


def test_print_under_the_rim_of_a_stain_stays() -> None:
    plain = page()
    soft = cv2.GaussianBlur(ring_of(plain), (0, 0), 6)[:, :, None]
    stained = (plain * (1 - soft * np.array([0.5, 0.3, 0.16]))).astype(np.uint8)
    lifted = unveiled(stained, EM)
    print_ = plain.max(axis=2) < 60
    shown = stained if lifted is None else lifted
    assert np.percentile(shown[print_].max(axis=1), 95) < 110


def test_what_shines_through_a_pale_page_takes_no_print_with_it() -> None:
    plain = paper(42 * EM, 30 * EM)
    for top in range(2 * EM, 40 * EM, 2 * EM):
        for left in range(2 * EM, 24 * EM, 7 * EM):
            write(plain, "王田中", left, top)
    back = np.zeros(plain.shape[:2], np.float32)
    for top in range(4 * EM, 42 * EM, 4 * EM):
        font = cv2.FONT_HERSHEY_DUPLEX
        cv2.putText(back, "COPY OF A PAGE", (2 * EM, top), font, 2.0, 1.0, 9, cv2.LINE_AA)
    front = cv2.GaussianBlur(255 - plain, (0, 0), 1.2).astype(np.float32) / 255
    light = 250 * (1 - 0.25 * front) * (1 - 0.1 * back[:, ::-1, None])
    page = np.rint(light).astype(np.uint8)
    lifted = unveiled(page, EM)
    shown = page if lifted is None else lifted
    print_ = front.max(axis=2) > 0.5 * front.max()
    assert np.mean(shown[print_]) < np.mean(page[print_]) + 3
