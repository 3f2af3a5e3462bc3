"""The figures of five published reports, and of forms that are none of ours, as plain data.

The figures are facts of the reports named; the words around them are drawn anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from samples.figures import (
    GROUPS,
    OUTCOMES,
    PARTIES,
    Entry,
    Generation,
    TableFigures,
    entries_of,
    leaves,
)
from samples.grid import DrawnCell, DrawnTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document.template import Address


def _table(
    table: str,
    generation: Generation,
    addresses: list[Address],
    given: Mapping[Address, int | str],
) -> TableFigures:
    unknown = set(given) - set(addresses)
    if unknown:
        msg = f"{table} has no figures at {sorted(unknown)}"
        raise KeyError(msg)
    return TableFigures(table, generation, entries_of((a, given.get(a, 0)) for a in addresses))


def t2_of(given: Mapping[Address, int | str]) -> TableFigures:
    """Return 表二 of 2021 with ``given`` figures, 0 elsewhere."""
    rows = [
        (row, column)
        for row in ("regulation", "normative")
        for column in ("made", "repealed", "in_force")
    ]
    rows += [(row, "decisions") for row in ("licence", "penalty", "coercion")]
    return _table("t2", "2021", [*rows, ("fee", "amount")], given)


def t3_of(given: Mapping[Address, int | str], generation: Generation = "2021") -> TableFigures:
    """Return 表三 with ``given`` figures, 0 elsewhere."""
    keys = ("new", "carry", *leaves(generation), "total", "next")
    return _table("t3", generation, [(r, c) for r in keys for c in (*PARTIES, "total")], given)


def t4_of(given: Mapping[Address, int | str]) -> TableFigures:
    """Return 表四 with ``given`` figures, 0 elsewhere."""
    return _table("t4", "2021", [(g, o) for g in GROUPS for o in (*OUTCOMES, "total")], given)


def blank(figures: TableFigures, addresses: frozenset[Address]) -> TableFigures:
    """Return ``figures`` with nothing printed at ``addresses``."""
    entries = tuple(
        Entry(e.address, "", None) if e.address in addresses else e for e in figures.entries
    )
    return replace(figures, entries=entries)


# 三门峡市陕州区司法局 2022: the two first results are blank but for their totals.
SHANZHOU = (
    t2_of({}),
    blank(t3_of({}), frozenset((row, c) for row in ("granted", "partial") for c in PARTIES)),
    t4_of({}),
)
# 西安市莲湖区司法局 2021: no requests at all, yet fifty reviews; the last cell of 表三 is missing.
LIANHU = (
    t2_of({}),
    blank(t3_of({}), frozenset({("next", "total")})),
    t4_of(
        {
            ("review", "upheld"): 14,
            ("review", "other"): 28,
            ("review", "pending"): 8,
            ("review", "total"): 50,
            ("suit_after_review", "pending"): 5,
            ("suit_after_review", "total"): 5,
        }
    ),
)
# 洛阳市洛龙区司法局 2024
LUOLONG = (
    t2_of({}),
    t3_of(
        {
            (row, column): figure
            for row, figure in (("new", 4), ("granted", 2), ("d8", 1), ("u1", 1), ("total", 4))
            for column in ("person", "total")
        }
    ),
    t4_of({("review", "upheld"): 1, ("review", "corrected"): 2, ("review", "total"): 3}),
)
# 重庆市綦江区司法局 2022
QIJIANG = (t2_of({("licence", "decisions"): 3}), t3_of({}), t4_of({}))
# 威海市文登区司法局 2022: its tables are pictures; 表三 follows what its prose says.
WENDENG = (
    t2_of({}),
    t3_of({(row, c): 2 for row in ("new", "u1", "total") for c in ("person", "total")}),
    t4_of({}),
)

_OLD_ROWS = (
    ("一、主动公开情况", "", "", ""),
    ("（一）主动公开政府信息数", "条", "1286", "9437"),
    ("其中：主动公开规范性文件数", "条", "14", "203"),
    ("制发规范性文件总数", "件", "14", "203"),
    ("（二）通过不同渠道公开政府信息的情况", "", "", ""),
    ("1.政府公报公开政府信息数", "条", "0", "0"),
    ("2.政府网站公开政府信息数", "条", "1286", "9437"),
    ("3.政务微博公开政府信息数", "条", "352", "1190"),
    ("4.政务微信公开政府信息数", "条", "417", "806"),
    ("二、回应解读情况", "", "", ""),
    ("（一）回应公众关注热点或重大舆情数", "次", "23", "61"),
    ("（二）举办新闻发布会总次数", "次", "2", "9"),
    ("三、依申请公开情况", "", "", ""),
    ("（一）收到申请数", "件", "37", "164"),
    ("1.当面申请数", "件", "5", "31"),
    ("2.网络申请数", "件", "24", "92"),
    ("3.信函申请数", "件", "8", "41"),
    ("（二）申请办结数", "件", "37", "164"),
    ("1.属于已主动公开范围数", "件", "9", "38"),
    ("2.同意公开答复数", "件", "17", "85"),
    ("3.不同意公开答复数", "件", "3", "11"),
    ("4.不属于本行政机关公开数", "件", "6", "22"),
    ("5.申请信息不存在数", "件", "2", "8"),
    ("四、行政复议数量", "件", "1", "4"),
    ("五、行政诉讼数量", "件", "0", "1"),
)


def old_statistics() -> DrawnTable:
    """Return a statistics table as reports up to 2018 had it; no form of ours."""
    head = ("统 计 指 标", "单位", "2018年度", "历年累计")
    cells = [
        DrawnCell(i, j, 1, 1, text, "header" if i == 0 else "label" if j == 0 else "figure")
        for i, row in enumerate((head, *_OLD_ROWS))
        for j, text in enumerate(row)
    ]
    return DrawnTable("old", len(_OLD_ROWS) + 1, 4, (0.58, 0.1, 0.16, 0.16), tuple(cells))
