"""Reports as strangers make them: layouts, fonts and spoilings that ``samples`` does not have.

``python -m benchmarks.strangers`` draws documents of the held-out split, reads them, and prints for
every kind of layout and of spoiling how many tables are exactly right, how many need no person, how
many are lost, how many figures are sent to a person, and how many are wrong and not flagged, or
changed although read right. ``--split develop`` is for looking at: other documents, fewer fonts.
Exit code 1: a figure was wrong and not flagged, or changed, or a table invented.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.compare import MORTAL, Counts
from benchmarks.documents import ROOT
from benchmarks.printing import print_cases
from benchmarks.reading import Measured, measured
from benchmarks.truth import SUFFIX, read_truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.truth import Truth

CACHE = ROOT / "out" / "strangers"
TEXT = ROOT / "docs" / "benchmarks" / "strangers.txt"
COLUMNS = (
    *("documents", "tables", "exactly right", "no person", "lost"),
    *("figures", "right", "to a person", "WRONG UNFLAGGED", "CHANGED"),
)


def main() -> None:
    """Read the command line, draw what is missing, read it all, and print how it went."""
    asked = _parser().parse_args()
    begun = time.monotonic()
    truths = drawn(asked)
    if asked.draw:
        sys.exit(0)
    done = _read(truths, asked.jobs)
    lines = [
        f"python -m benchmarks.strangers {' '.join(sys.argv[1:])}".rstrip(),
        f"{datetime.now(UTC):%Y-%m-%d}, commit {_commit()}, {time.monotonic() - begun:.0f} s",
        "",
        *table(done, {truth.path.name: truth for truth in truths}),
    ]
    print("\n".join(lines))
    cases = [case for one in done for case in one.cases]
    print_cases(cases, everything=asked.everything)
    if asked.text:
        asked.text.write_text("\n".join(lines) + "\n", "utf-8")
    sys.exit(1 if any(case.fault in MORTAL for case in cases) else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.strangers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--split", choices=("held-out", "develop"), default="held-out")
    add("--seed", type=int, default=1)
    add("--count", type=int, default=90, help="documents; 90 have each spoiling five times")
    add("--first", type=int, default=0, help="number of the first of them (default: 0)")
    add("--only", help="only documents whose name holds this (a layout or a spoiling)")
    add("--draw", action="store_true", help="draw them, and do no more")
    add("--jobs", type=int, default=1, help="processes, each with one thread (default: 1)")
    add("--cache", type=Path, default=CACHE, help="where drawn documents are kept")
    add("--text", type=Path, nargs="?", const=TEXT, help=f"write the table, too ({TEXT.name})")
    add("--everything", action="store_true", help="list misread but flagged figures too")
    return parser


def drawn(asked: argparse.Namespace) -> list[Truth]:
    """Return the wanted documents, after drawing those that are not kept from before."""
    # Imported only here: what is drawn needs neither browser nor word processor.
    from benchmarks.strangers_drawing import Order, draw  # noqa: PLC0415
    from benchmarks.strangers_press import Press  # noqa: PLC0415

    folder = asked.cache / _program()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(asked.first, asked.first + asked.count)
    orders = [Order(asked.split, asked.seed, number) for number in numbers]
    orders = [order for order in orders if not asked.only or asked.only in order.stem]
    missing = [order for order in orders if not (folder / f"{order.stem}{SUFFIX}").exists()]
    if missing:
        print(f"drawing {len(missing)} documents in {folder}", file=sys.stderr)
        with Press() as press:
            for order in missing:
                draw(order, folder, press)
    return [read_truth(folder / f"{order.stem}{SUFFIX}") for order in orders]


def _read(truths: Sequence[Truth], processes: int) -> list[Measured]:
    done = []
    with (
        tempfile.TemporaryDirectory() as results,
        closing(measured(truths, Path(results), processes)) as reading,
    ):
        for _, one in reading:
            done.append(one)
            counts, faults = one.counts, " ".join(sorted({case.fault for case in one.cases}))
            print(
                f"{one.document} {one.status} {counts.right}/{counts.cells} right,"
                f" {counts.review} to a person, {one.seconds:.1f} s {faults}".rstrip(),
                file=sys.stderr,
                flush=True,
            )
    return sorted(done, key=lambda one: one.document)


def table(done: Iterable[Measured], truths: Mapping[str, Truth]) -> list[str]:
    """Return the printed table: a line a layout, a spoiling, a grade of spoiling, and all."""
    groups: dict[str, dict[str, list[Measured]]] = {
        name: defaultdict(list) for name in ("layout", "spoiling", "grade", "")
    }
    for one in done:
        layout, spoiling = truths[one.document].seen_as.split()
        for name, kind in (("layout", layout), ("spoiling", spoiling), ("grade", one.severity)):
            groups[name][kind].append(one)
        groups[""]["all"].append(one)
    rows: list[tuple[str, ...]] = [("", *COLUMNS)]
    for name, kinds in groups.items():
        rows += [_row(f"{name} {kind}".strip(), ones) for kind, ones in sorted(kinds.items())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    ]


def _row(name: str, ones: Sequence[Measured]) -> tuple[str, ...]:
    total = sum((one.counts for one in ones), Counts())
    lost = sum(case.fault == "lost" for one in ones for case in one.cases)
    return (
        name,
        *(str(n) for n in (total.documents, total.tables, total.tables_right)),
        *(str(n) for n in (total.tables_finished, lost, total.cells, total.right, total.review)),
        *(str(n) for n in (total.silent, total.changed)),
    )


def _program() -> str:
    """Return a name for the program that draws, which changes whenever any of it does."""
    digest = hashlib.sha256()
    for path in (
        *sorted((ROOT / "benchmarks").glob("strangers_*.py")),
        ROOT / "samples" / "figures.py",
        *sorted((ROOT / "reconstruct" / "forms").glob("cn-foi-20*.toml")),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _commit() -> str:
    said = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
