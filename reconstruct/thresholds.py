"""The dials of repair, in one place, each with its reason. Costs and margins are in nats.

A cost is −ln(probability), a margin the difference of two costs: 3 nats are odds of 20 : 1,
5 nats 150 : 1, 7 nats 1100 : 1. What they are derived from is the aim that no more than one in
100,000 accepted figures is wrong; docs/repair.md shows the risk at other margins.
"""

from __future__ import annotations

PAGE_MISTAKE = 8.0
"""Price of "the page itself prints a wrong figure here" where one equation speaks of it.

Three in seventy groups of 表四 in twenty published reports do not add up: 4.8 nats for each of
their figures, and 3 more because the mistake must also have just the size that explains the sum
(a total left at 0, a slip by one and a lost digit are some of about twenty likely sizes).
"""

PAGE_MISTAKE_SEEN = 10.5
"""The same where several equations speak of the figure.

In 表三, where rows, columns and a printed check would show it, two in some 3,700 figures are
wrong: 7.5 nats, and 3 for the size.
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

MISPLACED_MANY = 1 / 3
"""Where more of a table's places are in doubt, no more proof is looked for than elsewhere."""

CLEAR_PROBABILITY = 0.999
CLEAR_MARGIN = 6.0
"""From here on a reading is clear: no equation may change it, whatever fails to add up.

At 0.999 a 表三 of 175 figures holds one clear misread in six pages if every figure were only
just clear; calibrated readers are far above it on most. 6 nats keep a runner-up of 1 : 400.
"""

SURE_PROBABILITY = 0.995
"""Below this a reading that no equation confirms wants a person."""

LEAST_PROBABILITY = 0.25
"""Below this a reading that nothing confirms is none: what was seen stays, but no value.

Of 36 such values on recorded L3 develop tables 7 were right, none of the 15 below 0.15.
"""

SURE_SHARE = 0.998
"""Below this share of the possible senses of a confirmed figure (0, or left blank) likewise."""

PREVAILING = 100.0
"""How a table prints its other zeros says no more than this about one of them (odds)."""

THROUGHOUT = 300.0
"""What they say (odds) where all zeros of its row and of its column are printed as the table's.

In 24 published reports agencies leave zeros out in whole tables, columns or rows, and in the last
cell of 表三 (two of them), which is mostly empty then, and reads so; of some 2,000 other zeros
among their like none is printed otherwise. A reader that hardly leans to either is not overruled.
"""

STRANGE = 0.05
"""The share of what the reader did not list that one particular other sense has."""

SAID_IN_PROSE = 2.0
"""Price of a report's prose giving another number than its table.

Of some 89 statements in 18 published reports 10 do: ln(80 / 11), by the rule of succession.
"""

CARRIED_OVER = 2.2
"""Price of 上年结转 being another number than the year before's 结转下年度.

None of eight pairs of published reports is: ln(9 / 1), by the rule of succession. (In six of
them both are 0.)
"""

SURE_MARGIN = 6.0
"""From this margin on a repair, or a doubtful reading that its equations confirm, is sure.

1 : 400 for a figure just at the margin. One figure in fifty is so doubtful, most of them are far
beyond the margin, and the model overstates rivals: 1 in 100,000 of all figures is kept with room
(``python -m benchmarks.repair`` draws risk against coverage).
"""

OVER_PAGE = 6.0
"""By so much must a repair beat that the page itself prints what was read.

Where the reader holds both for possible, nothing else in a table tells them apart, and every nat
more asks about more misreads than it keeps mistakes from being mended:
``python -m benchmarks.repair_evidence`` prints the exchange.
"""

FAR_BEHIND = 3.0
"""Nothing is changed to a candidate that another one, besides the likeliest, leads by so much.

Readers overstate such also-rans: of 5,120 badly printed figures 29 were one, where 83 were
claimed; candidates second in line were right more often than they say (docs/repair.md).
"""

SLIP_PLACE = 2.3
SLIP_DIGIT = 2.0
SLIP_BY_FEW = 1.2
"""How much cheaper some mistakes of the page are than any other one of the same figure.

The prices above spread a mistake's size over about twenty likely ones, 3 nats. Of the six that
are known from published reports three leave a total at 0 (or fill in the wrong place), which is
ln(20 / 2), and two miss by one. A digit too many is none of them, but is what typing gets wrong,
and readers rarely see one that is not there. A repair must beat the page's mistake by OVER_PAGE.
"""

TIE_MARGIN = 3.0
"""Below this margin two explanations count as equally good, and nothing is changed."""

DENIED_MARGIN = 2.0
"""The same for a stroke that is a zero by how its table prints zeros: rivals that make ones of
some of them do not know that, and their cost says too little."""

MARGIN_CAP = 9.0
"""Larger margins are not told apart: looking for dearer rivals would only take time."""

DEAREST = 12.0
"""Candidates dearer than this above the likeliest are left out."""

ALIKE = 0.3
"""The share of its price that a misread costs again when the same confusion recurs.

A reader that takes a 1 for a 7 does so in many cells of a page, so that the second such misread
is no independent coincidence.
"""

ALIKE_WITHIN = 5.0
"""Dearer misreads than this are not taken to recur: nobody sees them in one cell of a page."""

ALIKE_BEYOND = 9.0
"""Where too much fails to add up, two figures that only bear each other out are sure if it costs
more than this to misread both alike.

A 5 on a blurred page reads as 6 in its row and in the row's total, with 0.995 each. Of the wrong
and unflagged figures in 36 recorded tables of which too much fails 5 of 13 were such, for 41
right ones among 5,700 that a person sees besides; at 6 nats hardly any is found.
"""

BRANCHES_FOR_BEST = 4_000
BRANCHES_FOR_ONE = 300
BRANCHES_FOR_ALL = 3_000
BRANCHES_FOR_ALIKE = 300
BRANCHES_IF_ASKED = 800
MANY = 8
BRANCHES_FOR_EACH = 100
BRANCHES_IF_MANY = 12_000
PATIENCE = 3
"""So many branches are weighed to explain a table, for one figure's margin, for all margins, and
to find what explains it about as well.

Where a person is asked about the table anyway, all of this together takes no more than
BRANCHES_IF_ASKED, except that the explanation may, and that one margin more is looked for. But
where MANY figures or more would go to that person for want of proof, BRANCHES_FOR_EACH of them
are spent, and BRANCHES_IF_MANY at most: half a second at worst against a hundred right figures.
Elsewhere PATIENCE times as many branches are spent on a margin. Twenty thousand take about a
second of a common core. Most tables need fewer than a hundred.
"""

BRANCHES_FOR_REST = 6_000
"""So many are weighed for the figures that are beside those an explanation blames."""

MOST_EXPLAINED = 30.0
"""Explanations that cost more (nats) do not tell what is wrong in a table: they blame some ten
figures that their readers were sure of, so that readers were sure of nothing there."""

MOST_UNDETERMINED = 60
"""Lost figures that no equation gives by itself, up to which suggestions for them are looked for.

Beyond, a branch costs a hundred times as much and next to none of the figures is ever proved.
"""
