"""From the evidence of two readers to probabilities that may be relied on.

Two steps, both fitted on drawn cells in fonts that the second reader never saw
(``python -m benchmarks.calibrate``): a log-linear pool ranks the outcomes, and a logistic
regression says how often the first of them is right when readers agree so, on such a picture.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from models.weights import find
from ocr.evidence import NO_FIGURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocr.evidence import Evidence, Outcome

WEIGHTS = "gouji-figure-pool"
DOUBTFUL = 0.94
"""Two readers that disagree never make a reading surer than this."""

RED = 0.03
"""Share of red ink from which a crop without black ink is not called blank for sure."""

SURELY_BLANK = 0.9997
"""For bare paper. It is set, not fitted: drawn cells whose print is lost without a trace would
say less, but no reader could tell those from blank ones."""

SUREST = 1 - 1e-5
UNLISTED = 0.1
"""Share of what the first outcome leaves that is kept for texts nobody saw."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Fitted parameters: weights of the readers, then the logistic regressions.

    ``general`` and ``close`` are exponents on the readers' probabilities after ``floor`` is
    added; ``blank`` and ``no_figure`` are added to the log score of those outcomes.
    ``coefficients`` and ``intercept`` go with ``features``.
    """

    general: float
    close: float
    floor: float
    blank: float
    no_figure: float
    coefficients: tuple[float, ...]
    intercept: float
    alone_coefficients: tuple[float, ...]
    alone_intercept: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """An outcome with its pooled probability."""

    text: str
    probability: float


@cache
def fitted() -> Pool:
    """Return the parameters that were fitted. Raises WeightsError if they are missing."""
    stored = json.loads(find(WEIGHTS).read_text(encoding="utf-8"))
    return Pool(
        general=stored["general"],
        close=stored["close"],
        floor=stored["floor"],
        blank=stored["blank"],
        no_figure=stored["no_figure"],
        coefficients=tuple(stored["coefficients"]),
        intercept=stored["intercept"],
        alone_coefficients=tuple(stored["alone_coefficients"]),
        alone_intercept=stored["alone_intercept"],
    )


def rank(evidence: Evidence, pool: Pool) -> tuple[Ranked, ...]:
    """Pool the readers log-linearly; likeliest outcome first, probabilities adding up to 1."""
    scores = np.array([_score(outcome, pool) for outcome in evidence.outcomes])
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    order = np.argsort(-weights, kind="stable")
    return tuple(Ranked(evidence.outcomes[i].text, float(weights[i])) for i in order)


def _score(outcome: Outcome, pool: Pool) -> float:
    extra = {"": pool.blank, NO_FIGURE: pool.no_figure}.get(outcome.text, 0.0)
    return (
        pool.general * math.log(outcome.general + pool.floor)
        + pool.close * math.log(outcome.close + pool.floor)
        + extra
    )


def features(evidence: Evidence, ranked: tuple[Ranked, ...]) -> NDArray[np.float64]:
    """Return what the probability of the first outcome depends on."""
    first = next(o for o in evidence.outcomes if o.text == ranked[0].text)
    ink = evidence.ink
    return np.array(
        [
            _logit(ranked[0].probability),
            _logit(first.general),
            _logit(first.close),
            min(_logit(first.general), _logit(first.close)),
            agreement(evidence),
            evidence.general_steady,
            evidence.close_steady,
            evidence.free,
            math.log(min(max(ink.height, 4.0), 30.0)),
            min(ink.contrast, 0.6),
            min(math.log((ink.contrast + 0.01) / (ink.noise + 0.01)), 3.5),
            min(ink.dropped, 2.0),
            math.log1p(min(ink.rubbish, 20)),
            min(ink.red, 0.5),
            min(len(ranked[0].text), 8),
            float(ranked[0].text == ""),
            float(any(symbol in ranked[0].text for symbol in "-—/.,")),
            float(any(ord(symbol) > 0x2FFF for symbol in ranked[0].text)),
        ]
    )


def alone_features(evidence: Evidence, ranked: tuple[Ranked, ...]) -> NDArray[np.float64]:
    """Return the features for a crop without ink, which only the second reader looked at."""
    first = next(o for o in evidence.outcomes if o.text == ranked[0].text)
    ink = evidence.ink
    return np.array(
        [
            _logit(first.close),
            evidence.close_steady,
            math.log(ink.contrast + 0.02),
            min(math.log((ink.contrast + 0.01) / (ink.noise + 0.01)), 3.5),
            min(ink.red, 0.5),
            math.log1p(min(ink.rubbish, 20)),
            float(ranked[0].text == ""),
        ]
    )


def agreement(evidence: Evidence) -> float:
    """Tell (1.0 or 0.0) whether both readers find the same outcome the likeliest."""
    general = max(evidence.outcomes, key=lambda o: o.general)
    close = max(evidence.outcomes, key=lambda o: o.close)
    return float(general.text == close.text)


def calibrated(evidence: Evidence, *, alone: bool, pool: Pool) -> tuple[Ranked, ...]:
    """Return the outcomes with probabilities that say how often each is right.

    ``alone`` says that only the second reader was asked (a crop without ink).
    """
    ranked = rank(evidence, pool)
    if alone:
        score = float(np.dot(alone_features(evidence, ranked), pool.alone_coefficients))
        sure = _sigmoid(score + pool.alone_intercept)
        if evidence.ink.red > RED:
            sure = min(sure, DOUBTFUL)
        elif evidence.ink.bare and evidence.close_steady and ranked[0].text == "":
            # Bare paper, and the second reader sees nothing in it either.
            sure = max(sure, SURELY_BLANK)
    else:
        score = float(np.dot(features(evidence, ranked), pool.coefficients))
        sure = _sigmoid(score + pool.intercept)
        if not agreement(evidence):
            sure = min(sure, DOUBTFUL)
    sure = min(max(sure, 0.05), SUREST)
    rest = sum(outcome.probability for outcome in ranked[1:])
    left = (1 - sure) * (1 - UNLISTED)
    # Keep a trace of every outcome that a reader saw: a repair may need it.
    others = [
        Ranked(o.text, min(sure, left * (0.98 * o.probability / max(rest, 1e-300) + 0.02 / 10)))
        for o in ranked[1:]
    ]
    return (Ranked(ranked[0].text, sure), *others)


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -30 else 0.0
