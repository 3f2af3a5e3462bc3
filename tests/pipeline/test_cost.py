"""The price of a page: what reading costs, beside a fixed piece of work in the same process.

CPU seconds differ from machine to machine, and with what else runs; their ratio to work of the
same kind does so far less, above all where the cheapest of several turns is taken of both. The
limits lie about two thirds above what was measured when they were set. What can be counted is
counted: that is exact.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
import pytest

from layout.characters import em_of
from models.sessions import infer
from ocr import ink, kept
from ocr.digits import read_figures
from ocr.labels import GLANCING, LabelReader
from pipeline.intake import open_document
from pipeline.recover import Readers, recover
from reconstruct import register
from reconstruct.templates import builtin
from reconstruct.wording import phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from document.reading import Reading
    from document.report import Report
    from ocr.labels import TextLine

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "samples" / "documents" / "demo.pdf"
TURNS, TRIES = 3, 3


@dataclass
class Recorded:
    """Reads labels and figures, and keeps what it was shown and what it said."""

    asked: list[tuple[str, list[NDArray[np.uint8]]]] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)
    cells: list[NDArray[np.uint8]] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    reader: LabelReader = field(default_factory=lambda: LabelReader(1))

    def knowing(self, phrases: Iterable[str]) -> Recorded:
        self.reader = self.reader.knowing(phrases)
        return self

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return self.kept("read", crops)

    def read_labels(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return self.kept("read_labels", crops)

    def skim(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return self.kept("skim", crops)

    def glance(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine | None, ...]:
        return self.kept("glance", crops)

    def kept(self, how: str, crops: Sequence[NDArray[np.uint8]]) -> tuple[Any, ...]:
        found: tuple[Any, ...] = getattr(self.reader, how)(crops)
        self.asked.append((how, [crop.copy() for crop in crops]))
        self.said += found
        return found

    def figures(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[Reading, ...]:
        found = read_figures(crops, 1)
        self.cells += [crop.copy() for crop in crops]
        self.readings += found
        return found


@dataclass
class Repeated:
    """Says again what was said, at no cost: what is left is everything but reading."""

    record: Recorded
    at: Iterator[int] = field(default_factory=count)
    cell: Iterator[int] = field(default_factory=count)

    def knowing(self, _: Iterable[str]) -> Repeated:
        return self

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        return tuple(self.record.said[next(self.at)] for _ in crops)

    read_labels = skim = glance = read

    def figures(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[Reading, ...]:
        return tuple(self.record.readings[next(self.cell)] for _ in crops)


def read_with(labels: Any, figures: Callable[..., tuple[Reading, ...]]) -> Report:
    readers = Readers(cast("LabelReader", labels), figures)
    return recover(open_document(DEMO), templates=builtin(), readers=readers)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.fixture(scope="module")
def record(one_thread: None) -> Recorded:  # noqa: ARG001 - it is wanted for what it does
    record = Recorded()
    read_with(record, record.figures)
    return record


def read_again(record: Recorded) -> None:
    """Read what was asked for once more, by a reader that has read nothing before."""
    reader = LabelReader(1).knowing(phrases(builtin()))
    for how, crops in record.asked:
        getattr(reader, how)(crops)


def pixels() -> None:
    """Work as the geometry of a page does: filters, components, sorting, and plain Python."""
    rng = np.random.default_rng(1)
    page = cv2.GaussianBlur(rng.integers(0, 256, (1754, 1240), np.uint8), (0, 0), 6)
    for size in (25, 75):
        cv2.morphologyEx(page, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    cv2.boxFilter(page, cv2.CV_32F, (41, 1))
    cv2.connectedComponentsWithStats((page > np.median(page)).astype(np.uint8))
    np.sort(page.astype(np.float32), axis=1)
    words: dict[str, int] = {}
    for number in range(60_000):
        word = str(number % 997)
        words[word] = words.get(word, 0) + len(word)


def network() -> None:
    """Work as the readers do: 2,560 columns of labels, through the same network."""
    for _ in range(2):
        infer("ppocr-v6-small-rec", np.zeros((4, 3, 48, 320), np.float32), 1)


def counting(
    columns: dict[str, int], reader: str, name: str, batch: NDArray[np.float32], threads: int
) -> NDArray[np.float32]:
    columns["glance" if name == GLANCING else reader] += batch.shape[0] * batch.shape[3]
    return np.asarray(infer(name, batch, threads), np.float32)


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def price(stage: Callable[[], object], reference: Callable[[], object], limit: float) -> float:
    """Return how often ``reference`` the stage costs, the least of three tries if need be."""
    least = float("inf")
    for _ in range(TRIES):
        costs = [(spent(stage), spent(reference)) for _ in range(TURNS)]
        least = min(least, min(c for c, _ in costs) / min(c for _, c in costs))
        if least <= limit:
            break
    return least


def forget() -> None:
    """Forget what was remembered of the turn before: a document comes once."""
    register._identified.cache_clear()  # noqa: SLF001
    ink._FOUND.clear()  # noqa: SLF001
    kept.forget()


def test_everything_but_reading(record: Recorded) -> None:
    def stage() -> None:
        forget()
        again = Repeated(record)
        read_with(again, again.figures)

    assert price(stage, pixels, EVERYTHING_ELSE) <= EVERYTHING_ELSE


def test_reading_labels(record: Recorded) -> None:
    def stage() -> None:
        read_again(record)

    assert price(stage, network, LABELS) <= LABELS


def test_reading_figures(record: Recorded) -> None:
    def stage() -> None:
        forget()
        read_figures(record.cells, 1)

    assert price(stage, network, FIGURES) <= FIGURES


def test_starting_up() -> None:
    """What a command loads before it reads, beside what numpy and OpenCV take to load."""

    def loaded(program: str) -> float:
        started = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        _, status, usage = os.wait4(started.pid, 0)
        assert status == 0
        return usage.ru_utime + usage.ru_stime

    ours = "import cli.read; from pipeline.recover import load_readers; load_readers(1)"
    costs = [(loaded(ours), loaded("import numpy, cv2")) for _ in range(TURNS)]
    assert min(c for c, _ in costs) / min(c for _, c in costs) <= STARTING


def test_no_heavy_package_is_loaded_to_read_a_scan() -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from pipeline.reading import Manner, load_reader\n"
        f"load_reader(Manner())(Path({str(DEMO.with_name('wendeng-2022-t4.png'))!r}))\n"
        "heavy = {'paddle', 'paddleocr', 'paddlex', 'torch', 'sklearn', 'scipy', 'pandas',"
        " 'fastapi', 'sqlalchemy', 'openpyxl', 'rapidocr'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[-2] == "[]"


def test_the_command_that_reads_loads_no_journal(tmp_path: Path) -> None:
    page = DEMO.with_name("wendeng-2022-t4.png")
    program = (
        "import sys\n"
        f"sys.argv = ['gouji', 'read', {str(page)!r}, '-o', {str(tmp_path)!r}]\n"
        "from cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'sqlalchemy', 'openpyxl', 'fastapi', 'ortools', 'scipy', 'sklearn'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[-2] == "[]"


def test_what_is_read_and_measured_is_bounded(
    record: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns: dict[str, int] = {"labels": 0, "general": 0, "glance": 0}
    for reader in ("labels", "general"):
        monkeypatch.setattr(f"ocr.{reader}.infer", partial(counting, columns, reader))
    read_again(record)
    read_figures(record.cells, 1)
    # of three pages; an A4 page has 1,700 at that height a line of text
    assert columns["labels"] <= LABEL_COLUMNS
    assert columns["glance"] <= GLANCE_COLUMNS
    assert columns["general"] <= FIGURE_COLUMNS
    # what the form has, each once; an amount in a little doubt is read again, softer and bolder
    assert 200 <= len(record.cells) <= 200 + 2 * 2

    made = []

    def counted(ink: NDArray[np.uint8], *known: NDArray[np.uint8] | None) -> float | None:
        made.append(ink.shape)
        return em_of(ink, *known)

    monkeypatch.setattr("layout.tone.em_of", counted)
    again = Repeated(record)
    read_with(again, again.figures)
    assert len(made) <= 2 * 6  # twice a tone; two tones for each page that is straightened


EVERYTHING_ELSE, LABELS, FIGURES, STARTING = 66.0, 17.5, 9.5, 11.0
"""Measured under a load of ten: 54 (57, 64 before), 10.6, 5.6 (6.4 before), and 6.2."""

LABEL_COLUMNS, GLANCE_COLUMNS, FIGURE_COLUMNS = 19_500, 21_000, 8_800
"""Measured: 16,624, 18,224 at less than half of their price, and 7,680. Of the labels 11,168 are
the prose, which is read because a figure of this document is in doubt."""
