"""``gouji backup`` and ``gouji rescue``: what people decided outlasts disks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.speech import plain
from document.errors import GoujiError
from document.message import Language, Message
from pipeline.keeping import backup, is_sound, rescue

if TYPE_CHECKING:
    from pathlib import Path


def run_backup(run: Path, output: Path, language: Language) -> int:
    """Copy a run's journal; returns the exit code."""
    try:
        size = backup(run, output)
    except GoujiError as error:
        return _complain(error, language)
    said = Message(
        f"已备份到 {output}（{size:,} 字节）。恢复：新建文件夹，把它复制为其中的 journal.sqlite",
        f"backed up to {output} ({size:,} bytes). To restore it: make a folder, and copy it there "
        "as journal.sqlite",
    )
    print(plain(said.say(language)))  # noqa: T201 - the command's answer
    return 0


def run_rescue(run: Path, output: Path, language: Language) -> int:
    """Begin a journal with what can be had of a damaged one; returns 1 where something is lost."""
    try:
        if is_sound(run):
            said = Message("记录完好，无需抢救", "the journal is sound: there is nothing to rescue")
            print(said.say(language))  # noqa: T201
            return 0
        found = rescue(run, output)
    except GoujiError as error:
        return _complain(error, language)
    for table, rows in found.rows.items():
        lost = found.lost[table]
        line = Message(
            f"{table:<12} 取回 {rows:>8}，丢失 {lost}", f"{table:<12} {rows:>8} had, {lost} lost"
        )
        print(line.say(language))  # noqa: T201
    said = Message(
        f"已取回到 {output}：请以同一命令对它再次运行 gouji batch，读回缺少的结果",
        f"rescued into {output}: run gouji batch with it again, which reads what is missing",
    )
    print(plain(said.say(language)))  # noqa: T201
    return 1 if any(found.lost.values()) else 0


def _complain(error: GoujiError, language: Language) -> int:
    for line in error.message.say(language).splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
    return 2 if error.code in {"not-a-run", "journal-there"} else 1
