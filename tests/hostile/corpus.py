"""Makes the hostile files: ``PYTHONPATH=. python tests/hostile/corpus.py FOLDER`` writes them all.

Nothing here is taken from anywhere: every file is built byte by byte, small on disk, and large,
endless, lying or cyclic for whoever believes it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hostile import archives, documents, names, pdfs, pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file: what makes it, and the codes of the findings that may name it.

    Without codes the file is harmless to a careful reader, and is simply read.
    """

    make: Callable[[Path], None]
    codes: frozenset[str]


def _hostile(made: Mapping[str, tuple[Callable[[Path], None], str]]) -> dict[str, Hostile]:
    return {name: Hostile(make, frozenset(codes.split())) for name, (make, codes) in made.items()}


FILES = _hostile(pdfs.FILES | pictures.FILES | documents.FILES)
"""Documents by name, each of which ends in a finding or is read."""

ARCHIVES = _hostile(archives.FILES)
"""Archives by name; the codes are those of the refusals that they may lead to."""

PLACES = _hostile(names.FILES)
"""Names and kinds of files that a folder may hold."""


def make_all(folder: Path) -> None:
    """Write every hostile file below a folder."""
    for part, made in (("files", FILES), ("archives", ARCHIVES), ("places", PLACES)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, hostile in made.items():
            hostile.make(folder / part / name)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
