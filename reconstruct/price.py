"""What it costs at least to mend broken equations: the bound of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Price:
    """Lower bounds on the cost of changes that serve every one of a set of broken rows.

    Most figures read clearly and are equally dear; only the few cheaper ones are looked at one
    by one. Sets of figures are whole numbers, one bit a figure.
    """

    def __init__(self, least: Sequence[int]) -> None:
        """Take the cheapest change of each figure (milli-nats)."""
        self.dear = max(least, default=0)
        self.cheap = tuple(
            (1 << index, cost) for index, cost in enumerate(least) if cost < self.dear
        )
        self.cheap_mask = sum(bit for bit, _ in self.cheap)

    def of(self, broken: Iterable[int]) -> int | None:
        """Return what mending every row of ``broken`` costs at least, None where one cannot be.

        A change at a figure that stands in n of the rows serves n of them, so that each row is
        charged 1/n of its cheapest figure; rows without a figure in common are charged in
        full. Both bounds are valid, and the larger counts.
        """
        rows = sorted(broken, key=int.bit_count)
        if not rows:
            return 0
        if not rows[0]:
            return None
        serving = _serving(rows)
        shared, apart, charged = 0.0, 0, 0
        for row in rows:
            full, part = self._charge(row, serving)
            shared += part
            if not row & charged:
                apart += full
                charged |= row
        # costs are whole, so that rounding up is right; a little less for the sum of fractions
        return max(apart, int(shared + 0.999))

    def _charge(self, row: int, serving: Sequence[int]) -> tuple[int, float]:
        """Return the cost of the cheapest figure of ``row``, whole and shared between rows."""
        charges = [(cost, cost / _count(bit, serving)) for bit, cost in self.cheap if row & bit]
        common = row & ~self.cheap_mask
        if common:
            charges.append((self.dear, self.dear / _count(common, serving)))
        return min(full for full, _ in charges), min(part for _, part in charges)


def _serving(rows: Iterable[int]) -> list[int]:
    """Return the figures that stand in at least one, two, three … of ``rows``."""
    serving: list[int] = []
    for row in rows:
        more = row
        for place, figures in enumerate(serving):
            serving[place], more = figures | more, figures & more
        if more:
            serving.append(more)
    return serving


def _count(figures: int, serving: Sequence[int]) -> int:
    """Return in how many rows one of ``figures`` stands at most."""
    count = len(serving)
    while not figures & serving[count - 1]:
        count -= 1
    return count
