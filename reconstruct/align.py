"""Aligns the row bands of a table's fragments with the lines of a printed form.

A global alignment (Needleman and Wunsch 1970) by the likeness of labels: bands may be skipped
(a footnote, a spurious line), merged (a line cut by a spurious separator or by a page break),
and lines may be missing (lost rows); at both ends of the form that costs almost nothing, since
a page often shows only part of a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from reconstruct.bands import Band, merged
from reconstruct.wording import alike, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import TemplateCell
    from reconstruct.bands import Line

LEAST_LIKE = 0.35
"""Likeness from which a band that shows a line counts for it."""

MOST_A_LINE = 1.0 - LEAST_LIKE
"""What a line adds to the score of an alignment at most."""

MISSING_LINE = 0.45
MISSING_END = 0.02
SKIPPED_BAND = 0.4
SKIPPED_BLANK = 0.08
MERGED_BAND = 0.15
MOST_MERGED = 3
HEADER_AGAIN = 0.6
TOLD = 0.9
"""Likeness of a band to the line that merged cells tell it to be."""

BLANK_LINE = 0.5
"""How well a blank band fits a line that holds nothing but figures: they may be left blank."""


@dataclass(frozen=True, slots=True)
class Match:
    """Bands first…last (indices, inclusive) show line ``line``; ``likeness`` is 0…1."""

    first: int
    last: int
    line: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment found, in order; ``score`` grows with what fits.

    ``bands`` are the bands aligned, which the matches count; ``repeats`` are the bands left
    out because they repeat the header on a later page, with the line each repeats.
    """

    score: float
    bands: tuple[Band, ...]
    matches: tuple[Match, ...]
    repeats: tuple[tuple[Band, int], ...] = ()


def fit(band: Band, line: Line) -> float:
    """Return the likeness 0…1 of a band to a line of the form."""
    if band.told is not None:
        words = _fit(band.owned, band.shared, band.figures > 0, line)
        return TOLD + (1 - TOLD) * words if line in band.told else 0.0
    return _fit(band.owned, band.shared, band.figures > 0, line)


def fits(band: Band, printed: Sequence[Line]) -> Sequence[float]:
    """Return the likeness 0…1 of a band to each line of the form."""
    if band.told is not None:
        return [fit(band, line) for line in printed]
    return _fits(band.owned, band.shared, band.figures > 0, tuple(printed))


@lru_cache(maxsize=4096)  # a band is compared alone, with those of the page before, and for proofs
def _fits(
    owned: tuple[str, ...],
    shared: tuple[str, ...],
    inked: bool,  # noqa: FBT001 - a fact, not a switch
    printed: tuple[Line, ...],
) -> tuple[float, ...]:
    return tuple(_fit(owned, shared, inked, line) for line in printed)


def _fit(
    owned: tuple[str, ...],
    shared: tuple[str, ...],
    inked: bool,  # noqa: FBT001 - a fact, not a switch
    line: Line,
) -> float:
    if not line.labels:
        tall = _best((*owned, *shared), line.tall) if line.tall else 0.0
        unlabelled = 0.0 if owned else (0.7 if inked else BLANK_LINE)
        return max(tall, unlabelled)
    each = _best((*owned, *shared), line.labels)
    return max(each, alike("".join(owned), line.label)) if owned else each


def align(shown: Sequence[Band], printed: Sequence[Line]) -> Alignment:
    """Align bands with lines so that the sum of what fits, less what is skipped, is largest.

    A header repeated at the top of a later page does not take part.
    """
    repeats = _repeated_headers(shown, printed)
    found = [band for band in shown if band not in repeats]
    n, m = len(found), len(printed)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    back: list[list[tuple[int, int, float]]] = [[(0, 0, 0.0)] * (m + 1) for _ in range(n + 1)]
    skips = [SKIPPED_BLANK if band.blank else SKIPPED_BAND for band in found]
    # Plain loops: this is done for every table with every form's.
    for i in range(n + 1):
        here = best[i]
        cost = MISSING_END if i in (0, n) else MISSING_LINE
        shows = _shows(found, i, printed)
        for k in range(m + 1):
            most, origin = float("-inf") if i or k else 0.0, (0, 0, 0.0)
            for taken, likes in shows if k else ():
                like = likes[k - 1]
                score = best[i - taken][k - 1] + like - LEAST_LIKE - MERGED_BAND * (taken - 1)
                if score > most + 1e-12:
                    most, origin = score, (i - taken, k - 1, like)
            if i and best[i - 1][k] - skips[i - 1] > most + 1e-12:
                most, origin = best[i - 1][k] - skips[i - 1], (i - 1, k, 0.0)
            if k and here[k - 1] - cost > most + 1e-12:
                most, origin = here[k - 1] - cost, (i, k - 1, 0.0)
            here[k], back[i][k] = most, origin
    matches = tuple(_walk(back, n, m))
    again = tuple((band, line) for band, line in repeats.items() if line is not None)
    return Alignment(best[n][m], tuple(found), matches, again)


def _repeated_headers(shown: Sequence[Band], printed: Sequence[Line]) -> dict[Band, int | None]:
    """Find the bands with which later fragments begin that show header lines of the form.

    They end with the last band, among the first six, that fits a header line better than any
    other line. The value is the line repeated; None for a band between such bands.
    """
    body = next((line.row for line in printed if line.figures), 0)
    repeats: dict[Band, int | None] = {}
    for number in {band.fragment for band in shown if band.fragment}:
        leading = [band for band in shown if band.fragment == number][:6]
        lines_of: list[int | None] = []
        for band in leading:
            likes = fits(band, printed)
            like = max(likes, default=0.0)
            best = printed[likes.index(like)] if printed else None
            is_header = best is not None and best.row < body and like >= HEADER_AGAIN
            lines_of.append(best.row if best is not None and is_header else None)
        count = max((i + 1 for i, line in enumerate(lines_of) if line is not None), default=0)
        repeats.update(zip(leading[:count], lines_of[:count], strict=True))
    return repeats


def _may_merge(parts: Sequence[Band]) -> bool:
    """Tell whether bands can be one row: nothing drawn between them, or a page break."""
    return all(
        below.fragment != above.fragment or not below.closed for above, below in pairwise(parts)
    )


def _shows(
    found: Sequence[Band], end: int, printed: Sequence[Line]
) -> list[tuple[int, Sequence[float]]]:
    """Return how well the bands that end before ``end`` fit each line: three, two, or the last."""
    shows: list[tuple[int, Sequence[float]]] = []
    for taken in range(min(MOST_MERGED, end), 0, -1):
        parts = found[end - taken : end]
        if taken == 1 or _may_merge(parts):
            band = parts[0] if taken == 1 else merged(parts)
            shows.append((taken, fits(band, printed)))
    return shows


def _walk(back: list[list[tuple[int, int, float]]], n: int, m: int) -> list[Match]:
    matches: list[Match] = []
    i, k = n, m
    while (i, k) != (0, 0):
        a, b, like = back[i][k]
        if a < i and b < k:
            matches.append(Match(a, i - 1, b, like))
        i, k = a, b
    return matches[::-1]


def _best(texts: Sequence[str], cells: Sequence[TemplateCell]) -> float:
    """Mean over a line's labels of the likeness of the most similar of ``texts``, by length."""
    # Plain loops: this is asked of every band and every line of every form.
    alike_by_weight = total = 0.0
    for cell in cells:
        spellings, weight, most = cell.spellings, len(cell.label) ** 0.5, 0.0
        for text in texts:
            like = likeness(text, spellings)
            if like > most:  # noqa: PLR1730 - a call of max for each would be half the cost
                most = like
        alike_by_weight += weight * most
        total += weight
    return alike_by_weight / total
