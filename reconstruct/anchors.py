"""Finds the labels of a printed form in a text, in their order.

A local alignment (Smith and Waterman 1981) of the text's words with the form's labels: words may
be skipped, labels missing, a label broken over several words (a wrapped line), or several labels
run into one (their separator is lost).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from reconstruct.wording import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from document.passage import Piece
    from document.template import TableTemplate, TemplateCell

MOST_WORDS = 4
MOST_LABELS = 3
ALIKE = 0.55
"""Likeness below which words are not taken for a label."""

SKIPPED_WORDS = 0.12
SKIPPED_PROSE = 0.8
MISSING_LABEL = 0.12
LONGEST = 90
"""Characters beyond which words are no label."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label of the form, and the pieces first…last (indices, inclusive) that say it."""

    cell: TemplateCell
    first: int
    last: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Anchors:
    """The labels of one table found in a text, in order.

    ``score`` grows with what fits, ``share`` is the part of it that a whole table would have.
    """

    score: float
    share: float
    found: tuple[Anchor, ...]


def labels_of(table: TableTemplate) -> tuple[TemplateCell, ...]:
    """Return the labels of a table in the order in which they are printed."""
    labels = [cell for cell in table.cells if cell.address is None and normal(cell.label)]
    return tuple(sorted(labels, key=lambda cell: (cell.row, cell.column)))


def weight(cell: TemplateCell) -> float:
    """Return how much finding a label tells: short ones occur anywhere."""
    return min(1.0, 0.3 + 0.1 * len(normal(cell.label)))


def mentions(pieces: Iterable[Piece], table: TableTemplate) -> float:
    """Return the share of a table's labels that a text holds word by word, in any order."""
    said = {normal(piece.text) for piece in pieces if piece.kind == "words"}
    whole = "".join(said)
    labels = labels_of(table)
    got = sum(weight(c) for c in labels if any(normal(s) in whole for s in c.spellings))
    return got / sum(weight(c) for c in labels)


def anchor(pieces: Sequence[Piece], table: TableTemplate, free: Sequence[bool]) -> Anchors:
    """Find where the labels of ``table`` stand; only pieces that are ``free`` take part."""
    labels = labels_of(table)
    words = [
        number
        for number, piece in enumerate(pieces)
        if free[number] and piece.kind in {"words", "prose"}
    ]
    peak, steps = _best_path(_Problem.of(pieces, words, labels))
    found: list[Anchor] = []
    for (i, k), (to_i, to_k), like in steps:
        first, last = words[i], words[to_i - 1]
        found += [Anchor(label, first, last, like) for label in labels[k:to_k]]
    return Anchors(peak, peak / sum(map(weight, labels)), tuple(found))


@dataclass(frozen=True, slots=True)
class _Problem:
    """Words and labels to be aligned.

    ``texts`` is empty where words cannot be a label; ``skips`` is what it costs to pass over
    them, ``joins`` how many from here on may be one label. ``groups`` are the labels that may be
    run together from each one on: all as one, and all but one of them. ``exact`` tells which
    words are just some label, and so neither a part of one nor several.
    """

    texts: tuple[str, ...]
    skips: tuple[float, ...]
    joins: tuple[int, ...]
    keys: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    groups: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
    exact: tuple[bool, ...]

    @classmethod
    def of(
        cls, pieces: Sequence[Piece], words: Sequence[int], labels: Sequence[TemplateCell]
    ) -> _Problem:
        """State the alignment of ``words`` (indices of pieces) with ``labels``."""
        shown = [pieces[i] for i in words]
        plain = {normal(spelling) for cell in labels for spelling in cell.spellings}
        return cls(
            tuple("" if p.kind == "prose" or len(p.text) > LONGEST else p.text for p in shown),
            tuple(SKIPPED_PROSE if p.kind == "prose" else SKIPPED_WORDS for p in shown),
            tuple(_joinable(pieces, words, i) for i in range(len(words))),
            tuple(cell.spellings for cell in labels),
            tuple(weight(cell) for cell in labels),
            tuple(
                _groups([cell.label for cell in labels[k : k + MOST_LABELS]])
                for k in range(len(labels))
            ),
            tuple(normal(piece.text) in plain for piece in shown),
        )


_State = tuple[int, int]
_Step = tuple[_State, _State, float]


def _best_path(of: _Problem) -> tuple[float, list[_Step]]:
    """Return the best local alignment: its score, and the steps that match words with labels."""
    n, m = len(of.texts), len(of.keys)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    back: dict[_State, tuple[_State, float]] = {}
    peak, at = 0.0, (0, 0)
    for i in range(n + 1):
        for k in range(m + 1):
            here = best[i][k]
            if here > peak:
                peak, at = here, (i, k)
            for to_i, to_k, gain, like in _steps(of, i, k):
                if here + gain > best[to_i][to_k]:
                    best[to_i][to_k] = here + gain
                    back[to_i, to_k] = ((i, k), like)
    steps: list[_Step] = []
    while at in back:
        origin, like = back[at]
        if like:
            steps.append((origin, at, like))
        at = origin
    return peak, steps[::-1]


def _steps(of: _Problem, i: int, k: int) -> Iterator[tuple[int, int, float, float]]:
    """Yield (next word, next label, gain, likeness) of all steps from here."""
    if k < len(of.keys):
        yield i, k + 1, -MISSING_LABEL, 0.0
    if i < len(of.texts):
        yield i + 1, k, -of.skips[i], 0.0
        if k < len(of.keys) and of.texts[i]:
            for taken, given, like in _moves(of, i, k):
                gain = sum(of.weights[k : k + given]) * (like - 0.4) / 0.6
                yield i + taken, k + given, gain - 0.01 * (taken + given), like


def _moves(of: _Problem, i: int, k: int) -> Iterator[tuple[int, int, float]]:
    """Yield (words taken, labels given, likeness) of what may match from here on."""
    alone = _like(of.texts[i], of.keys[k])
    if alone >= ALIKE:
        yield 1, 1, alone
    if of.exact[i]:
        return
    for taken in range(2, of.joins[i] + 1):
        like = _like("".join(of.texts[i : i + taken]), of.keys[k])
        if like >= ALIKE:
            yield taken, 1, like
    for given, (together, parts) in enumerate(of.groups[k], start=2):
        like = _like(of.texts[i], (together,))
        # each of the labels must add to it: else it is one of them, and the others are lost
        if like >= 0.8 and like > max(_like(of.texts[i], (part,)) for part in parts) + 0.04:
            yield 1, given, like


def _groups(labels: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the first two, three … labels as one, each with all that lack one of them."""
    return tuple(
        (
            "".join(labels[:n]),
            tuple("".join(labels[:g] + labels[g + 1 : n]) for g in range(n)),
        )
        for n in range(2, len(labels) + 1)
    )


def _joinable(pieces: Sequence[Piece], words: Sequence[int], i: int) -> int:
    """Return how many words from ``i`` on may be one label: nothing but words between them."""
    count = 1
    while count < MOST_WORDS and i + count < len(words):
        one, next_ = words[i + count - 1], words[i + count]
        if pieces[next_].kind == "prose" or pieces[one].kind == "prose":
            break
        if any(pieces[j].kind == "figure" for j in range(one + 1, next_)):
            break
        count += 1
    return count


@lru_cache(maxsize=200_000)
def _like(text: str, spellings: tuple[str, ...]) -> float:
    """Return the likeness 0…1 of words to a label, however it is spelled.

    The normalised indel similarity; 0.85 where the words hold all of a label and more.
    """
    read = normal(text)
    if not read:
        return 0.0
    best = 0.0
    for spelling in spellings:
        printed = normal(spelling)
        if 2 * min(len(read), len(printed)) >= ALIKE * (len(read) + len(printed)):
            best = max(best, fuzz.ratio(read, printed) / 100)
        if len(printed) >= 4 and printed in read:
            best = max(best, 0.85)
    return best
