"""What two readers saw of one line of ink, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
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
MOST_KEPT = 2048
CLEAR = 0.9
LONGEST_PARTED = 4
OTHER_CLASS = SYMBOLS.index(OTHER) + 1
LONE_DASHES = ("-", "—", "--")
"""What may stand alone in a cell that has no value; two hyphens stand for a long dash."""

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
    the same as when held to figures, and ``said`` is what it wrote.
    """

    outcomes: tuple[Outcome, ...]
    general_steady: float
    close_steady: float
    free: float
    ink: Ink
    said: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """One lattice with its likeliest texts and its weight among the views of its reader."""

    lattice: NDArray[np.float64]
    share: float
    beams: tuple[tuple[Classes, float], ...]

    def chance(self, text: str) -> float:
        """Return the share-weighted probability of ``text``, whichever dash it starts with."""
        found = dict(self.beams)
        total = 0.0
        for spelling in _spellings(text):
            classes = _classes(spelling)
            seen = found.get(classes)
            total += probability(self.lattice, classes) if seen is None else seen
        return self.share * total

    @property
    def top(self) -> str:
        """The likeliest text."""
        return _plain(_spelled(self.beams[0][0]))

    def foreign(self, known: set[Classes]) -> float:
        """Return the share-weighted probability of foreign texts whose rest is in ``known``."""
        return self.share * sum(p for c, p in self.beams if OTHER_CLASS in c and _rest(c) in known)

    def strange(self, known: set[Classes]) -> float:
        """Return the share-weighted probability of the other foreign texts."""
        return self.share * sum(
            p for c, p in self.beams if OTHER_CLASS in c and _rest(c) not in known
        )


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
    general = [_view(s.lattice, share) for s, share in zip(sights, shares, strict=True)]
    close = [_view(lattice, 1 / len(lattices)) for lattice in lattices]
    outcomes = [
        Outcome(
            _as_printed(text, general + close),
            sum(view.chance(text) for view in general),
            sum(view.chance(text) for view in close),
        )
        for text in _texts(general + close)
    ]
    foreign = {
        sight.text
        for sight in sights
        if OTHER_CLASS in _classes(sight.text) and any(c.isdigit() for c in sight.text)
    }
    for text in sorted(foreign):
        seen = zip(sights, shares, strict=True)
        score = sum(share * sight.score for sight, share in seen if sight.text == text)
        known = {_rest(_classes(text))}
        outcomes.append(Outcome(text, score, sum(view.foreign(known) for view in close)))
    taken = {_rest(_classes(text)) for text in foreign}
    outcomes.append(
        Outcome(
            NO_FIGURE,
            sum(view.strange(taken) for view in general),
            sum(view.strange(taken) for view in close),
        )
    )
    return Evidence(
        tuple(outcomes),
        float(len({view.top for view in general}) <= 1),
        float(len({view.top for view in close}) <= 1),
        float(
            all(
                _plain(_spelled(_classes(sight.text))) == view.top
                for sight, view in zip(sights, general, strict=True)
            )
        ),
        ink,
        sights[0].text if sights else "",
    )


_BEAMS: dict[int, tuple[NDArray[np.float64], tuple[tuple[Classes, float], ...]]] = {}
"""What lattices were found to say, by their numbers. One lattice speaks for all that look alike."""


def _view(lattice: NDArray[np.float64], share: float) -> _View:
    known = _BEAMS.get(id(lattice))
    if known is None or known[0] is not lattice:
        if len(_BEAMS) >= MOST_KEPT:
            _BEAMS.clear()
        known = _BEAMS[id(lattice)] = (lattice, tuple(likeliest(lattice, BEAMS)))
    return _View(lattice, share, known[1])


def _texts(views: Sequence[_View]) -> list[str]:
    """Return the figure texts that some view holds likely, in a fixed order.

    Where a view is unsure of its best text, the parts of that text are listed too: the rest
    may be rubbish beside the figure.
    """
    found = {""}
    for view in views:
        found |= {_plain(_spelled(c)) for c, _ in view.beams if OTHER_CLASS not in c}
        classes, chance = view.beams[0]
        if chance < CLEAR and len(classes) <= LONGEST_PARTED:
            bounds = combinations(range(len(classes) + 1), 2)
            parts = (_spelled(classes[first:last]) for first, last in bounds)
            found |= {_plain(part) for part in parts if OTHER not in part}
    return sorted(found)


def _rest(classes: Iterable[int]) -> Classes:
    """Return what is left of a text without its foreign characters."""
    return tuple(number for number in classes if number != OTHER_CLASS)


def _spelled(classes: Iterable[int]) -> str:
    return "".join(SYMBOLS[number - 1] for number in classes)


def _plain(text: str) -> str:
    """Write a leading dash short, and dashes alone as one: which dash it is changes no figure."""
    if text and not text.strip("-—"):
        return "-"
    return "-" + text[1:] if text.startswith("—") else text


@lru_cache(maxsize=4096)
def _classes(text: str) -> Classes:
    """Return the class numbers of a text: the same few are asked for again and again."""
    return tuple(encode(text))


def _spellings(text: str) -> tuple[str, ...]:
    if text == "-":
        return LONE_DASHES
    return (text, "—" + text[1:]) if text.startswith("-") else (text,)


def _as_printed(text: str, views: Iterable[_View]) -> str:
    """Choose the likeliest of all dashes where ``text`` is a dash alone."""
    if text != "-":
        return text
    chances = dict.fromkeys(LONE_DASHES, 0.0)
    for view in views:
        for dash in chances:
            chances[dash] += view.share * probability(view.lattice, _classes(dash))
    return max(chances, key=lambda dash: chances[dash])
