"""What a document and an archive may ask for, so that a hostile one costs its own place alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from pipeline.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one document may ask for: MiB of its file, pages, millions of pixels a page.

    ``pictures`` are those of a web page or a Word document, ``elements`` its tags, ``depth`` how
    far these are nested.
    """

    file_mib: int = 1024
    pages: int = 1000
    megapixels: float = 300
    pictures: int = 300
    elements: int = 500_000
    depth: int = 200


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is let out of one archive, and of those inside it together.

    ``ratio`` are bytes out for a byte in; it counts only above a mebibyte, as a short text may
    well shrink a hundredfold. ``nesting`` is how deep archives may lie in archives.
    """

    files: int = 100_000
    gib: float = 64
    ratio: int = 200
    nesting: int = 1


USUAL, USUAL_BOUNDS = Allowance(), Bounds()

NAMES = {
    **{one.name.replace("_", "-"): one.name for one in fields(Allowance)},
    **{f"archive-{one.name}": one.name for one in fields(Bounds)},
}
"""Limits by the names that people give them with ``--limit``."""

_MOST = {"megapixels": 600, "depth": 250}
"""Beyond this Pillow and libxml2 refuse by themselves."""

_LIMIT = re.compile(r"([a-z-]+)\s*=\s*([0-9]{1,9})")


def parse_limits(texts: Iterable[str]) -> tuple[Allowance, Bounds]:
    """Return the usual limits, with those changed that ``texts`` ("pages=5000") name.

    Raises InputError ``limit-option`` for a text that names none, or no whole number.
    """
    allowance, bounds = USUAL, USUAL_BOUNDS
    for text in texts:
        match = _LIMIT.fullmatch(text.strip())
        if match is None or match[1] not in NAMES:
            raise fault("limit-option", text=text, names=", ".join(NAMES))
        name, number = match[1], int(match[2])
        least, most = 0 if name == "archive-nesting" else 1, _MOST.get(name, number)
        if not least <= number <= most:
            raise fault("limit-range", name=name, least=least, most=most)
        change = {NAMES[name]: number}
        if name.startswith("archive-"):
            bounds = replace(bounds, **change)
        else:
            allowance = replace(allowance, **change)
    return allowance, bounds
