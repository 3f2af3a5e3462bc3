"""More ways in which strangers lay reports out; drawn under the seeds from ``WIDER`` on.

Titles and units inside the table, notes below it, cells with frames of their own, another table
beside, running heads and page numbers close to the frame, figures put right by hand, mixed signs
for nothing, thousands parted, faces and alignments mixed as people mix them.
"""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.strangers_pages import (
    DIGITS,
    LAYOUTS,
    LINK,
    PROSE,
    SECTIONS,
    UNSEEN_DIGITS,
    Layout,
    css,
    first_row,
    span_of,
)
from benchmarks.strangers_strokes import handwritten, struck

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from benchmarks.strangers_pages import Content, Looks, Split
    from document.template import Address, TableTemplate, TemplateCell
    from samples.figures import Entry, TableFigures

NOTHING = ("", "—", "－", "-", "/", "无", "0")
FACES = ("Liberation Sans", "Liberation Serif", "Liberation Mono", "Cousine", "inherit")
NOTES = "注：1.本表数据统计时间为当年1月1日至12月31日。2.“—”表示无此项。"
BINDING = "装 ……………………… 订 ……………………… 线"
NEIGHBOUR = (
    *(("机构", "人数"), ("办公室", "12"), ("法规科", "4"), ("综合科", "7"), ("信息中心", "23")),
    *(("合计", "46"),),
)

WIDER_LAYOUTS = (
    Layout("titled", ("screen", "paper")),
    Layout("framed", ("screen", "paper")),
    Layout("modern", ("screen", "paper")),
    Layout("footed", ("paper",)),
    Layout("mixed", ("screen", "paper")),
    Layout("corrected", ("paper",)),
    Layout("beside", ("screen", "paper"), landscape=True),
    Layout("spread", ("paper",)),
    Layout("sideways", ("paper",)),
    Layout("script", ("screen", "paper")),
    *(layout for layout in LAYOUTS if layout.name in {"plain", "word", "workbook", "narrow"}),
)


def widened(looks: Looks, layout: Layout, split: Split, rng: np.random.Generator) -> Looks:
    """Return looks as the layout has them: frames, dark heads, typewriters' digits."""
    faces = FACES + DIGITS + UNSEEN_DIGITS * (split == "held-out")
    if layout.name == "framed":
        return replace(looks, collapse=False)
    if layout.name == "modern":
        head = str(rng.choice(["#1f5fa8", "#c00000", "#2b2b2b", "#5b9bd5"]))
        return replace(looks, head=head, zebra=True, bold=True)
    if layout.name == "script":
        return replace(looks, digits=str(rng.choice(FACES)), align="left")
    if layout.name == "mixed":
        return replace(looks, digits=str(rng.choice(faces)))
    return looks


def mannered(figures: TableFigures, layout: Layout, rng: np.random.Generator) -> TableFigures:
    """Print counts as people do: thousands parted, signs for nothing mixed, a unit after them."""
    if layout.name not in {"mixed", "modern", "titled", "script"}:
        return figures
    manner = str(rng.choice(["mixed", "thousands", "unit", "wide", "plain"]))
    if layout.name == "mixed":
        manner = "mixed"
    return replace(figures, entries=tuple(_said(entry, manner, rng) for entry in figures.entries))


def _said(entry: Entry, manner: str, rng: np.random.Generator) -> Entry:
    if not entry.printed.isdigit() or entry.address[0] == "procurement":
        return entry
    if manner == "unit":
        return replace(entry, printed=f"{entry.printed}件")
    if manner == "wide":
        return replace(entry, printed="".join(chr(ord(c) + 0xFEE0) for c in entry.printed))
    if entry.printed == "0" and manner == "mixed":
        sign = str(rng.choice(NOTHING))
        return entry if sign == "0" else replace(entry, printed=sign, value=None)
    if manner in {"mixed", "thousands"}:
        return replace(entry, printed=f"{int(entry.printed):,}")
    return entry


def corrections(table: TableFigures, rng: np.random.Generator) -> dict[tuple[str, Address], str]:
    """Return figures that were printed wrong, struck and written anew by hand: what was printed."""
    counts = [entry for entry in table.entries if entry.printed.isdigit()]
    chosen = rng.choice(len(counts), int(rng.integers(1, 4)), replace=False)
    wrong = {}
    for entry in (counts[int(n)] for n in chosen):
        other = int(entry.printed) + int(rng.integers(1, 9))
        wrong[table.table, entry.address] = str(other)
    return wrong


def compose_wider(layout: Layout, content: Content, looks: Looks, rng: np.random.Generator) -> str:
    """Return the HTML of a document in one of the wider layouts."""
    parts = []
    if content.whole:
        parts.append(f"<h1>{content.title}</h1><h3>一、总体情况</h3><p>{PROSE}</p>")
    for table, printed in content.tables:
        if content.whole or layout.name != "titled":
            parts.append(f"<h3>{SECTIONS[table.id]}</h3>" if content.whole else "")
        parts.append(_around(layout, _table(table, printed, layout, content, rng), rng))
    if content.whole:
        parts.append(f"<h3>五、存在的主要问题及改进情况</h3><p>{PROSE}</p>")
    return (
        f"<!DOCTYPE html><meta charset=utf-8><title>{html.escape(content.title)}</title>"
        f"<style>{css(looks, layout)}{_extra(layout, looks, rng)}</style>"
        f"<body>{''.join(parts)}</body>"
    )


def _around(layout: Layout, table: str, rng: np.random.Generator) -> str:
    if layout.name == "beside":
        rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in NEIGHBOUR)
        other = f"<table class='t n'>{rows}</table>"
        both = [table, other] if rng.random() < 0.5 else [other, table]
        return f"<div class=pair>{''.join(both)}</div>"
    if layout.name == "footed":
        page = int(rng.integers(2, 60))
        return (
            f"<div class=run>2023年政府信息公开工作年度报告汇编<span>第 {page} 页</span></div>"
            f"{table}<div class=foot>— {page} —</div>"
        )
    if layout.name == "titled" and rng.random() < 0.5:
        return f"<div class=unit>单位：件</div>{table}<p class=note>{NOTES}</p>"
    return table


def _table(
    table: TableTemplate,
    printed: Mapping[Address, str],
    layout: Layout,
    content: Content,
    rng: np.random.Generator,
) -> str:
    wide = f"colspan={table.columns}"
    lines = [f"<table class='t {table.id}'>"]
    if layout.name == "titled":
        lines.append(f"<tr><td class=top {wide}>{SECTIONS[table.id][2:]}</td></tr>")
        if rng.random() < 0.4:
            lines.append(f"<tr><td class=unit {wide}>单位：件、万元</td></tr>")
    for row in range(table.rows):
        cells = sorted((c for c in table.cells if c.row == row), key=lambda c: c.column)
        inside = "".join(_cell(c, table, printed, content, rng) for c in cells)
        last = " class=last" if row == table.rows - 1 else ""
        lines.append(f"<tr{last}>{inside}</tr>")
    if layout.name == "titled" and rng.random() < 0.5:
        lines.append(f"<tr><td class=note {wide}>{NOTES}</td></tr>")
    return "".join([*lines, "</table>"])


def _cell(
    cell: TemplateCell,
    table: TableTemplate,
    printed: Mapping[Address, str],
    content: Content,
    rng: np.random.Generator,
) -> str:
    span = span_of(cell)
    if cell.address is not None:
        said = html.escape(printed[cell.address])
        wrong = content.struck.get((table.id, cell.address))
        if wrong is not None:
            said = f"{struck(wrong, rng)}{handwritten(said, rng)}"
        link = f"{LINK}{table.id}/{'/'.join(cell.address)}"
        total = " s" if "total" in cell.address[0] or "total" in cell.address[1] else ""
        return f"<td class='f{total}'{span}><a href='{link}'>{said}</a></td>"
    banner = table.id == "t2" and (cell.column > 0 or cell.column_span == table.columns)
    label = "v" if cell.row_span > 1 else "l"
    kind = "h" if banner or cell.row < first_row(table) else label
    return f"<td class={kind}{span}>{html.escape(cell.label)}</td>"


def _extra(layout: Layout, looks: Looks, rng: np.random.Generator) -> str:
    return {
        "titled": """.t td.top{text-align:center;font-size:1.25em;font-weight:bold}
.t td.unit,.unit{text-align:right;font-size:.9em} .note{text-align:left;font-size:.85em;
text-indent:0;margin:2px 0} h3{margin-bottom:2px} table.t{margin:2px 0}""",
        "framed": f"""table.t{{border-collapse:separate;border-spacing:{rng.integers(1, 4)}px}}
.t td{{border:1px {rng.choice(["solid", "inset", "outset"])} #555}}""",
        "modern": """tr:nth-child(even) td{background:#dbe7f5} .t td{border-color:#b4c6e7}
.t td.h{border-color:#fff} .t td.s,.t tr.last td{font-weight:bold}""",
        "footed": """@page{margin:9mm 12mm} table.t{margin:1px 0} .run{border-bottom:1px solid
#000;font-size:.9em} .run span{float:right} .foot{text-align:center;font-size:.9em;margin-top:1px}
h1,h3{margin:2px 0}""",
        "beside": """.pair{display:flex;gap:10px;align-items:flex-start} .pair .n{width:150px;
flex:none} .pair .n td{padding:4px} .t td{padding:1px 2px}""",
        "script": """.t3 td.h,.t td.v{writing-mode:vertical-rl;text-align:center;margin:auto}
.t td.f{padding-left:4px}""",
        "mixed": f".t td.s{{font-weight:bold}} .t td.f{{color:{rng.choice(['#111', '#1f3864'])}}}",
        "spread": "h1{font-size:1.3em}",
        "sideways": f"""body{{padding-left:14px}} body:before{{content:"{BINDING}";position:fixed;
left:-6mm;top:20%;writing-mode:vertical-rl;font-size:{looks.size * 0.8}px;color:#555}}""",
    }.get(layout.name, "")
