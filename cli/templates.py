"""``gouji templates``: all faults of a template file together, with their places."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.speech import plain
from document.errors import TemplateError
from document.message import Language, Message
from reconstruct.templates import load

if TYPE_CHECKING:
    from pathlib import Path


def run(paths: tuple[Path, ...], language: Language) -> int:
    """Check template files; returns 1 where one has faults."""
    code = 0
    for path in paths:
        try:
            template = load(path)
        except TemplateError as error:
            code = 1
            for line in error.message.say(language).splitlines():
                print(plain(line), file=sys.stderr)  # noqa: T201
            continue
        print(plain(f"{path}: {template.id} {template.title}"))  # noqa: T201
        for table in template.tables:
            figures, equations = len(table.figures), len(table.equations)
            said = Message(
                f"  {table.id}：{table.rows} 行 {table.columns} 列，"
                f"数字 {figures} 个，等式 {equations} 条",
                f"  {table.id}: {table.rows} × {table.columns}, "
                f"{figures} figures, {equations} equations",
            )
            print(plain(said.say(language)))  # noqa: T201
    return code
