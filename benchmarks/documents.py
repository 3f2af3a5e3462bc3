"""The documents that are measured: the committed ones, those of a folder, and made ones.

Made documents depend on their seed and on the program that draws them alone, so that they are
kept and used again, in a folder that is named after that program.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.truth import SUFFIX, read_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.truth import Truth
    from samples.generate import Kind
    from samples.recipe import Severity
    from samples.style import Split

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples" / "documents"
CACHE = ROOT / "out" / "benchmark-documents"


@dataclass(frozen=True, slots=True)
class Wish:
    """``count`` made documents, as many of each severity (the first may have one more)."""

    kind: Kind
    count: int
    severities: tuple[Severity, ...]
    split: Split = "bench"
    seed: int = 1


def made(wish: Wish, cache: Path, report: Callable[[str], None] = print) -> list[Truth]:
    """Return the wanted documents; those that ``cache`` holds are used again.

    The others are drawn first, which takes one to three seconds a page and the tools that draw
    samples. Severities alternate, so that the beginning of the list is like the whole of it.
    """
    folder = cache / program()
    groups = []
    shares = _shares(wish.count, len(wish.severities))
    for severity, share in zip(wish.severities, shares, strict=True):
        name = f"{wish.split}-{wish.kind}-{severity}-{wish.seed}"
        paths = [folder / f"{name}-{number:03d}{SUFFIX}" for number in range(share)]
        # Drawn in order; the truth file is written after its document.
        first = next((n for n, path in enumerate(paths) if not path.exists()), share)
        if first < share:
            report(f"drawing {share - first} documents {name} in {folder}")
            _draw(folder, wish, severity, range(first, share))
        groups.append([read_truth(path) for path in paths])
    return _alternating(groups)


def _draw(folder: Path, wish: Wish, severity: Severity, numbers: range) -> None:
    # Imported only here: documents that are already drawn need neither browser nor fonts.
    from samples.generate import generate  # noqa: PLC0415

    for _ in generate(folder, wish.split, numbers, wish.seed, wish.kind, (severity,)):
        pass


def program() -> str:
    """Return a name for the program that draws, which changes whenever any of it does."""
    digest = hashlib.sha256()
    for path in (
        *sorted((ROOT / "samples").glob("*.py")),
        *sorted((ROOT / "reconstruct" / "forms").glob("cn-foi-20*.toml")),
    ):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _shares(count: int, groups: int) -> list[int]:
    return [count // groups + (number < count % groups) for number in range(groups)]


def _alternating(groups: Iterable[Sequence[Truth]]) -> list[Truth]:
    return [truth for truth in chain.from_iterable(zip_longest(*groups)) if truth is not None]
