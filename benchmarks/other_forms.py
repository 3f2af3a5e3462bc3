"""Two forms nothing like the first, known from their template files alone: how well they are read.

``python -m benchmarks.other_forms`` draws held-out documents of every form in samples/forms (fonts
and scanners of the split ``bench``), reads them with the whole pipeline, and prints what
``python -m benchmarks.accuracy`` prints of the first form. Exit code 1: a figure was wrong and not
flagged, or changed although it was read right, or a mistake of a page was mended.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from benchmarks.clock import cpu_seconds
from benchmarks.compare import MORTAL, compare
from benchmarks.documents import ROOT
from benchmarks.printing import print_cases, print_results
from benchmarks.reading import Measured
from benchmarks.truth import SUFFIX, read_truth
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct.templates import builtin
from samples.forms.generate import FORMS, form, generate
from samples.recipe import Severity

if TYPE_CHECKING:
    from benchmarks.truth import Truth
    from document.template import Template
    from pipeline.recover import Readers
    from samples.style import Split

CACHE = ROOT / "out" / "other-forms"


def main() -> None:
    """Read the command line, draw what is missing, read it all, and print how it went."""
    asked = _parser().parse_args()
    begun = time.monotonic()
    readers = load_readers(1)
    outcome: dict[str, list[Measured]] = defaultdict(list)
    wanted: dict[str, int] = {}
    for name in asked.form:
        templates = (form(name), *builtin())
        for severity in asked.severity:
            group = f"{name.partition('-')[0]} {severity}"
            truths = _truths(asked, name, severity)
            wanted[group] = len(truths)
            for truth in truths:
                one = _measured(truth, templates, readers)
                outcome[group].append(one)
                faults = " ".join(sorted({case.fault for case in one.cases}))
                print(truth.path.name, one.counts.right, one.counts.cells, faults, file=sys.stderr)
    print_results(outcome, wanted)
    cases = [case for ones in outcome.values() for one in ones for case in one.cases]
    print_cases(cases, everything=asked.everything)
    print(f"\n{sum(wanted.values())} documents, {time.monotonic() - begun:.0f} s")
    sys.exit(1 if any(case.fault in MORTAL for case in cases) else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.other_forms",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--form", nargs="+", choices=FORMS, default=FORMS)
    add("--count", type=int, default=12, help="documents per form and severity (default: 12)")
    add("--severity", nargs="+", choices=get_args(Severity), default=("L0", "L1", "L2"))
    add("--split", choices=("bench", "develop"), default="bench")
    add("--seed", type=int, default=1)
    add("--cache", type=Path, default=CACHE, help="where drawn documents are kept")
    add("--everything", action="store_true", help="list misread but flagged figures too")
    return parser


def _truths(asked: argparse.Namespace, name: str, severity: Severity) -> list[Truth]:
    """Return the wanted documents, after drawing those that are not kept from before."""
    folder = asked.cache / _program()
    split: Split = asked.split
    stems = [f"{name}-{split}-{severity}-{asked.seed}-{n:03d}" for n in range(asked.count)]
    paths = [folder / f"{stem}{SUFFIX}" for stem in stems]
    first = next((n for n, path in enumerate(paths) if not path.exists()), asked.count)
    if first < asked.count:
        for _ in generate(folder, name, split, range(first, asked.count), (severity,), asked.seed):
            pass
    return [read_truth(path) for path in paths]


def _measured(truth: Truth, templates: tuple[Template, ...], readers: Readers) -> Measured:
    begun = cpu_seconds()
    report = recover(open_document(truth.path), templates=templates, readers=readers)
    seconds = cpu_seconds() - begun
    counts, cases = compare(report, truth, templates)
    return Measured(truth.path.name, truth.severity, report.status, counts, cases, seconds)


def _program() -> str:
    """Return a name for the program that draws, which changes whenever any of it does."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "samples").rglob("*.py")):
        digest.update(path.read_bytes())
    for path in sorted((ROOT / "samples" / "forms").glob("*.toml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    main()
