"""Where the seeds of a target lie: those committed here, and files of the project."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = Path(__file__).parent / "seeds"
CRASHES = Path(__file__).parent / "crashes"

_ELSEWHERE = {
    "template": ("reconstruct/forms/*.toml", "samples/forms/*.toml"),
    "text": ("tests/pipeline/texts/*",),
    "typed": ("tests/pipeline/texts/*",),
    "encoding": ("tests/pipeline/texts/*",),
}


def seeds_of(target: str) -> list[bytes]:
    """Return the bytes to begin with."""
    found = sorted((SEEDS / target).glob("*"))
    for pattern in _ELSEWHERE.get(target, ()):
        found += sorted(ROOT.glob(pattern))
    return [path.read_bytes() for path in found if path.is_file()]
