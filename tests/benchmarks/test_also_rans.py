"""Candidates are counted by their place in line."""

from __future__ import annotations

import math

from benchmarks.also_rans import counted
from document.reading import Candidate, Reading


def _seen(*shares: tuple[str, float]) -> Reading:
    return Reading(tuple(Candidate(text, -math.log(share)) for text, share in shares))


def test_candidates_count_by_how_far_behind_the_second_they_are() -> None:
    found = counted(_seen(("5", 0.8), ("3", 0.1), ("6", 0.05), ("8", 0.03)), "8")
    assert [(place, right) for place, _, right in found] == [
        ("first", False),
        ("second", False),
        ("third or later", False),
        ("third or later, far behind", True),
    ]


def test_clear_readings_and_guesses_are_left_out() -> None:
    assert counted(_seen(("5", 0.9995)), "5") == []
    assert counted(_seen(("5", 0.2), ("3", 0.1)), "5") == []
