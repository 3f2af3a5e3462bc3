"""Tells which lines of a form a lattice shows by its merged cells, where no label can be read.

A fax or a bad copy may eat the small strokes of the labels and leave the ruling. Which cells of a
form reach over several rows or columns is then still drawn, and nearly as telling as the words:
groups of eight, three, five and three rows stand nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reconstruct.align import fits
from reconstruct.bands import bands, lines
from reconstruct.succession import succession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from document.fragment import Fragment
    from document.lattice import Lattice
    from document.template import TableTemplate, Template
    from reconstruct.align import Alignment

DRAWN, GONE = 0.7, 0.3
"""Share of an edge from which a line is drawn there, and up to which there is none."""

PARTLY = 0.1
"""How often a line that is printed is drawn in part."""

TORN_LEAST, TORN_MOST = 0.1, 0.5
"""Bounds of how often one is gone; between them the lattice says so itself."""

ELSEWHERE = (0.02, 0.03, 0.95)
"""How often an edge inside a merged cell is drawn, drawn in part, and not drawn."""

PLAINLY = 20.0
"""Nats by which a form's merged cells must explain the edges better than a plain grid does."""

AHEAD = 12.0
"""Nats by which they must do so better than those of any other form."""

CERTAINLY = 5.9
"""Nats by which a band must be one line, and no other and no part of one.

Just less than two separators amiss cost: one lost and one too many may lie in any group of rows,
and would leave none of it told."""

LONGEST_END = 4
"""Bands before the first that is known, or after the last, that counting may tell."""

STANDING = 0.5
"""Share of the edges printed of which at least a part must be drawn."""

CONTRADICTED = 0.04
"""Share of the edges inside merged cells that may be drawn nevertheless, besides one."""

LEGIBLE = 0.4
"""Share of a form's Chinese characters from which as many others are another form's."""

PLAIN = 0.9
"""A reader's confidence from which it is no dirt that it took for words."""

_GONE = 2
"""What an edge is called that is neither drawn (0) nor drawn in part (1)."""

SAYS = 0.75
"""Likeness from which a band's own words say which line it is."""


def told(fragment: Fragment, templates: Sequence[Template]) -> Fragment:
    """Return a fragment that knows which lines it shows, where its merged cells prove it.

    Where its words clearly say otherwise it stays as it is.
    """
    known = shown_by(fragment.lattice, templates)
    return fragment if not known or _denied(fragment, known) else replace(fragment, told=known)


def agreeing(
    fragments: Sequence[Fragment], template: Template, table: TableTemplate, alignment: Alignment
) -> frozenset[int]:
    """Return the lines that stand where words put them by the merged cells around them, too.

    So lines are known whose own labels cannot be read. Where the two disagree anywhere in a
    fragment its merged cells tell nothing, nor where lines were only supposed: those are drawn as
    the form has them. Of 55 terrible pages neither said another line than words did.
    """
    found: set[int] = set()
    for number, fragment in enumerate(fragments):
        if fragment.lattice.supposed:
            continue
        known = dict(shown_by(fragment.lattice, (template,))).get(table)
        if known is None:
            continue
        pairs = [
            (known[band.row], match.line)
            for match in alignment.matches
            for band in alignment.bands[match.first : match.last + 1]
            if band.fragment == number
        ]
        if all(told in {None, line} for told, line in pairs):
            found.update(line for told, line in pairs if told == line)
    return frozenset(found)


def shown_by(
    lattice: Lattice, templates: Sequence[Template]
) -> tuple[tuple[TableTemplate, tuple[int | None, ...]], ...]:
    """Return the table whose merged cells a lattice has, with the line of each of its bands.

    Empty where nothing is proved; None where a band may be another line, or two of them. Each
    separator of columns must be one of the form. Editions of a form that explain the lattice
    about as well are all returned.
    """
    tables = dict.fromkeys(table for form in templates for table in form.tables)
    fitting = [table for table in tables if table.columns == lattice.columns]
    if not fitting:
        return ()
    seen = _seen(lattice)
    tried = [(table, *_explained(seen, table)) for table in fitting]
    best, _, most = max(tried, key=lambda one: one[2])
    if most < PLAINLY or any(gain > most - AHEAD for t, _, gain in tried if t.id != best.id):
        return ()
    return tuple(
        (table, shown)
        for table, shown, gain in tried
        if table.id == best.id and gain > most - AHEAD and _stands(seen, table, shown)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The inner edges of a lattice: 0 where drawn, 1 in part, 2 gone.

    ``level`` is (bands, columns), above each band; ``upright`` (bands, columns - 1), right of each
    column. ``gain`` is by how many nats each of the three is likelier inside a merged cell.
    """

    level: NDArray[np.intp]
    upright: NDArray[np.intp]
    gain: NDArray[np.float64]


def _seen(lattice: Lattice) -> _Seen:
    level = _kinds(lattice.across[:-1])
    upright = _kinds([row[1:-1] for row in lattice.down])
    # Figures have cells of their own in every form: what is gone there was torn.
    half = lattice.columns // 2
    figures = np.concatenate([level[1:, half:].ravel(), upright[:, half:].ravel()])
    torn = min(max(float(np.mean(figures == _GONE)), TORN_LEAST), TORN_MOST)
    gain = np.log(np.array(ELSEWHERE) / np.array([1 - torn - PARTLY, PARTLY, torn]))
    return _Seen(level, upright, gain)


def _kinds(shares: Sequence[Sequence[float]]) -> NDArray[np.intp]:
    return _GONE - np.digitize(np.array(shares), [GONE, DRAWN])


def _explained(seen: _Seen, table: TableTemplate) -> tuple[tuple[int | None, ...], float]:
    """Return the line of each band, and how much better a table explains the edges than a grid."""
    level, upright = _merged(table)
    within = seen.gain[seen.upright]
    single = within @ upright.T.astype(float)
    double = np.zeros_like(single)
    double[:, 1:] = within @ (upright[1:] & upright[:-1]).T.astype(float)
    above = seen.gain[seen.level] @ level.T.astype(float)
    shown, gain = succession(single, double, above, CERTAINLY)
    return _ended(shown, table.rows), gain


def _ended(shown: Sequence[int | None], rows: int) -> tuple[int | None, ...]:
    """Add the bands before the first that is known, and after the last, where they are as many.

    As many, that is, as the form has lines there: both its ends are on the page.
    """
    known = [(band, line) for band, line in enumerate(shown) if line is not None]
    if not known:
        return tuple(shown)
    (first, top), (last, bottom) = known[0], known[-1]
    ended = list(shown)
    if first == top <= LONGEST_END:
        ended[:first] = range(top)
    if len(shown) - last == rows - bottom <= LONGEST_END + 1:
        ended[last:] = range(bottom, rows)
    return tuple(ended)


def _stands(seen: _Seen, table: TableTemplate, shown: Sequence[int | None]) -> bool:
    """Tell whether most bands are known, their edges drawn where printed, and hardly elsewhere."""
    level, upright = _merged(table)
    bands_of = [band for band, line in enumerate(shown) if line is not None]
    if 2 * len(bands_of) < len(shown):
        return False
    known = [line for line in shown if line is not None]
    follows = [b for b in bands_of if b and shown[b - 1] is not None]
    merged = np.concatenate(
        [upright[known].ravel(), level[[_line(shown, b) for b in follows]].ravel()]
    )
    kinds = np.concatenate([seen.upright[bands_of].ravel(), seen.level[follows].ravel()])
    standing = np.sum(kinds[~merged] < _GONE) >= STANDING * np.sum(~merged)
    return bool(standing and np.sum(kinds[merged] < _GONE) <= CONTRADICTED * np.sum(merged) + 1)


def _line(shown: Sequence[int | None], band: int) -> int:
    line = shown[band]
    if line is None:
        message = f"band {band} is not known"
        raise ValueError(message)
    return line


@lru_cache(maxsize=64)
def _merged(table: TableTemplate) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which edges lie inside merged cells: above each line, and right of each column."""
    owner = np.full((table.rows, table.columns), -1)
    for number, cell in enumerate(table.cells):
        rows = slice(cell.row, cell.row + cell.row_span)
        owner[rows, cell.column : cell.column + cell.column_span] = number
    level = np.zeros(owner.shape, bool)
    level[1:] = owner[1:] == owner[:-1]
    return level, owner[:, 1:] == owner[:, :-1]


def _denied(
    fragment: Fragment, known: Sequence[tuple[TableTemplate, Sequence[int | None]]]
) -> bool:
    """Tell whether words deny it: those of another form, or of another line than a band's own.

    As many characters as the form's labels have, and none of them like these, are another's.
    """
    read = sum(_written(one.text) for one in fragment.spans if one.confidence >= PLAIN)
    for table, shown in known:
        labels = [c.label for c in table.cells if c.address is None and c.row in shown]
        if read > LEGIBLE * sum(map(_written, labels)):
            return True
        printed = lines(table)
        for band, line in zip(bands([fragment]), shown, strict=True):
            likes = fits(band, printed) if band.owned and line is not None else ()
            if line is not None and any(like >= SAYS and like > likes[line] for like in likes):
                return True
    return False


def _written(text: str) -> int:
    """Count Chinese characters."""
    return sum(character > "\u2e7f" for character in text)
