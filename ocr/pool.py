"""From the evidence of two readers to probabilities that may be relied on.

Three steps, all fitted on drawn cells in fonts that the second reader never saw
(``python -m benchmarks.calibrate``): a log-linear pool ranks the outcomes, boosted trees (or a
logistic regression) score how readers agree on the first of them and on what kind of picture,
and a rising curve says how often readings of such a score were right.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from models.weights import find
from ocr.evidence import LONE_DASHES, NO_FIGURE
from ocr.forest import Forest, Tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocr.evidence import Evidence, Outcome

Engine: TypeAlias = Literal["both", "paddle", "own"]
"""Whom figures are shown to: both readers, the first (PP-OCRv6), or the second (our own).

One alone is never surer than ``DOUBTFUL``: what its errors look like nobody else could tell.
"""

WEIGHTS = "gouji-figure-pool"
DOUBTFUL = 0.94
"""Two readers that disagree never make a reading surer than this."""

RED = 0.03
"""Share of red ink from which a crop without black ink is not called blank for sure."""

SURELY_BLANK = 0.9997
"""For bare paper. It is set, not fitted: drawn cells whose print is lost without a trace would
say less, but no reader could tell those from blank ones."""

TREE = ("feature", "value", "low", "high")
TRUSTS = ("agreed", "apart", "alone")

SUREST = 1 - 1e-5
UNLISTED = 0.1
"""Share of what the first outcome leaves that is kept for texts nobody saw."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How often a first outcome is right: a score of its features, bent by a curve.

    The score is linear in the features (``coefficients``, or none) or a sum of ``trees``.
    ``scores`` rise, and so do ``logits``: log odds of being right at these scores, with
    straight lines between them. No reading is surer than the last of them.
    """

    coefficients: tuple[float, ...]
    intercept: float
    trees: tuple[Tree, ...]
    scores: tuple[float, ...]
    logits: tuple[float, ...]
    _forest: Forest = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the trees out, to be asked all at once."""
        object.__setattr__(self, "_forest", Forest(self.trees))

    def score(self, features: NDArray[np.float64]) -> float:
        """Return the score."""
        linear = float(np.dot(features, self.coefficients)) if self.coefficients else 0.0
        return linear + self.intercept + self._forest.of(features)

    def of(self, features: NDArray[np.float64]) -> float:
        """Return the probability that the first outcome is right."""
        return _sigmoid(float(np.interp(self.score(features), self.scores, self.logits)))


@dataclass(frozen=True, slots=True)
class Pool:
    """Fitted parameters: weights of the readers, and what their first outcome is worth.

    ``general`` and ``close`` are exponents on the readers' probabilities after ``floor`` is
    added; ``blank`` and ``no_figure`` are added to the log score of those outcomes. The readers
    may be ``agreed`` on the likeliest outcome, or ``apart``; or the second is ``alone``, where
    there is no ink to show to the first.
    """

    general: float
    close: float
    floor: float
    blank: float
    no_figure: float
    agreed: Trust
    apart: Trust
    alone: Trust


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """The evidence of one line of a crop; ``alone`` where only the second reader was asked.

    ``single`` where a person wanted one of the readers not to be asked, ``wrapped`` where the
    lines of its crop stand as those of one figure that was wrapped do.
    """

    evidence: Evidence
    alone: bool
    single: bool = False
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """An outcome with its pooled probability."""

    text: str
    probability: float


@cache
def fitted() -> Pool:
    """Return the parameters that were fitted. Raises WeightsError if they are missing."""
    stored = json.loads(find(WEIGHTS).read_text(encoding="utf-8"))
    trusts = {name: _trust(stored[name]) for name in TRUSTS}
    return Pool(
        general=stored["general"],
        close=stored["close"],
        floor=stored["floor"],
        blank=stored["blank"],
        no_figure=stored["no_figure"],
        agreed=trusts["agreed"],
        apart=trusts["apart"],
        alone=trusts["alone"],
    )


def _trust(stored: dict[str, Any]) -> Trust:
    return Trust(
        tuple(stored["coefficients"]),
        stored["intercept"],
        tuple(Tree(*(tuple(tree[name]) for name in TREE)) for tree in stored["trees"]),
        tuple(stored["scores"]),
        tuple(stored["logits"]),
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


RISING = (0, 1, 2, 3, 4, 5, 6)
FALLING = (8, 10, 12, 17, 18, 19)
"""Features that can only speak for a reading, and those that can only speak against it."""


def features(evidence: Evidence, ranked: tuple[Ranked, ...]) -> NDArray[np.float64]:
    """Return what a first outcome that both readers looked at is judged by."""
    first = next(o for o in evidence.outcomes if o.text == ranked[0].text)
    text = ranked[0].text
    ink = evidence.ink
    general, close = _logit(first.general), _logit(first.close)
    clear = math.log((ink.contrast + 0.01) / (ink.noise + 0.01))
    return np.array(
        [
            _logit(ranked[0].probability),
            general,
            close,
            min(general, close),
            evidence.general_steady,
            evidence.close_steady,
            evidence.free,
            math.log(min(max(ink.height, 4.0), 30.0)),
            max(0.0, math.log(11.0 / max(ink.height, 4.0))),  # small print, more than in step
            min(ink.contrast, 0.6),
            max(0.0, 0.25 - ink.contrast),
            min(clear, 3.5),
            max(0.0, 2.0 - clear),
            min(ink.dropped, 2.0),
            math.log1p(min(ink.rubbish, 20)),
            min(ink.red, 0.5),
            float(ink.red > RED),
            max(0.0, 0.15 - ink.room),
            min(ink.beside, 1.0),
            max(0.0, ink.beside - 0.4),
            min(len(text), 8),
            float(text == ""),
            float(text in LONE_DASHES),
            float(text == "/"),
            float(any(symbol in text for symbol in ".,")),
            float(len(text) > 1 and text[0] == "-"),
            float(any(ord(symbol) > 0x2FFF for symbol in text)),
            # A remnant of a ruling line, or a tick, beside a figure looks like a 1.
            float(text == "1"),
            float(len(text) > 1 and "1" in (text[0], text[-1])),
        ]
    )


def alone_features(evidence: Evidence, ranked: tuple[Ranked, ...]) -> NDArray[np.float64]:
    """Return what a first outcome is judged by where only the second reader looked."""
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


def agreement(evidence: Evidence) -> bool:
    """Tell whether both readers find the same outcome the likeliest."""
    general = max(evidence.outcomes, key=lambda o: o.general)
    close = max(evidence.outcomes, key=lambda o: o.close)
    return general.text == close.text


def calibrated(line: LineEvidence, pool: Pool) -> tuple[Ranked, ...]:
    """Return the outcomes with probabilities that say how often each is right."""
    ranked = rank(line.evidence, pool)
    sure = min(max(_sureness(line, ranked, pool), 0.05), DOUBTFUL if line.single else SUREST)
    rest = sum(outcome.probability for outcome in ranked[1:])
    left = (1 - sure) * (1 - UNLISTED)
    # Keep a trace of every outcome that a reader saw: a repair may need it.
    others = [
        Ranked(o.text, min(sure, left * (0.98 * o.probability / max(rest, 1e-300) + 0.02 / 10)))
        for o in ranked[1:]
    ]
    return (Ranked(ranked[0].text, sure), *others)


def _sureness(line: LineEvidence, ranked: tuple[Ranked, ...], pool: Pool) -> float:
    evidence = line.evidence
    if not line.alone:
        described = features(evidence, ranked)
        if agreement(evidence):
            return pool.agreed.of(described)
        return min(pool.apart.of(described), DOUBTFUL)
    sure = pool.alone.of(alone_features(evidence, ranked))
    if evidence.ink.red > RED:
        return min(sure, DOUBTFUL)
    if evidence.ink.bare and evidence.close_steady and ranked[0].text == "":
        # Bare paper, and the second reader sees nothing in it either.
        return max(sure, SURELY_BLANK)
    return sure


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -30 else 0.0
