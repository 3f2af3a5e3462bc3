"""``gouji batch``: what was asked for, how far it is, and the exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from cli.speech import plain
from document.errors import GoujiError, InputError
from document.message import Language, Message
from pipeline.allowance import parse_limits
from pipeline.pool import Limits, labour
from pipeline.pool_ray import labour_on_cluster
from pipeline.reading import Manner, load_reader
from pipeline.run import Ended, Event, Listed, Order, Refused, Tally, run_batch
from pipeline.settings import settings_of
from reconstruct.templates import load

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.prose import Prose

Log: TypeAlias = Literal["bar", "json"]

_WORKER = 2 << 30
"""Bytes of memory to be had for a worker."""

ALL_READ, SOME_FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of ``gouji batch``. ``workers`` None leaves the number to Gouji.

    ``ray_address`` is where the cluster is that works instead; "" for one on this machine, None
    for no cluster.
    """

    inputs: tuple[Path, ...]
    run: Path
    workers: int | None
    time_limit: float
    memory_limit: int
    limits: tuple[str, ...]
    retry_failed: bool
    redo_changed: bool
    dpi: int | None
    templates: tuple[Path, ...]
    prose: Prose
    log: Log | None
    language: Language
    journal: str | None = None
    ray_address: str | None = None


def run(options: Options) -> int:
    """Read whatever of the inputs is not read yet; returns the exit code."""
    language = options.language
    templates = tuple(path.absolute() for path in options.templates)
    try:
        forms = tuple(load(path) for path in templates)
        allowance, bounds = parse_limits(options.limits)
        settings = settings_of(templates, options.dpi, options.prose)
    except GoujiError as error:
        return _complain(error.message, language, WRONG_CALL)
    order = Order(
        inputs=options.inputs,
        run=options.run,
        load=partial(load_reader, Manner(forms, options.dpi, options.prose, allowance)),
        settings=settings,
        limits=Limits(
            workers=options.workers or _workers(),
            seconds=options.time_limit,
            mib=options.memory_limit,
        ),
        retry_failed=options.retry_failed,
        redo_changed=options.redo_changed,
        allowance=allowance,
        bounds=bounds,
        journal=options.journal,
        labour=labour
        if options.ray_address is None
        else partial(labour_on_cluster, address=options.ray_address or None),
    )
    signal.signal(signal.SIGTERM, _interrupt)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers look there before they load anything
    log = options.log or ("bar" if sys.stderr.isatty() else "json")
    with _Screen(log, language) as screen:
        try:
            tally = run_batch(order, screen.tell)
        except InputError as error:
            return _complain(error.message, language, WRONG_CALL)
        except GoujiError as error:
            return _complain(error.message, language, SOME_FAILED)
        except KeyboardInterrupt:
            interrupted = Message(
                "已中断，已读的都已记录：再次运行同一命令即可继续",
                "interrupted; what was read is kept: run the same command to go on",
            )
            return _complain(interrupted, language, INTERRUPTED)
        screen.finish(tally, options.run)
    return SOME_FAILED if tally.failed or tally.refused else ALL_READ


def _workers() -> int:
    """Return a worker for every core, as each keeps to one, and as many as memory allows."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(os.cpu_count() or 1, memory // _WORKER))


def _interrupt(number: int, frame: object) -> None:
    """End on SIGTERM as on Ctrl-C."""
    del number, frame
    raise KeyboardInterrupt


class _Screen:
    """Says how far the batch is: bars for people, or a line of JSON for every event."""

    def __init__(self, log: Log, language: Language) -> None:
        self._log, self._language = log, language
        self._start = time.monotonic()
        self._repaired = self._review = self._failed = 0
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=log == "json",
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, *reason: object) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def tell(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Listed):
            self._listed(event)
        elif isinstance(event, Refused):
            refusal = event.refusal
            self._print(
                "refused",
                f"{refusal.place}: {refusal.message.say(self._language)}",
                file=refusal.place,
                code=refusal.code,
                message=refusal.message.say(self._language),
            )
        else:
            self._ended(event)

    def finish(self, tally: Tally, run: Path) -> None:
        """Say how all documents stand."""
        seconds = time.monotonic() - self._start
        if self._log == "json":
            self._print("finished", "", **asdict(tally), seconds=round(seconds, 3))
            return
        self._progress.stop()
        said = Message(
            f"文件 {tally.documents}：无误 {tally.clean}，已修复 {tally.repaired}，待核对 "
            f"{tally.review}，失败 {tally.failed}；无法打开 {tally.refused}。"
            f"下一步：gouji export {run} --to xlsx",
            f"{tally.documents} documents: {tally.clean} clean, {tally.repaired} repaired, "
            f"{tally.review} to review, {tally.failed} failed; {tally.refused} inputs refused. "
            f"Next: gouji export {run} --to xlsx",
        )
        print(plain(said.say(self._language)))  # noqa: T201 - the command's answer

    def _listed(self, event: Listed) -> None:
        said = Message(
            f"文件 {event.documents}（重复 {event.copies}），待读 {event.to_read}；"
            f"其他类型的文件 {event.passed_over} 个未取",
            f"{event.documents} documents ({event.copies} copies), {event.to_read} to read; "
            f"{event.passed_over} files of other kinds passed over",
        ).say(self._language)
        if event.other_settings:
            said += Message(
                f"；{event.other_settings} 个结果出自其他设置，保留不动"
                "（重读请加 --redo changed-settings）",
                f"; {event.other_settings} results came with other settings and are kept "
                "(to read them again: --redo changed-settings)",
            ).say(self._language)
        self._print("listed", said, **asdict(event))
        if event.to_read:
            self._task = self._progress.add_task("", total=event.to_read, rate="")
            self._begun = time.monotonic()

    def _ended(self, event: Ended) -> None:
        message = event.finding.message.say(self._language) if event.finding else None
        final = event.status is not None
        if self._log == "json" or message is not None:
            again = Message("（稍后单独重试）", " (to be tried again, alone)").say(self._language)
            self._print(
                "document" if final else "again",
                f"{event.place}: {message}" + ("" if final else again),
                file=event.place,
                sha256=event.sha256,
                outcome=event.outcome,
                status=event.status,
                repaired=event.repaired,
                review=event.review,
                seconds=round(event.seconds, 3),
                message=message,
            )
        if not final or self._task is None:
            return
        self._repaired += event.status == "repaired"
        self._review += event.status == "review"
        self._failed += event.status == "failed"
        done = self._progress.tasks[0].completed + 1
        rate = done / max(0.001, time.monotonic() - self._begun) * 60
        counts = Message(
            f"修复 {self._repaired} 待核对 {self._review} 失败 {self._failed}",
            f"repaired {self._repaired}, to review {self._review}, failed {self._failed}",
        ).say(self._language)
        per_minute = Message(f"{rate:.1f} 份/分", f"{rate:.1f}/min").say(self._language)
        self._progress.update(self._task, advance=1, description=counts, rate=per_minute)

    def _print(self, event: str, text: str, **facts: Any) -> None:
        if self._log == "json":
            line = json.dumps({"event": event, **facts}, ensure_ascii=False)
            print(line.encode("utf-8", "replace").decode("utf-8"), flush=True)  # noqa: T201
        else:
            self._console.print(Text(plain(text)), soft_wrap=True)


def _complain(message: Message, language: Language, code: int) -> int:
    for line in message.say(language).splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
    return code
