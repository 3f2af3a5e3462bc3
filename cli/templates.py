"""``gouji template``: checks template files, draws their forms, drafts new ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.speech import plain
from document.errors import GoujiError, OutputError
from document.message import Language, Message
from reconstruct.templates import examined, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from document.template import TableTemplate, Template

PICTURES = (".png", ".pdf")


def run(paths: tuple[Path, ...], language: Language) -> int:
    """Check template files; returns 1 where one has faults."""
    code = 0
    for path in paths:
        template, faults = examined(path)
        if faults or template is None:
            code = 1
            for fault in faults:
                _complain(fault.message.say(language))
            continue
        print(plain(f"{path}: {template.id} {template.title}"))  # noqa: T201
        for table in template.tables:
            print(plain(_summary(table).say(language)))  # noqa: T201
    return code


def _summary(table: TableTemplate) -> Message:
    figures, equations, relations = (
        len(table.figures),
        len(table.equations),
        len(table.relations),
    )
    spoken_of = {address for equation in table.equations for address in equation.cells}
    alone = sum(cell.address not in spoken_of for cell in table.figures)
    zh = f"  {table.id}：{table.rows} 行 {table.columns} 列，数字 {figures} 个，等式 {equations} 条"
    en = f"  {table.id}: {table.rows} × {table.columns}, {figures} figures, {equations} equations"
    if relations:
        zh, en = f"{zh}，其他关系 {relations} 条", f"{en}, {relations} other relations"
    if alone:
        zh = f"{zh}；{alone} 个数字不在任何等式中，误读只能靠读数本身发现"
        en = f"{en}; {alone} figures stand in no equation, which leaves their readings unproved"
    return Message(zh, en)


def draw(
    path: Path, output: Path | None, font: Path | None, language: Language, *, blank: bool
) -> int:
    """Draw the empty form of a template file; returns 1 where that cannot be done."""
    target = output or path.with_suffix(".html")
    try:
        template = load(path)
        _draw(template, target, font, blank=blank)
    except GoujiError as error:
        _complain(error.message.say(language))
        return 1
    print(plain(str(target)))  # noqa: T201
    return 0


def _draw(template: Template, target: Path, font: Path | None, *, blank: bool) -> None:
    from pipeline.writing import write  # noqa: PLC0415 - start fast

    kind = target.suffix.lower()
    if kind in {".html", ".htm"}:
        from pipeline.template_html import to_html  # noqa: PLC0415

        write(target, to_html(template, blank=blank).encode("utf-8"))
    elif kind in PICTURES:
        from pipeline.template_picture import encoded, find_font, pages_of  # noqa: PLC0415

        pages = pages_of(template, font or find_font())
        if kind == ".png" and len(pages) > 1:
            for table, page in zip(template.tables, pages, strict=True):
                write(target.with_stem(f"{target.stem}-{table.id}"), encoded([page], kind))
        else:
            write(target, encoded(pages, kind))
    else:
        message = Message(
            f"{target}：只能输出 .html、.png 或 .pdf",
            f"{target}: only .html, .png and .pdf can be drawn",
        )
        raise OutputError("template-format", message)


def new(scans: Sequence[Path], output: Path | None, language: Language) -> int:
    """Draft a template from scans of one form; returns 1 where no table is found."""
    from pipeline.draft_template import drafted  # noqa: PLC0415 - start fast
    from pipeline.writing import write  # noqa: PLC0415

    try:
        text = drafted(scans, language)
        if output is None:
            print(text, end="")  # noqa: T201
        else:
            write(output, text.encode("utf-8"))
            print(plain(str(output)))  # noqa: T201
    except GoujiError as error:
        _complain(error.message.say(language))
        return 1
    return 0


def _complain(text: str) -> None:
    for line in text.splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
