"""Many misreads on one dim page: the part of the table that adds up speaks for itself."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from document.report import Status
from reconstruct import walk as walking
from reconstruct.evidence import weigh
from reconstruct.judge import judge
from reconstruct.price import Price
from reconstruct.problem import pose
from reconstruct.remainder import sure_of_the_rest
from reconstruct.repair import settle
from reconstruct.walk import walk
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, clear, read_table, seen

if TYPE_CHECKING:
    from document.template import Address
    from reconstruct.evidence import Evidence

MISREAD = {
    ("granted", "person"): "1115",
    ("granted", "total"): "1130",
    ("d1", "business"): "8",
    ("d7", "person"): "9",
    ("u1", "business"): "47",
    ("u2", "total"): "66",
    ("n1", "legal"): "5",
    ("o1", "person"): "6",
    ("total", "other"): "9",
    ("next", "person"): "6",
    ("next", "total"): "127",
}


def _evidence(
    misread: dict[Address, str], page: dict[Address, str] | None = None
) -> tuple[Evidence, ...]:
    """Return a dim page's evidence: each figure about as likely as 0.9, what is misread 0.5."""
    rng = random.Random(8)  # noqa: S311  no secrets
    doubts = {}
    for address, text in SUQIAN_2023.items():
        read = misread.get(address, text)
        sure = 0.5 if address in misread else rng.uniform(0.85, 0.97)
        other = str(int(read) + rng.choice([1, 3, 5, 6, 8]))
        doubts[address] = seen((read, sure), (other, 0.5 * (1 - sure)), (read + "1", 0.01))
    for address, text in (page or {}).items():
        doubts[address] = clear(text)
    return tuple(weigh(cell) for cell in read_table(T3, SUQIAN_2023, doubts).cells)


def test_what_adds_up_beside_many_misreads_is_sure_and_none_of_them_is() -> None:
    evidence = _evidence(MISREAD)
    address = [e.cell.address for e in evidence]
    problem = pose(evidence, T3.equations, 1)
    price = Price(problem)
    assert {address[i] for i in walk(problem, price)[0].otherwise} == MISREAD.keys()
    told = sure_of_the_rest(problem, price, range(len(evidence)))
    assert len(told) > len(evidence) // 3
    assert MISREAD.keys().isdisjoint(address[i] for i in told)
    assert all(margin >= 6000 for margin in told.values())


def test_no_figure_is_sure_where_a_clear_one_must_be_wrong() -> None:
    page = {a: t for a, t in SUQIAN_2023.items() if a[0] == "o3" or a[1] == "business"}
    page["o3", "business"] = "5"
    misread = {a: t for a, t in MISREAD.items() if a not in page}
    evidence = _evidence(misread, page)
    problem = pose(evidence, T3.equations, 1)
    assert walk(problem, Price(problem))
    assert not sure_of_the_rest(problem, Price(problem), range(len(evidence)))


def test_what_is_told_already_is_not_told_again() -> None:
    evidence = _evidence(MISREAD)
    problem = pose(evidence, T3.equations, 1)
    price = Price(problem)
    everything = range(len(evidence))
    assert not sure_of_the_rest(problem, price, everything, never=everything)


def test_a_walk_tells_the_same_every_time_and_holds_no_count_below_zero() -> None:
    evidence = _evidence(MISREAD)
    problem = pose(evidence, T3.equations, 1)
    found = walk(problem, Price(problem))
    assert found == walk(problem, Price(problem))
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert len(found) <= walking.ROUNDS


def test_the_verdicts_hold_it() -> None:
    evidence = _evidence(MISREAD)
    verdicts = judge(evidence, T3.equations)
    sure = {a for a, v in verdicts.items() if (v.margin or 0) >= 6 and not v.disputed}
    wrong = {a for a in sure & MISREAD.keys() if not verdicts[a].changed}
    assert not wrong
    assert len(sure) > len(evidence) // 3


def test_what_is_read_by_less_than_a_quarter_has_no_value() -> None:
    faint = seen(("9", 0.14), ("", 0.13), ("4", 0.12), ("6", 0.1))
    doubts = {("d5", column): faint for column in ("person", "legal", "other", "total")}
    doubts |= {("n2", column): faint for column in ("person", "legal", "other", "total")}
    table, _ = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cells = by_address(table)
    for address in doubts:
        cell = cells[address]
        assert cell.needs_review
        assert cell.status is not Status.READ
        assert cell.status is Status.DISPUTED or cell.value is None
        assert cell.reading is not None
        assert cell.reading.best.text == "9"
