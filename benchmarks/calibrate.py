"""Fit how the two readers of figures are pooled: ``python -m benchmarks.calibrate``.

Draws cells in fonts that the digit network never saw, lets both readers look, and writes
models/weights/figure-pool.json with its sha256 in the manifest. Needs what training needs,
except torch.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from benchmarks.figure_cells import FigureCell, figure_cells, is_right
from models.weights import MANIFEST
from ocr.digits import LineEvidence, gather
from ocr.evidence import NO_FIGURE
from ocr.pool import Pool, alone_features, features, rank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ocr.evidence import Evidence
    from ocr.pool import Ranked

PATH = MANIFEST.parent / "weights" / "figure-pool.json"
CHUNK = 256
FLOOR = 1e-3
"""Added to every probability: how often a reader is wrong and sure of it, at least."""

START = np.array([0.6, 0.8, 0.0, 0.0])
"""Where the fit starts, and what it is drawn to: nearly the product of both readers."""


def main() -> None:
    """Draw, gather, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=18_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cells = figure_cells(options.seed, options.cells)
    pool = fit(cells, gathered(cells, options.threads))
    write(pool)
    print(json.dumps(asdict(pool), indent=1))


def gathered(cells: Sequence[FigureCell], threads: int) -> list[tuple[LineEvidence, ...]]:
    """Let both readers look at all cells, some at a time."""
    found: list[tuple[LineEvidence, ...]] = []
    for start in range(0, len(cells), CHUNK):
        found += gather([cell.image for cell in cells[start : start + CHUNK]], threads)
    return found


def fit(cells: Sequence[FigureCell], evidence: Sequence[tuple[LineEvidence, ...]]) -> Pool:
    """Fit the pool on crops of one line."""
    single = [
        (lines[0], cell.truth)
        for lines, cell in zip(evidence, cells, strict=True)
        if len(lines) == 1
    ]
    both = [(line.evidence, truth) for line, truth in single if not line.alone]
    alone = [(line.evidence, truth) for line, truth in single if line.alone]
    pool = _exponents(both)
    coefficients, intercept = _logistic(both, pool, features)
    alone_coefficients, alone_intercept = _logistic(alone, pool, alone_features)
    return Pool(
        general=pool.general,
        close=pool.close,
        floor=pool.floor,
        blank=pool.blank,
        no_figure=pool.no_figure,
        coefficients=coefficients,
        intercept=intercept,
        alone_coefficients=alone_coefficients,
        alone_intercept=alone_intercept,
    )


def _exponents(pairs: Sequence[tuple[Evidence, str]]) -> Pool:
    """Find the exponents and offsets under which the truth is likeliest."""
    kept = [
        (
            np.array([o.general for o in evidence.outcomes]),
            np.array([o.close for o in evidence.outcomes]),
            np.array([o.text == "" for o in evidence.outcomes], dtype=float),
            np.array([o.text == NO_FIGURE for o in evidence.outcomes], dtype=float),
            np.array([is_right(o.text, truth) for o in evidence.outcomes]),
        )
        for evidence, truth in pairs
    ]
    kept = [entry for entry in kept if entry[4].any()]

    def loss(x: NDArray[np.float64]) -> float:
        total = 0.0
        for general, close, blank, no_figure, right in kept:
            score = (
                x[0] * np.log(general + FLOOR)
                + x[1] * np.log(close + FLOOR)
                + x[2] * blank
                + x[3] * no_figure
            )
            score -= score.max()
            weights = np.exp(score)
            total -= np.log(weights[right].sum() / weights.sum() + 1e-6)
        return float(total / len(kept)) + 0.003 * float(((x - START) ** 2).sum())

    found = minimize(
        loss, START, method="Nelder-Mead", options={"maxiter": 160, "xatol": 0.02, "fatol": 1e-5}
    ).x
    return Pool(
        general=float(found[0]),
        close=float(found[1]),
        floor=FLOOR,
        blank=float(found[2]),
        no_figure=float(found[3]),
        coefficients=(),
        intercept=0.0,
        alone_coefficients=(),
        alone_intercept=0.0,
    )


def _logistic(
    pairs: Sequence[tuple[Evidence, str]],
    pool: Pool,
    describe: Callable[[Evidence, tuple[Ranked, ...]], NDArray[np.float64]],
) -> tuple[tuple[float, ...], float]:
    """Fit how often the first outcome is right; returns coefficients and intercept."""
    ranked = [rank(evidence, pool) for evidence, _ in pairs]
    x = np.array([describe(e, r) for (e, _), r in zip(pairs, ranked, strict=True)])
    y = np.array([is_right(r[0].text, t) for (_, t), r in zip(pairs, ranked, strict=True)])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    model = LogisticRegression(C=1.0, max_iter=2000).fit((x - mean) / spread, y)
    slopes = model.coef_[0] / spread
    return tuple(float(s) for s in slopes), float(model.intercept_[0] - slopes @ mean)


def write(pool: Pool) -> None:
    """Write the parameters, and their sha256 into the manifest."""
    text = json.dumps(asdict(pool), indent=1) + "\n"
    PATH.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    manifest = MANIFEST.read_text(encoding="utf-8")
    entry = re.compile(r'(name = "gouji-figure-pool"\n(?:.*\n)*?sha256 = ")[0-9a-f]*')
    MANIFEST.write_text(entry.sub(rf"\g<1>{digest}", manifest, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
