"""How badly a page was scanned: what is done to it, drawn by severity and split.

L0 leaves the digital page alone, L1 is a good scan, L2 a poor one, L3 a terrible one.
``bench`` and ``develop`` share the kinds but not the ranges, and each has kinds of its own:
only ``bench`` knows moiré, motion blur and halftone screens; only ``develop`` knows folds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    from samples.style import Frame, Split

Severity: TypeAlias = Literal["L0", "L1", "L2", "L3"]
Machine: TypeAlias = Literal["digital", "flatbed", "copier", "fax", "phone", "picture"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is done to every page of a document; 0 (or "") leaves a thing out.

    ``dpi`` is the final resolution, ``drawn_dpi`` the one the page is drawn in. Blur, spread and
    noise are in pixels and grey levels of the final image, angles in degrees.
    """

    severity: Severity
    machine: Machine
    dpi: float
    drawn_dpi: float
    turns: int = 0
    skew: float = 0.0
    tilt: float = 0.0
    curl: float = 0.0
    rule_share: float = 0.0
    rule_keep: tuple[float, float] = (1.0, 1.0)
    spread: float = 0.0
    ink_keep: float = 1.0
    ink_patchy: float = 0.0
    peel: float = 0.0
    seals: int = 0
    red_seal: bool = True
    seal_on_table: bool = False
    ticks: int = 0
    watermark: float = 0.0
    tint: tuple[int, int, int] = (255, 255, 255)
    light: float = 0.0
    shadow: float = 0.0
    stain: float = 0.0
    folds: int = 0
    specks: float = 0.0
    edges: float = 0.0
    through: float = 0.0
    blur: float = 0.0
    motion: int = 0
    moire: float = 0.0
    noise: float = 0.0
    halftone: int = 0
    bilevel: bool = False
    flips: float = 0.0
    colour: bool = True
    quality: int = 0


def _tint(rng: np.random.Generator, depth: float) -> tuple[int, int, int]:
    base = 255 - rng.uniform(0, depth)
    warm = rng.uniform(0, depth * 0.6)
    return (int(base - warm), int(base - warm * 0.3), int(base))


def _some(rng: np.random.Generator, chance: float, low: float, high: float) -> float:
    """Return a number of low…high with ``chance``, else 0."""
    there = rng.random() < chance
    drawn = float(rng.uniform(low, high))
    return drawn if there else 0.0


def draw_recipe(
    rng: np.random.Generator, severity: Severity, split: Split, *, picture: bool = False
) -> Recipe:
    """Draw a recipe; ``picture`` asks for that of a lone table picture in a web page."""
    bench = split == "bench"
    if severity == "L0":
        dpi = float(rng.uniform(72, 150) if picture else rng.choice([120, 150, 200, 240, 300]))
        quality = int(rng.integers(80, 96)) if rng.random() < 0.5 else 0
        return Recipe("L0", "picture" if picture else "digital", dpi, dpi, quality=quality)
    if picture:
        return _picture(rng, severity, bench=bench)
    if severity == "L1":
        return _good(rng, bench=bench)
    return _bad(rng, severity, bench=bench)


def _picture(rng: np.random.Generator, severity: Severity, *, bench: bool) -> Recipe:
    """A table saved as a small picture: no paper, few pixels, hard compression."""
    low, high = {"L1": (96, 140), "L2": (82, 110), "L3": (68, 90)}[severity]
    qualities = {"L1": (70, 90), "L2": (45, 75), "L3": (30, 50)}[severity]
    dpi = float(rng.uniform(low, high))
    drawn = dpi * float(rng.choice([1.0, 1.5, 2.0, 2.5] if bench else [1.0, 2.0]))
    return Recipe(
        severity,
        "picture",
        dpi,
        drawn,
        blur=_some(rng, 0.5, 0.2, 0.5 if severity != "L3" else 0.8),
        ink_keep=float(rng.uniform(0.6, 1)),
        quality=int(rng.integers(*qualities)),
    )


def _good(rng: np.random.Generator, *, bench: bool) -> Recipe:
    dpi = float(rng.choice([180, 220, 260, 300] if bench else [200, 240, 300]))
    return Recipe(
        "L1",
        "flatbed" if rng.random() < 0.7 else "copier",
        dpi,
        dpi,
        turns=int(rng.choice([0, 1, 2, 3], p=[0.92, 0.02, 0.04, 0.02])),
        skew=float(rng.normal(0, 0.55 if bench else 0.4)),
        rule_share=_some(rng, 0.3, 0.02, 0.15),
        rule_keep=(0.5, 0.9),
        spread=float(rng.uniform(-0.35, 0.5)),
        ink_keep=float(rng.uniform(0.75, 1)),
        seals=int(rng.random() < 0.12),
        tint=_tint(rng, 12),
        light=float(rng.uniform(0, 0.08 if bench else 0.06)),
        specks=float(rng.uniform(0, 0.5)),
        edges=_some(rng, 0.2, 0.005, 0.02),
        blur=float(rng.uniform(0.3, 0.8) * dpi / 250),
        noise=float(rng.uniform(1, 5)),
        bilevel=bool(rng.random() < 0.08),
        colour=bool(rng.random() < 0.5),
        quality=int(rng.integers(72, 93)),
    )


def _bad(rng: np.random.Generator, severity: Severity, *, bench: bool) -> Recipe:
    worst = severity == "L3"
    machine: Machine = "flatbed"
    roll = rng.random()
    if roll < 0.3:
        machine = "phone"
    elif roll < 0.5:
        machine = "copier"
    elif roll < 0.64:
        machine = "fax"
    phone, fax, copier = machine == "phone", machine == "fax", machine == "copier"
    dpi = float(rng.uniform(88, 130) if worst else rng.uniform(135, 200))
    if fax:
        dpi = float(rng.choice([150, 170]) if worst else rng.choice([200, 204, 240]))
    drawn = dpi * 1.4 if worst else dpi
    sway = (4.0 if worst else 1.6) * (1.2 if bench else 1.0)
    turned = 0.07 if worst else 0.04
    bend = dpi * float(rng.uniform(0.02, 0.12 if worst else 0.06))
    two_levels = fax or (copier and rng.random() < 0.4)
    screened = bench and copier and rng.random() < 0.2
    return Recipe(
        severity,
        machine,
        dpi,
        drawn,
        turns=int(rng.choice([0, 1, 2, 3], p=[1 - 3 * turned, turned, turned, turned])),
        skew=float(rng.uniform(-sway, sway)),
        tilt=(0.035 if worst else 0.018) * float(rng.uniform(0.5, 1)) if phone else 0.0,
        curl=bend if phone else _some(rng, 0.1, 1, 4),
        rule_share=_some(rng, 0.75, 0.1, 0.6 if worst else 0.35),
        rule_keep=(0.0, 0.5) if worst else (0.1, 0.7),
        spread=float(rng.uniform(-0.4, 1.1) if worst else rng.uniform(-0.35, 0.9)),
        ink_keep=float(rng.uniform(0.42, 0.85) if worst else rng.uniform(0.5, 0.95)),
        ink_patchy=_some(rng, 0.5, 0.02, 0.1),
        peel=_some(rng, 0.35, 0.005, 0.06 if worst else 0.025),
        seals=int(rng.random() < 0.35),
        red_seal=bool(rng.random() < 0.75),
        seal_on_table=bool(rng.random() < 0.4),
        tint=_tint(rng, 60 if worst else 35),
        light=float(rng.uniform(0.08, 0.35) if phone else rng.uniform(0, 0.15)),
        shadow=_some(rng, 0.7, 0.15, 0.55 if worst else 0.35) if phone else 0.0,
        # Two levels turn a stain into solid black, which no reader can see through.
        stain=_some(rng, 0.06 if two_levels else 0.25, 0.3, 0.9),
        folds=0 if bench else int(rng.choice([0, 0, 1, 2])),
        specks=float(rng.uniform(0, 6 if worst else 2.5)),
        edges=_some(rng, 0.5, 0.01, 0.05) if not phone else 0.0,
        through=_some(rng, 0.3, 0.04, 0.2 if worst else 0.12),
        blur=float(rng.uniform(0.4, 1.05 if worst else 0.85)),
        motion=int(rng.integers(2, 4)) if bench and phone and rng.random() < 0.4 else 0,
        moire=_some(rng, 0.3, 0.05, 0.16) if bench and phone else 0.0,
        noise=float(rng.uniform(4, 16 if worst else 10)),
        halftone=int(rng.choice([3, 4])) if screened else 0,
        bilevel=bool(two_levels),
        flips=_some(rng, 0.5, 0.0005, 0.006 if worst else 0.002) if two_levels else 0.0,
        colour=bool(phone or rng.random() < 0.5),
        quality=int(rng.integers(30, 55) if worst else rng.integers(45, 80)),
    )


def draw_extras(rng: np.random.Generator, recipe: Recipe) -> tuple[Recipe, Frame]:
    """Add what poor pages also come with: marks by hand, watermarks, tables without all lines.

    Returns the recipe with the former, and which lines the document's tables have.
    """
    if recipe.severity not in {"L2", "L3"}:
        return recipe, "grid"
    worst = recipe.severity == "L3"
    ticks = int(rng.integers(1, 6)) if rng.random() < (0.15 if worst else 0.1) else 0
    pale = _some(rng, 0.08, 0.08, 0.25 if worst else 0.18)
    bare = rng.random() < (0.16 if worst else 0.1)
    frame: Frame = ("level", "three", "outer", "none")[int(rng.integers(4))] if bare else "grid"
    return replace(recipe, ticks=ticks, watermark=pale), frame
