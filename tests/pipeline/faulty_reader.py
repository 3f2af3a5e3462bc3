"""A reader that needs no models: a document says itself what becomes of it.

A document is a text of lines "key value": agency, year, figure, total; and "do", which names
what the reader does: crash, segfault, hang, eat, raise, lie, babble, once (crash the first time).
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import time
from typing import TYPE_CHECKING, Any

from document.errors import InputError, WeightsError
from document.message import NOTHING, Message
from document.report import Cell, Check, Finding, Report, Source, Status, Table

if TYPE_CHECKING:
    from pathlib import Path


def load() -> Any:
    return read


def load_as_told(manner: object) -> Any:
    del manner
    return read


def load_slowly() -> Any:
    def slow(path: Path) -> Any:
        time.sleep(0.1)
        return read(path)

    return slow


def no_weights() -> Any:
    raise WeightsError("weights-missing", Message("没有权重", "the weights are missing"))


def dies_at_start() -> Any:
    os._exit(3)


def read(path: Path) -> Any:
    content = path.read_bytes()
    said = dict(line.split(" ", 1) for line in content.decode("utf-8").splitlines() if line)
    wish = said.get("do", "")
    if wish in ACTS:
        ACTS[wish]()
    # the one thing that a worker can still do to a file of others is to change its mode
    if wish == "once" and path.stat().st_mode & 0o100 == 0:
        path.chmod(0o700)
        os.kill(os.getpid(), 11)
    if wish == "lie":
        return "nonsense"
    if wish == "babble":
        return report_of(path.name, "0" * 64, said)
    return report_of(path.name, hashlib.sha256(content).hexdigest(), said)


def report_of(name: str, sha256: str, said: dict[str, str]) -> Report:
    figure, total = int(said.get("figure", "3")), int(said.get("total", "3"))
    wrong = figure != total
    status = Status.DISPUTED if wrong else Status.READ

    def cell(row: str, value: int) -> Cell:
        return Cell(
            (row, "total"),
            said.get("printed", str(value)),
            value,
            status,
            wrong,
            0.5 if wrong else 0.9999,
            NOTHING,
            None,
            1,
            None,
        )

    table = Table(
        "t4",
        "cn-foi/2021",
        (1,),
        (cell("review", figure), cell("suit_direct", total)),
        (Check("review: total = upheld", not wrong, total, figure),),
    )
    missing = Finding("table-missing", Message("缺少 t3", "t3 is missing"), "t3", wants_person=True)
    return Report(
        Source(name, sha256, 1),
        said.get("agency"),
        int(said["year"]) if "year" in said else None,
        (table,),
        (missing,) if "missing" in said else (),
    )


def _hang() -> None:
    time.sleep(600)


def _eat() -> None:
    held = []
    while True:
        held.append(b"x" * (1 << 24))
        time.sleep(0.005)


def _raise() -> None:
    raise ZeroDivisionError("a bug\nof two lines")  # noqa: TRY003 - an ordinary bug


def _refuse() -> None:
    raise InputError("damaged-pdf", Message("已损坏", "it is damaged"))


def _no_memory() -> None:
    raise MemoryError


ACTS = {
    "crash": lambda: os._exit(7),
    "segfault": lambda: ctypes.string_at(0),
    "hang": _hang,
    "eat": _eat,
    "raise": _raise,
    "refuse": _refuse,
    "no-memory": _no_memory,
}
