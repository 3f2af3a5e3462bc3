"""The dials of repair, in one place, each with its reason. Costs and margins are in nats.

A cost is −ln(probability), a margin the difference of two costs: 3 nats are odds of 20 : 1,
5 nats 150 : 1, 7 nats 1100 : 1.
"""

from __future__ import annotations

PAGE_MISTAKE = 8.0
"""Price of "the page itself prints a wrong figure here", per cell.

Among some 4,000 figures of twenty published reports about five were wrong, which is 6.7 nats,
and the mistake must also have just the size that explains the sum. A higher price repairs more
misreads and, on pages that really are wrong, tempts more right figures into a change; see
benchmarks/repair_simulation.py.
"""

OFF_LIST_SPREAD = 1.5
"""What it costs, beyond the reader's own doubt, that a figure is one particular unlisted value.

The remaining probability is spread over some twenty plausible values, 3 nats. Where two such
figures make up for each other only one of the two values is free, hence half of it for each.
"""

REST_FLOOR = 1e-4
"""The least probability that a reader listed nothing right, however sure it says it is."""

MISPLACED = 0.1
"""The least probability that a reading belongs elsewhere where registration doubts its place."""

CLEAR_PROBABILITY = 0.999
CLEAR_MARGIN = 6.0
"""From here on a reading is clear: no equation may change it, whatever fails to add up.

At 0.999 a 表三 of 175 figures holds one clear misread in six pages if every figure were only
just clear; calibrated readers are far above it on most. 6 nats keep a runner-up of 1 : 400.
"""

SURE_PROBABILITY = 0.995
"""Below this a reading that no equation confirms wants a person."""

SURE_MARGIN = 5.0
"""From this margin on a repair, or a doubtful reading that its equations confirm, is sure.

1 − 1 / (1 + e⁵) is 0.9933, and the model overstates its rivals: every one of them is given the
price of a page's mistake although it would also need the right size.
"""

TIE_MARGIN = 3.0
"""Below this margin two explanations count as equally good, and nothing is changed."""

MARGIN_CAP = 8.0
"""Larger margins are not told apart: looking for dearer rivals would only take time."""

ALIKE = 0.3
"""The share of its price that a misread costs again when the same confusion recurs.

A reader that takes a 1 for a 7 does so in many cells of a page, so that the second such misread
is no independent coincidence.
"""
