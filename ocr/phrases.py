"""Finds known phrases in a recogniser's probabilities where it does not plainly read others.

Greedy decoding takes the likeliest character of every frame. On poor print the right one is
often second or tenth, and a phrase of ten such characters is still far likelier than any other
that a form can hold. So the path of each known phrase through the lattice is scored against the
greedy one (Viterbi over the states of connectionist temporal classification, Graves 2006), for
any part of the phrase and any stretch of the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

WORTH = 3.5
"""Nats that a character of a phrase is worth: how much less likely than the greedy it may be."""

MOST = 8.0
"""Nats by which no single character may be less likely: what is plainly read stands."""

ENOUGH = 5.0
"""Nats that a phrase must win in all, and"""

CLEARLY = 3.0
"""nats by which it must win over every other phrase."""


LEAST = 1e-12
"""Probability below which it does not matter how unlikely a class is."""

NEVER = -1e9


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """Known phrases as states of a lattice: blank, character, blank, … (phrases, states).

    ``symbols`` are the classes of the states, ``used`` the classes that occur; ``columns`` says
    where among those each state's class is. ``lengths`` counts the characters of each phrase.
    """

    texts: tuple[str, ...]
    used: NDArray[np.int_]
    columns: NDArray[np.int_]
    lengths: NDArray[np.int_]

    @classmethod
    def of(cls, texts: Sequence[str], classes: Mapping[str, int]) -> Phrases:
        """Prepare phrases; those with characters that the recogniser does not know are left out."""
        known = tuple(sorted({text for text in texts if text and all(c in classes for c in text)}))
        longest = max(map(len, known), default=0)
        symbols = np.zeros((len(known), 2 * longest + 1), np.int_)
        for row, text in enumerate(known):
            symbols[row, 1 : 2 * len(text) : 2] = [classes[c] for c in text]
        used, columns = np.unique(symbols, return_inverse=True)
        lengths = np.array([len(text) for text in known], np.int_)
        return cls(known, used, columns.reshape(symbols.shape), lengths)


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a phrase, and the frames first…last (inclusive) in which it stands."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of a phrase a line may hold, and what that is worth, in nats."""

    text: str
    score: float


def hear(probabilities: NDArray[np.float32], phrases: Phrases) -> dict[str, Heard]:
    """Return for each phrase the part of it that a line (T, classes) may hold, and its score."""
    paths = _paths(_logs(probabilities, phrases), phrases)
    return {
        text: Heard(text[begun // 2 : (ended + 1) // 2] if score > 0 else "", score)
        for text, begun, ended, score in zip(
            phrases.texts,
            paths.begun.tolist(),
            paths.ended.tolist(),
            paths.score.tolist(),
            strict=True,
        )
    }


def find(probabilities: NDArray[np.float32], phrases: Phrases) -> Found | None:
    """Return the part of a phrase that a line (T, classes) holds; None where none is clear."""
    if not phrases.texts:
        return None
    paths = _paths(_logs(probabilities, phrases), phrases)
    order = np.argsort(-paths.score, kind="stable").tolist()
    winner = order[0]
    text = phrases.texts[winner][paths.begun[winner] // 2 : (paths.ended[winner] + 1) // 2]
    rivals = (paths.score[other] for other in order[1:] if text not in phrases.texts[other])
    if paths.score[winner] < ENOUGH or paths.score[winner] - next(rivals, 0.0) < CLEARLY:
        return None
    return Found(text, int(paths.first[winner]), int(paths.last[winner]))


def _logs(probabilities: NDArray[np.float32], phrases: Phrases) -> NDArray[np.float64]:
    """Return how much less likely each class that occurs is than the greedy one, in nats."""
    best = np.log(np.maximum(probabilities.max(axis=1), LEAST))
    logs = np.log(np.maximum(probabilities[:, phrases.used], LEAST)) - best[:, None]
    return np.asarray(np.where(logs < -MOST, NEVER, logs))


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """The best path of each phrase: its score, its first and last state, and their frames."""

    score: NDArray[np.float64]
    begun: NDArray[np.int_]
    ended: NDArray[np.int_]
    first: NDArray[np.int_]
    last: NDArray[np.int_]


def _paths(logs: NDArray[np.float64], phrases: Phrases) -> _Paths:
    """Follow the best path of every phrase through ``logs`` (T, used classes).

    A path may begin and end at any character, in any frame. A state's score is that of the best
    path that has come to it; with it go the state and the frame in which that path began.
    """
    count, states = phrases.columns.shape
    worth = np.where(np.arange(states) % 2 == 1, WORTH, 0.0)
    begins = np.where(worth > 0, worth, NEVER)
    inside = np.arange(states) < 2 * phrases.lengths[:, None] + 1
    barred = np.where(inside, 0.0, NEVER)
    skips = np.full((count, states), NEVER)
    other = phrases.columns[:, 3::2] != phrases.columns[:, 1:-2:2]
    skips[:, 3::2] = np.where(other, WORTH, NEVER)
    score = np.full((count, states), NEVER)
    origin = np.zeros((count, states), np.int32)
    own = np.broadcast_to(np.arange(states, dtype=np.int32), (count, states)) * len(logs)
    rows = np.arange(count)
    found = _Paths(np.zeros(count), *(np.zeros(count, np.int_) for _ in range(4)))
    for frame, here in enumerate(logs):
        best, start = score.copy(), origin.copy()
        for step, gain in ((1, worth[1:]), (2, skips[:, 2:])):
            come = score[:, :-step] + gain
            better = come > best[:, step:]
            best[:, step:] = np.where(better, come, best[:, step:])
            start[:, step:] = np.where(better, origin[:, :-step], start[:, step:])
        fresh = best < begins
        origin = np.where(fresh, own + frame, start)
        score = np.where(fresh, begins, best) + here[phrases.columns] + barred
        at = 1 + 2 * score[:, 1::2].argmax(axis=1)
        better = score[rows, at] > found.score
        now = rows[better], at[better]
        found.score[better] = score[now]
        found.begun[better], found.first[better] = np.divmod(origin[now], len(logs))
        found.ended[better], found.last[better] = at[better], frame
    return found
