"""What two readers saw of one line of ink, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.digits.alphabet import OTHER, SYMBOLS, encode
from ocr.ctc import Classes, likeliest, probability

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ocr.general import Sight
    from ocr.ink import Ink

BEAMS = 5
NO_FIGURE = OTHER
"""The outcome that the ink is no text a figure's cell could hold."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text that the line may hold, with what each reader gives it (0…1).

    ``text`` is "" for a blank, NO_FIGURE for ink that is none.
    """

    text: str
    general: float
    close: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known of one line: its outcomes, and how good the picture is.

    ``general_steady`` and ``close_steady`` tell whether a reader read the same in all its
    views; they are 1.0 or 0.0. ``free`` tells whether the first reader, left to itself, wrote
    the same as when held to figures.
    """

    outcomes: tuple[Outcome, ...]
    general_steady: float
    close_steady: float
    free: float
    ink: Ink


def weigh(
    sights: Sequence[Sight],
    shares: Sequence[float],
    lattices: Sequence[NDArray[np.float64]],
    ink: Ink,
) -> Evidence:
    """Gather the outcomes of one line from the first reader's sights and the second's lattices.

    ``shares`` are the weights of the sights, adding up to 1; no sights means that the first
    reader was not asked.
    """
    general = [likeliest(sight.lattice, BEAMS) for sight in sights]
    close = [likeliest(lattice, BEAMS) for lattice in lattices]
    texts = _texts(general + close)
    foreign = {
        sight.text
        for sight in sights
        if OTHER in _spelled(encode(sight.text)) and any(c.isdigit() for c in sight.text)
    }
    outcomes = [
        Outcome(
            text,
            _mixed(shares, [probability(sight.lattice, encode(text)) for sight in sights]),
            _mixed(_even(lattices), [probability(lattice, encode(text)) for lattice in lattices]),
        )
        for text in texts
    ]
    for text in sorted(foreign):
        scores = [sight.score if sight.text == text else 0.0 for sight in sights]
        seen = [probability(lattice, encode(text)) for lattice in lattices]
        outcomes.append(Outcome(text, _mixed(shares, scores), _mixed(_even(lattices), seen)))
    taken = {tuple(encode(text)) for text in foreign}
    outcomes.append(
        Outcome(
            NO_FIGURE,
            _mixed(shares, [_strange(beams, set()) for beams in general]),
            _mixed(_even(lattices), [_strange(beams, taken) for beams in close]),
        )
    )
    return Evidence(
        tuple(outcomes),
        _steady(beams[0][0] for beams in general),
        _steady(beams[0][0] for beams in close),
        float(
            all(
                tuple(encode(sight.text)) == beams[0][0]
                for sight, beams in zip(sights, general, strict=True)
            )
        ),
        ink,
    )


def _texts(beams: Iterable[Sequence[tuple[Classes, float]]]) -> list[str]:
    """Return the figure texts among all beams, in a fixed order."""
    found = {_spelled(classes) for ranked in beams for classes, _ in ranked}
    return sorted(text for text in found | {""} if OTHER not in text)


def _spelled(classes: Iterable[int]) -> str:
    return "".join(SYMBOLS[number - 1] for number in classes)


def _strange(beams: Sequence[tuple[Classes, float]], taken: set[Classes]) -> float:
    """Return the probability of all texts with foreign characters, except those in ``taken``."""
    return sum(p for classes, p in beams if OTHER in _spelled(classes) and classes not in taken)


def _mixed(shares: Sequence[float], values: Sequence[float]) -> float:
    return float(sum(share * value for share, value in zip(shares, values, strict=True)))


def _even(views: Sequence[object]) -> list[float]:
    return [1 / len(views)] * len(views)


def _steady(tops: Iterable[Classes]) -> float:
    return float(len(set(tops)) <= 1)
