"""The mistakes that authors make, and how much likelier some of them are than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.thresholds import SLIP_BY_FEW, SLIP_DIGIT, SLIP_PLACE

if TYPE_CHECKING:
    from document.report import Figure

_FEW = {1, 2, 10}
_LONE = 10


def slip(printed: Figure, meant: Figure) -> float:
    """Return how many nats cheaper than others the mistake is of printing one for the other.

    Figures that are left out or written in the wrong place, miscounted by one or two (or by one
    in the tens), or typed with a digit too many or too few are what authors get wrong most.
    """
    if meant == 0:
        return 0.0 if printed < _LONE else SLIP_PLACE  # readers make lone digits of a 0
    if printed == 0:
        return SLIP_PLACE
    if printed // 10 == meant or meant // 10 == printed:
        return SLIP_DIGIT
    return SLIP_BY_FEW if abs(printed - meant) in _FEW else 0.0
