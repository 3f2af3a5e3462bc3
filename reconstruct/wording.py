"""Compares labels as printed with labels as read: width, spacing and punctuation do not count."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import Template

FEW_LETTERS = 3
"""Letters up to which what the reader makes of a cell may be a figure that it cannot read.

Of 271 such texts in the rows of 40 badly printed tables 255 stood in places of figures.
"""

_THIS_YEAR, _LAST_YEAR = ("本年", "今年", "当年"), ("上年", "去年", "上一年", "往年")
OTHER_YEAR = 0.6
"""What is left of the likeness of two labels of which one speaks of this year, one of the last.

The rest of such labels is the same, and so is what the sums say of their figures.
"""

_LOOKALIKES = str.maketrans("O〇○ＯoⅠ丨|", "00000111")


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Return the letters, digits and characters of ``text``, NFKC, without anything else."""
    wide = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    return "".join(c for c in wide if unicodedata.category(c)[0] in "LN")


@lru_cache(maxsize=65536)
def alike(read: str, printed: str) -> float:
    """Return the likeness 0…1 of a text as read to a label as printed.

    The normalised indel similarity of the two; where one is much longer (a neighbour's text
    was read along with it, or a line of it was lost), the best matching part counts for 0.85.
    """
    a, b = normal(read), normal(printed)
    if not a or not b:
        return 0.0
    whole = fuzz.ratio(a, b) / 100
    if len(_years(a) | _years(b)) == 2 and len(_years(a)) == len(_years(b)) == 1:
        return whole * OTHER_YEAR
    short, long = (len(a), len(b)) if len(a) < len(b) else (len(b), len(a))
    if short < 4 or long <= 1.3 * short:
        return whole
    # a part that cannot be more like it than the whole is not looked for
    return max(whole, 0.85 * fuzz.partial_ratio(a, b, score_cutoff=whole / 0.85 * 100) / 100)


def speaks_of_a_year(label: str) -> bool:
    """Tell whether a label says that it counts what this year brought, or the last."""
    return bool(_years(normal(label)))


@lru_cache(maxsize=8192)
def _years(text: str) -> frozenset[str]:
    """Return which years a label speaks of, "this" or "last"."""
    named = {"this": _THIS_YEAR, "last": _LAST_YEAR}
    return frozenset(year for year, words in named.items() if any(w in text for w in words))


@lru_cache(maxsize=65536)
def likeness(read: str, spellings: tuple[str, ...]) -> float:
    """Return the likeness of ``read`` to the best of the ways a label is spelled."""
    most = 0.0  # a plain loop: this is asked of every text and every label of every form
    for spelling in spellings:
        like = alike(read, spelling)
        if like > most:  # noqa: PLR1730 - a call of max for each would be half the cost
            most = like
    return most


def is_figure(text: str) -> bool:
    """Tell whether a text can only be a figure or the dash in its place."""
    wide = unicodedata.normalize("NFKC", text)
    known = all(c in "0123456789.,-+/—–−_ ()%万亿元" for c in wide)
    return known and any(c in "0123456789-/—–−_" for c in wide)


def no_word(text: str) -> bool:
    """Tell whether a text is a few letters of another script, as poor figures are read: KO, IC.

    The reader knows thousands of characters and takes a worn 0 for an O or a C. A text with a
    character of the form's script, or longer than a figure is, may be what is left of a label.
    """
    read = normal(text)
    return len(read) <= FEW_LETTERS and not any(unicodedata.category(c) == "Lo" for c in read)


def phrases(templates: Sequence[Template]) -> frozenset[str]:
    """Return all labels of some forms in all their spellings, but for single characters."""
    return frozenset(
        spelling
        for template in templates
        for table in template.tables
        for cell in table.cells
        if cell.address is None
        for spelling in cell.spellings
        if len(normal(spelling)) > 1 and not is_figure(spelling)
    )
