"""Files that change, vanish or turn into something else while they are read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from document.report import Report
from pipeline.batch import Wish, read_one
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.intake import Document

DEMO = Path(__file__).parents[2] / "samples" / "documents" / "demo.pdf"


def _another(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\nanother")


def _one_byte(path: Path) -> None:
    """Change a byte and leave size and time as they were."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    content[-7] ^= 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_another, "changed-file"),
        (_one_byte, "changed-file"),
        (lambda path: path.write_bytes(b""), "empty-file"),
        (lambda path: path.unlink(), "missing-file"),
        (_pipe, "not-a-file"),
    ],
    ids=["replaced", "one-byte", "emptied", "gone", "pipe"],
)
def test_no_result_stands_for_a_file_that_is_not_there_any_more(
    tmp_path: Path, act: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "scan.pdf"
    shutil.copy(DEMO, path)

    def recover(document: Document) -> Report:
        act(path)
        return Report(document.source, None, None, (), ())

    wish = Wish(tmp_path, frozenset({"json"}), "en", builtin())
    outcome = read_one(path, "scan", recover, wish)
    (finding,) = outcome.report.findings
    assert outcome.failed
    assert finding.code == code


def test_pages_of_a_file_that_vanishes_fail_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    shutil.copy(DEMO, path)

    def recover(document: Document) -> Report:
        path.unlink()
        list(document.pages())
        return Report(document.source, None, None, (), ())

    wish = Wish(tmp_path, frozenset({"json"}), "en", builtin())
    (finding,) = read_one(path, "scan", recover, wish).report.findings
    assert finding.code in {"missing-file", "unreadable-file"}
