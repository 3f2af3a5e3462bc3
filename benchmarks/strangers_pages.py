"""How strangers lay their reports out: web pages, workbooks, prints; none of ``samples``' ways.

Whatever can be drawn by a browser is composed here as HTML; every figure is a link to its own
address, so that a printed PDF tells on which page it stands.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from benchmarks.strangers_spoiling import Medium
    from document.template import Address, TableTemplate, TemplateCell

Split: TypeAlias = Literal["develop", "held-out"]

LINK = "https://figure.invalid/"
FONTS = (
    *("FandolSong", "FandolFang", "FandolHei", "AR PL SungtiL GB", "AR PL UMing CN"),
    *("Noto Sans CJK SC", "Noto Serif CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("AR PL KaitiM GB", "TW-Kai", "LXGW WenKai", "LXGW WenKai Light"),
)
UNSEEN_FONTS = ("AR PL UKai CN", "FandolKai", "LXGW WenKai Mono", "WenQuanYi Zen Hei Sharp")
DIGITS = (
    *("inherit", "inherit", "inherit", "Liberation Serif", "Liberation Sans", "DejaVu Sans"),
    *("Carlito", "Tinos", "DejaVu Serif", "Roboto", "PT Serif", "Open Sans", "FreeSerif"),
    *("Cousine", "STIX", "Lato", "Gentium", "C059"),
)
UNSEEN_DIGITS = ("PT Sans", "Clear Sans", "Roboto Condensed", "CMU Serif", "URW Bookman", "Go")
BORDERS = (
    *("1px solid #000", "1px solid #000", "1px solid #999", "0.67px solid #333", "2px solid #000"),
    *("1px dotted #444", "1px solid #c8c8c8", "3px double #000", "1px solid #3a6ea5"),
)
HEADS = ("none", "none", "#eee", "#d9e2f3", "#f5f5dc", "#c00000", "#1f5fa8", "#5b9bd5")
DARK = frozenset({"#2b2b2b", "#c00000", "#1f5fa8", "#5b9bd5"})
SECTIONS = {
    "t2": "二、主动公开政府信息情况",
    "t3": "三、收到和处理政府信息公开申请情况",
    "t4": "四、政府信息公开行政复议、行政诉讼情况",
}
PROSE = (
    "根据《中华人民共和国政府信息公开条例》的规定，本机关认真做好政府信息公开各项工作，现将有关情况"
    "报告如下。全年围绕中心工作，主动公开各类政府信息，规范依申请公开办理流程，加强信息公开平台建设，"
    "强化监督保障。"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay a report out, and what it can be seen on."""

    name: str
    media: tuple[Medium, ...]
    landscape: bool = False


LAYOUTS = (
    Layout("plain", ("screen", "paper")),
    Layout("portal", ("screen", "paper")),
    Layout("workbook", ("screen", "paper")),
    Layout("narrow", ("screen", "paper")),
    Layout("manners", ("screen", "paper")),
    Layout("open", ("screen", "paper")),
    Layout("word", ("paper",)),
    Layout("printout", ("paper",)),
    Layout("landscape", ("paper",), landscape=True),
    Layout("turned", ("paper",), landscape=True),
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be laid out: tables with what is printed in each place, and words around them.

    ``struck`` holds what was printed first of figures that were put right by hand.
    """

    title: str
    tables: tuple[tuple[TableTemplate, Mapping[Address, str]], ...]
    whole: bool
    struck: Mapping[tuple[str, Address], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a style sheet is made of; lengths in CSS pixels."""

    font: str
    digits: str
    border: str
    size: float
    padding: int
    align: str
    head: str
    zebra: bool
    bold: bool
    caption: bool
    width: int
    line_height: float
    collapse: bool


def draw_looks(rng: np.random.Generator, split: Split, medium: Medium) -> Looks:
    """Draw the looks of a document; the held-out split has fonts of its own, too."""
    held_out = split == "held-out"
    fonts = FONTS + UNSEEN_FONTS * held_out
    digits = DIGITS + UNSEEN_DIGITS * held_out
    paper = medium == "paper"
    return Looks(
        font=str(rng.choice(fonts)),
        digits=str(rng.choice(digits)),
        border=str(rng.choice(BORDERS)),
        size=float(rng.choice([10.5, 12, 13] if paper else [12, 13, 14, 15, 16])),
        padding=int(rng.choice([1, 2, 4] if paper else [1, 2, 4, 7])),
        align=str(rng.choice(["center", "center", "right", "left"])),
        head=str(rng.choice(HEADS)),
        zebra=bool(rng.random() < 0.2),
        bold=bool(rng.random() < 0.3),
        caption=bool(rng.random() < 0.15),
        width=int(rng.choice([640, 680] if paper else [640, 720, 800, 900, 1000])),
        line_height=float(rng.choice([1.2, 1.35] if paper else [1.2, 1.5, 1.8])),
        collapse=bool(rng.random() < 0.85),
    )


def compose(layout: Layout, content: Content, looks: Looks, rng: np.random.Generator) -> str:
    """Return the HTML of a document."""
    body = _body(layout, content, looks)
    if layout.name == "portal":
        body = _portal(content, body)
    extra = _OPEN[rng.integers(len(_OPEN))] if layout.name == "open" else _EXTRA.get(layout.name)
    return (
        f"<!DOCTYPE html><meta charset=utf-8><title>{html.escape(content.title)}</title>"
        f"<style>{css(looks, layout)}{extra or ''}</style><body>{body}</body>"
    )


def _body(layout: Layout, content: Content, looks: Looks) -> str:
    parts = []
    if content.whole:
        parts.append(f"<h1>{content.title}</h1><h3>一、总体情况</h3><p>{PROSE}</p>")
    for table, printed in content.tables:
        if content.whole:
            parts.append(f"<h3>{SECTIONS[table.id]}</h3>")
        heading = looks.caption and not content.whole
        parts.append(_table(table, printed, layout, SECTIONS[table.id][2:] if heading else ""))
    if content.whole:
        parts.append(f"<h3>五、存在的主要问题及改进情况</h3><p>{PROSE}</p>")
        parts.append("<h3>六、其他需要报告的事项</h3><p>无。</p>")
    return "".join(parts)


def first_row(table: TableTemplate) -> int:
    """Return the first row of a table that holds figures."""
    return min(cell.row for cell in table.cells if cell.address)


def _table(
    table: TableTemplate, printed: Mapping[Address, str], layout: Layout, caption: str
) -> str:
    lettered = layout.name == "workbook"
    first = first_row(table)
    lines = [f"<table class='t {table.id}'>", f"<caption>{caption}</caption>" if caption else ""]
    head = first > 1 and layout.name in {"printout", "landscape", "plain", "narrow"}
    lines.append("<thead>" if head else "<tbody>")
    if lettered:
        letters = "".join(f"<td class=x>{chr(65 + n)}</td>" for n in range(table.columns))
        lines.append(f"<tr><td class=x></td>{letters}</tr>")
    for row in range(table.rows):
        if head and row == first:
            lines.append("</thead><tbody>")
        number = f"<td class=x>{row + 2}</td>" if lettered else ""
        cells = sorted((c for c in table.cells if c.row == row), key=lambda c: c.column)
        lines.append(f"<tr>{number}{''.join(_cell(c, table, printed) for c in cells)}</tr>")
    return "".join([*lines, "</tbody></table>"])


def span_of(cell: TemplateCell) -> str:
    """Return the attributes of a cell that covers more than one row or column."""
    span = f" rowspan={cell.row_span}" if cell.row_span > 1 else ""
    return span + (f" colspan={cell.column_span}" if cell.column_span > 1 else "")


def _cell(cell: TemplateCell, table: TableTemplate, printed: Mapping[Address, str]) -> str:
    span = span_of(cell)
    if cell.address is not None:
        said = html.escape(printed[cell.address])
        link = f"{LINK}{table.id}/{'/'.join(cell.address)}"
        return f"<td class=f{span}><a href='{link}'>{said}</a></td>"
    banner = table.id == "t2" and (cell.column > 0 or cell.column_span == table.columns)
    label = "v" if cell.row_span > 1 else "l"
    kind = "h" if banner or cell.row < first_row(table) else label
    return f"<td class={kind}{span}>{html.escape(cell.label)}</td>"


def css(looks: Looks, layout: Layout) -> str:
    """Return the style sheet of a layout, without what is its own."""
    digits = looks.digits if looks.digits == "inherit" else f"'{looks.digits}','{looks.font}'"
    stripes = "tr:nth-child(even) td{background:#f2f2f2}" if looks.zebra else ""
    sheet = "A4 landscape" if layout.landscape else "A4"
    collapse = "collapse" if looks.collapse else "separate"
    ink = "color:#fff;" if looks.head in DARK else ""
    return f"""
@page{{size:{sheet};margin:14mm 15mm}} tr{{break-inside:avoid}} a{{color:inherit;
text-decoration:none}} body{{font-family:'{looks.font}';font-size:{looks.size}px;
line-height:{looks.line_height};background:#fff;color:#111}} h1{{text-align:center;
font-size:1.6em}} p{{text-indent:2em}} table.t{{border-collapse:{collapse};border-spacing:0;
width:100%;margin:12px 0;border:{looks.border}}} .t td{{border:{looks.border};
padding:{looks.padding}px}} {stripes} .t td.f{{text-align:{looks.align};font-family:{digits};
min-width:24px}} .t td.h{{text-align:center;background:{looks.head};{ink}
font-weight:{"bold" if looks.bold else "normal"}}}
@media screen{{body{{width:{looks.width}px;margin:24px}}}} @media print{{body{{margin:0}}}}"""


_EXTRA = {
    "workbook": """.t td{border:1px solid #b7b7b7;padding:0 3px;vertical-align:bottom}
.t td.f{text-align:right} .t td.h{background:#c6e0b4;vertical-align:middle}
.t td.v{writing-mode:vertical-rl;text-align:center;vertical-align:middle;padding:2px 0}
.t td.x{background:#e6e6e6;color:#444;text-align:center;font-size:.8em;padding:0 2px}""",
    "narrow": """table.t{table-layout:fixed;width:560px} .t td{padding:0 1px;font-size:.9em}
.t td.v,.t td.l{overflow-wrap:anywhere} .t3 td.v{writing-mode:vertical-lr;text-align:center;
letter-spacing:.1em} .t td.f{font-size:1em;text-align:center}""",
    "landscape": ".t td.l{white-space:nowrap} .t td{padding:1px 3px}",
    "turned": ".t td{padding:0 3px;font-size:.95em}",
    "portal": """.t td.h{background:#e8f1fb;color:#111} #top{background:#1e62b3;color:#fff;
padding:14px 20px;font-size:1.7em} #bar{background:#2f7fd8;color:#fff;padding:6px 12px;
word-spacing:1.2em} #main{border:1px solid #cfd8e3;margin-top:8px;padding:6px 16px}
#meta{border-top:1px dashed #bbb;border-bottom:1px solid #ddd;color:#888;text-align:center;
font-size:.85em;padding:3px} #foot{border-top:3px solid #1e62b3;margin-top:14px;color:#666;
text-align:center;font-size:.85em;padding:8px} .crumb{color:#555;font-size:.9em}""",
}
_BARE = "table.t,.t td{border:none!important}"
_LINE = ":2px solid #000!important"
_OPEN = (
    f"{_BARE} .t td{{padding:3px 8px}}",
    f"{_BARE} table.t{{border-top{_LINE};border-bottom{_LINE}}} .t td.h{{border-bottom{_LINE}}}",
    f"{_BARE} .t td{{border-bottom:1px solid #bbb!important}}",
)


def _portal(content: Content, body: str) -> str:
    return (
        "<div id=top>青石市人民政府门户网站</div><div id=bar>首页 政务公开 政务服务 互动交流 "
        "走进青石 专题专栏</div><div class=crumb>当前位置：首页 &gt; 政务公开 &gt; 政府信息公开年报"
        f"</div><div id=main><h1>{content.title}</h1><div id=meta>发布日期：2023-01-18 16:42　"
        "来源：市政府办公室　浏览次数：1287　字体：[大 中 小]　[打印]　[关闭]</div>"
        f"{body}</div><div id=foot>主办：青石市人民政府办公室　网站标识码：3702000001　"
        "公安备案 37020002000123号<br>网站地图 | 联系我们 | 版权声明</div>"
    )
