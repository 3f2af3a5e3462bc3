"""A template as a web page: the empty form, its addresses, and its equations in words."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from document.template import TableTemplate, Template, TemplateCell

_STYLE = """
body { font-family: "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; margin: 2em auto;
  max-width: 62em; color: #000; background: #fff }
table { border-collapse: collapse; width: 100%; margin: .5em 0 1em }
td { border: 1px solid #000; padding: .25em .4em; height: 1.5em; text-align: center }
td.label { text-align: left }
td.figure { color: #777; font: .72em monospace; overflow-wrap: anywhere }
li { font-family: monospace; margin: .2em 0 }
@media print { ol, p { display: none } td.figure { color: transparent } }
"""


def to_html(template: Template, *, blank: bool = False) -> str:
    """Return a page with every table of ``template`` as it is printed.

    The places of figures show their addresses; nothing where ``blank``. On paper they are empty
    either way.
    """
    title = html.escape(template.title)
    parts = ["<!DOCTYPE html>", '<html lang="zh"><head><meta charset="utf-8">']
    parts.append(f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>")
    for table in template.tables:
        parts += _table(table, blank=blank)
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


def _table(table: TableTemplate, *, blank: bool) -> Iterable[str]:
    body = min((cell.row for cell in table.figures), default=table.rows)
    yield f"<h2>{html.escape(table.headings[0])}</h2>"
    yield f"<p>{html.escape(table.id)}</p>"
    yield "<table>"
    for row in range(table.rows):
        cells = (cell for cell in table.cells if cell.row == row)
        yield "<tr>" + "".join(_cell(cell, body, blank=blank) for cell in cells) + "</tr>"
    yield "</table>"
    spoken = [*(e.name for e in table.equations), *(r.name for r in table.relations)]
    if spoken and not blank:
        yield "<ol>" + "".join(f"<li>{html.escape(one)}</li>" for one in spoken) + "</ol>"


def _cell(cell: TemplateCell, body: int, *, blank: bool) -> str:
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    if cell.address is None:
        kind = "header" if cell.row < body else "label"
        return f'<td class="{kind}"{spans}>{html.escape(cell.label)}</td>'
    address = ".".join(cell.address)
    shown = "" if blank else html.escape(address)
    title = html.escape(f"{address} ({cell.type})", quote=True)
    return f'<td class="figure"{spans} title="{title}">{shown}</td>'
