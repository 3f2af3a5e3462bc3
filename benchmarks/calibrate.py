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
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from benchmarks.figure_cells import FigureCell, figure_cells, is_right
from models.digits.alphabet import OTHER
from models.weights import MANIFEST
from ocr.digits import gather
from ocr.evidence import NO_FIGURE
from ocr.forest import Tree
from ocr.pool import (
    FALLING,
    RISING,
    TRUSTS,
    Pool,
    Trust,
    agreement,
    alone_features,
    features,
    rank,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ocr.evidence import Evidence
    from ocr.pool import LineEvidence, Ranked

PATH = MANIFEST.parent / "weights" / "figure-pool.json"
CHUNK = 256
FLOOR = 1e-3
"""Added to every probability: how often a reader is wrong and sure of it, at least."""

FOLDS = 5
MOST_ERRORS = 10
TOP_ERRORS = 1
LEAST_GROUP = 40
STRUCK_WEIGHT = 0.03
"""Weight of a struck-out figure: drawn cells hold some fifty times as many as pages do."""

DIRTY_WEIGHT = 0.05
"""Weight of a blank cell whose dirt both readers take for the same: nearly half of the drawn
blanks hold dirt."""

TREES = 150
UNFITTED = Trust((), 0.0, (), (0.0, 1.0), (0.0, 0.0))

START = np.array([0.6, 0.8, 0.0, 0.0])
"""Where the fit starts, and what it is drawn to: nearly the product of both readers."""


def main() -> None:
    """Draw, gather, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cells = figure_cells(options.seed, options.cells)
    pool = fit(cells, gathered(cells, options.threads))
    write(pool)
    for name in TRUSTS:
        print(name, [round(x, 2) for x in getattr(pool, name).logits])


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
    return replace(
        pool,
        agreed=_trust([pair for pair in both if agreement(pair[0])], pool, features, _boosted),
        apart=_trust([pair for pair in both if not agreement(pair[0])], pool, features, _logistic),
        alone=_trust(alone, pool, alone_features, _logistic),
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
        agreed=UNFITTED,
        apart=UNFITTED,
        alone=UNFITTED,
    )


def _trust(
    pairs: Sequence[tuple[Evidence, str]],
    pool: Pool,
    describe: Callable[[Evidence, tuple[Ranked, ...]], NDArray[np.float64]],
    learn: Callable[[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]], Trust],
) -> Trust:
    """Fit how often the first outcome is right."""
    ranked = [rank(evidence, pool) for evidence, _ in pairs]
    x = np.array([describe(e, r) for (e, _), r in zip(pairs, ranked, strict=True)])
    y = np.array([is_right(r[0].text, t) for (_, t), r in zip(pairs, ranked, strict=True)])
    weights = np.array([_weight(evidence, truth) for evidence, truth in pairs])
    # The curve must not be fitted to scores that have seen the truth they are held against.
    scores = np.empty(len(y))
    for known, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y):
        part = learn(x[known], y[known], weights[known])
        scores[asked] = [part.score(one) for one in x[asked]]
    knots, logits = curve(scores, y, weights)
    return replace(learn(x, y, weights), scores=knots, logits=logits)


def _weight(evidence: Evidence, truth: str) -> float:
    """Return how much a cell with ink counts: about as often as its kind stands on pages."""
    if truth == OTHER:
        return STRUCK_WEIGHT
    # Where the readers are apart nothing is sure, and dirt is a common cause of it.
    return DIRTY_WEIGHT if truth == "" and evidence.ink.lines and agreement(evidence) else 1.0


def _logistic(x: NDArray[np.float64], y: NDArray[np.bool_], weights: NDArray[np.float64]) -> Trust:
    """Score linearly."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    model = LogisticRegression(C=1.0, max_iter=3000).fit((x - mean) / spread, y, weights)
    slopes = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - slopes @ mean)
    return replace(UNFITTED, coefficients=tuple(float(s) for s in slopes), intercept=intercept)


def _boosted(x: NDArray[np.float64], y: NDArray[np.bool_], weights: NDArray[np.float64]) -> Trust:
    """Score by boosted trees that know which way the readers' confidence must count."""
    signs = np.zeros(x.shape[1], dtype=int)
    signs[list(RISING)] = 1
    signs[list(FALLING)] = -1
    model = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=TREES, max_leaf_nodes=8, min_samples_leaf=40,
        l2_regularization=5, monotonic_cst=signs, early_stopping=False, random_state=0,
    ).fit(x, y, weights)  # fmt: skip
    # The model's own file would be a pickle; its trees are plain numbers.
    trees = tuple(_tree(stage[0].nodes) for stage in model._predictors)  # noqa: SLF001
    intercept = float(model._baseline_prediction.item())  # noqa: SLF001
    return replace(UNFITTED, intercept=intercept, trees=trees)


def _tree(nodes: NDArray[np.void]) -> Tree:
    leaf = nodes["is_leaf"].astype(bool)
    return Tree(
        tuple(int(f) for f in np.where(leaf, -1, nodes["feature_idx"])),
        tuple(round(float(v), 6) for v in np.where(leaf, nodes["value"], nodes["num_threshold"])),
        tuple(int(n) for n in nodes["left"]),
        tuple(int(n) for n in nodes["right"]),
    )


def curve(
    scores: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return scores and the log odds of being right at them, both rising.

    Readings are gathered from the highest score down, the first group up to its first error,
    the others up to their tenth. Each counts half an error more than was seen: with none among
    n the odds are 2n : 1, so that no certainty is claimed which the number of cells does not
    support. Where a lower group did better, both are one.
    """
    order = np.argsort(-scores, kind="stable")
    groups: list[NDArray[np.float64]] = []  # weight of the right ones, of the wrong, score
    start = 0
    while start < len(order):
        errors = np.cumsum(np.where(right, 0.0, weights)[order[start:]])
        most = MOST_ERRORS if groups else TOP_ERRORS
        size = max(LEAST_GROUP, int(np.searchsorted(errors, most - 1e-9)) + 1)
        part = order[start : start + size]
        share = weights[part]
        right_ones = share[right[part]].sum()
        groups.append(np.array([right_ones, share.sum() - right_ones, share @ scores[part]]))
        start += size
        while len(groups) > 1 and _odds(groups[-1]) >= _odds(groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
    rising = groups[::-1]
    knots = tuple(float(score / (good + bad)) for good, bad, score in rising)
    return knots, tuple(_odds(group) for group in rising)


def _odds(group: NDArray[np.float64]) -> float:
    """Return the log odds of being right in a group."""
    return float(np.log((group[0] + 0.5) / (group[1] + 0.5)))


def write(pool: Pool) -> None:
    """Write the parameters, and their sha256 into the manifest."""
    text = json.dumps(asdict(pool)) + "\n"
    PATH.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    manifest = MANIFEST.read_text(encoding="utf-8")
    entry = re.compile(r'(name = "gouji-figure-pool"\n(?:.*\n)*?sha256 = ")[0-9a-f]*')
    MANIFEST.write_text(entry.sub(rf"\g<1>{digest}", manifest, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
