"""Turns a drawn page into a scanned one, step by step; the cells' corners come along.

The same sheet, recipe and generator state give the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samples import geometry, hand, ink, paper, sensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from samples.recipe import Recipe
    from samples.sheet import Sheet


def degrade(
    sheet: Sheet,
    recipe: Recipe,
    rng: np.random.Generator,
    reverse: NDArray[np.uint8] | None = None,
    seal_name: str = "云溪市人民政府",
) -> Sheet:
    """Scan ``sheet`` as ``recipe`` says; ``reverse`` is what is printed on its back."""
    if recipe.machine in {"digital", "picture"}:
        return _finish(_resample(sheet, recipe), recipe, rng)
    worn = _wear_print(sheet, recipe, rng, seal_name)
    aged = _wear_paper(worn, recipe, rng, reverse)
    placed = _place(aged, recipe, rng)
    return _finish(_resample(placed, recipe), recipe, rng)


def _steps(sheet: Sheet, *steps: tuple[object, Callable[[Sheet], Sheet]]) -> Sheet:
    """Apply those steps whose amount is not zero, in order."""
    for amount, step in steps:
        if amount:
            sheet = step(sheet)
    return sheet


def _wear_print(sheet: Sheet, recipe: Recipe, rng: np.random.Generator, seal_name: str) -> Sheet:
    enlarged = recipe.drawn_dpi / recipe.dpi
    return _steps(
        sheet,
        (recipe.rule_share, lambda s: ink.fade_rules(s, rng, recipe.rule_share, recipe.rule_keep)),
        (recipe.spread, lambda s: ink.spread_ink(s, recipe.spread * enlarged)),
        (
            recipe.ink_keep < 1 or recipe.ink_patchy,
            lambda s: ink.fade_ink(s, recipe.ink_keep, recipe.ink_patchy, rng),
        ),
        (recipe.peel, lambda s: ink.peel_ink(s, rng, recipe.peel)),
        (recipe.watermark, lambda s: hand.watermark(s, rng, recipe.watermark)),
        (recipe.ticks, lambda s: hand.annotate(s, rng, recipe.ticks)),
        (
            recipe.seals,
            lambda s: ink.stamp(
                s, rng, _seal_place(s, recipe, rng), seal_name, red=recipe.red_seal
            ),
        ),
    )


def _seal_place(sheet: Sheet, recipe: Recipe, rng: np.random.Generator) -> tuple[float, float]:
    """Choose where the seal goes: over a table only where the recipe wants it so."""
    height, width = sheet.image.shape[:2]
    reach = 21 / 25.4 * sheet.dpi
    for _ in range(30):
        x = rng.uniform(0.15, 0.85) * width
        y = rng.uniform(0.05, 0.95) * height
        if recipe.seal_on_table or not len(sheet.points):
            break
        low, high = sheet.points.min(axis=0) - reach, sheet.points.max(axis=0) + reach
        if not (low[0] < x < high[0] and low[1] < y < high[1]):
            break
    else:
        return (-10 * reach, -10 * reach)  # no room: the seal misses the page
    return (float(x), float(y))


def _wear_paper(
    sheet: Sheet,
    recipe: Recipe,
    rng: np.random.Generator,
    reverse: NDArray[np.uint8] | None,
) -> Sheet:
    back = reverse if reverse is not None else sheet.image[::-1]
    return _steps(
        sheet,
        (recipe.through, lambda s: paper.show_through(s, back, recipe.through)),
        (min(recipe.tint) < 255, lambda s: paper.tint(s, recipe.tint)),
        (recipe.stain, lambda s: paper.stain(s, rng, recipe.stain)),
        (recipe.folds, lambda s: paper.folds(s, rng, recipe.folds)),
        (recipe.specks, lambda s: paper.specks(s, rng, recipe.specks)),
    )


def _place(sheet: Sheet, recipe: Recipe, rng: np.random.Generator) -> Sheet:
    """Lay the page on the glass, or on a desk before a camera."""
    bend = recipe.curl * recipe.drawn_dpi / recipe.dpi
    phase, across = rng.uniform(0, np.pi), bool(rng.random() < 0.7)
    # Pages of one document lie alike, though not quite.
    angle = recipe.skew + rng.normal(0, 0.15)
    return _steps(
        sheet,
        (recipe.curl, lambda s: geometry.curl(s, bend, phase, across=across)),
        (recipe.skew, lambda s: geometry.skew(s, angle, grow=recipe.machine == "phone")),
        (recipe.tilt, lambda s: geometry.photograph(s, rng, recipe.tilt)),
        (recipe.edges, lambda s: paper.scanner_edges(s, rng, recipe.edges)),
    )


def _resample(sheet: Sheet, recipe: Recipe) -> Sheet:
    if abs(recipe.drawn_dpi - recipe.dpi) < 0.01:
        return sheet
    return geometry.resize(sheet, sheet.dpi * recipe.dpi / recipe.drawn_dpi)


def _finish(sheet: Sheet, recipe: Recipe, rng: np.random.Generator) -> Sheet:
    plain = recipe.bilevel or recipe.halftone
    return _steps(
        sheet,
        (
            recipe.machine == "picture" and recipe.ink_keep < 1,
            lambda s: ink.fade_ink(s, recipe.ink_keep, 0, rng),
        ),
        (recipe.light, lambda s: paper.light(s, rng, recipe.light)),
        (recipe.shadow, lambda s: paper.shadow(s, rng, recipe.shadow)),
        (recipe.motion, lambda s: sensor.motion(s, recipe.motion, rng.uniform(0, 180))),
        (recipe.blur, lambda s: sensor.blur(s, recipe.blur)),
        (recipe.moire, lambda s: sensor.moire(s, rng, recipe.moire)),
        (recipe.noise, lambda s: sensor.noise(s, rng, recipe.noise, coloured=recipe.colour)),
        (recipe.halftone, lambda s: sensor.halftone(s, recipe.halftone)),
        (
            recipe.bilevel and not recipe.halftone,
            lambda s: sensor.bilevel(s, rng.uniform(0.35, 0.6)),
        ),
        (recipe.flips, lambda s: sensor.flip_pixels(s, rng, recipe.flips)),
        (not recipe.colour and not plain, paper.grey),
        (recipe.turns, lambda s: geometry.orient(s, recipe.turns)),
    )
