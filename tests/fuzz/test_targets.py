"""Every seed, everything that ever broke a parser, and some thousand changed seeds.

``make fuzz`` goes on from here for as long as it is let.
"""

from __future__ import annotations

import random

import pytest

from tests.fuzz.run import mutated
from tests.fuzz.seeds import CRASHES, seeds_of
from tests.fuzz.targets import TARGETS

DEAR = {"text": 12, "typed": 12, "template": 40, "paths": 100, "docx": 150}
CRASHED = sorted(CRASHES.glob("*/*")) if CRASHES.is_dir() else []


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_changed_seeds_break_nothing(target: str) -> None:
    seeds = seeds_of(target)
    assert seeds
    for seed in (b"", *seeds):
        TARGETS[target](seed)
    dice = random.Random(target)
    for _ in range(DEAR.get(target, 300)):
        TARGETS[target](mutated(dice.choice(seeds), seeds, dice))


@pytest.mark.parametrize("path", CRASHED, ids=lambda path: f"{path.parent.name}-{path.name[-12:]}")
def test_what_broke_once_does_not_break_again(path: object) -> None:
    TARGETS[path.parent.name](path.read_bytes())  # type: ignore[attr-defined]
