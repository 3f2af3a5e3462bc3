"""What it costs at least to mend several rows, where one change may serve more than one."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mend(NamedTuple):
    """How one row can be mended.

    ``alone`` are figures that can do it by themselves, (cost, figures as bits), cheapest first;
    ``two`` is what the two cheapest changes of the row cost together, None where it has but
    one figure left. ``whole`` is the cheaper of both.
    """

    mask: int
    alone: tuple[tuple[int, int], ...]
    two: int | None
    whole: int


def mended(left: int, alone: dict[int, int], two: int | None) -> Mend | None:
    """Return a mend by one of the figures ``left`` or by two, None if there is none."""
    if not alone:
        return None if two is None else Mend(left, (), two, two)
    ranked = tuple(sorted(alone.items()))
    whole = ranked[0][0]
    return Mend(left, ranked, two, whole if two is None or whole < two else two)


_WHOLE = attrgetter("whole")


def together(mends: Sequence[Mend], most: int) -> int:
    """Return what mending all rows costs at least, where one change may serve several.

    That may be too little if it is ``most`` or more.
    """
    apart = charged = 0
    for mend in mends:
        if mend.mask & charged:
            break
        apart += mend.whole
        charged |= mend.mask
    else:
        return apart
    ranked = sorted(mends, key=_WHOLE, reverse=True)
    apart = charged = 0
    for mend in ranked:
        if not mend.mask & charged:
            apart += mend.whole
            charged |= mend.mask
    return apart if apart >= most else max(apart, _shared(ranked))


def _shared(mends: Sequence[Mend]) -> int:
    """Return what mending all rows costs at least, each row charged its part of every change."""
    serving: list[int] = []
    for mend in mends:
        more = mend.mask
        for place, figures in enumerate(serving):
            serving[place], more = figures | more, figures & more
            if not more:
                break
        else:
            serving.append(more)
    shared = 0.0
    for mend in mends:
        count = _count(mend.mask, serving)
        part = 1e12 if mend.two is None else mend.two / count
        for cost, figures in mend.alone:
            if cost / count >= part:
                break
            part = min(part, cost / _count(figures, serving))
        shared += part
    # costs are whole, so that rounding up is right; a little less for the sum of fractions
    return int(shared + 0.999)


def _count(figures: int, serving: Sequence[int]) -> int:
    """Return in how many rows one of ``figures`` stands at most."""
    count = len(serving)
    while not figures & serving[count - 1]:
        count -= 1
    return count
