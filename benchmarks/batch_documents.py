"""What a batch is measured on: documents as folders hold them, drawn once and given many times.

The mix: three lone tables scanned well, middling and badly to one printed PDF and less than one
whole report that was scanned, page for page what agencies put on their sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {".pdf", ".png", ".jpg", ".tiff"}
MIX = (
    ("lone tables, scanned (L0, L1, L2)", "develop-table-*", 15),
    ("printed PDFs", "printed-*", 6),
    ("whole reports, scanned (L0, L1)", "develop-report-*", 4),
)
"""What is drawn: words for it, the names of its files, how many."""
SEED = 500


def described(folder: Path) -> str:
    """Return the mix of drawn documents in words; empty for a folder of other ones."""
    counts = [(words, len(documents(folder, names))) for words, names, _ in MIX]
    whole = sum(count for _, count in counts)
    return ", ".join(f"{count / whole:.0%} {words}" for words, count in counts) if whole else ""


def documents(folder: Path, names: str = "*") -> list[Path]:
    """Return the documents of a folder, in the order of their names."""
    return sorted(path for path in folder.glob(names) if path.suffix in KINDS)


def draw(folder: Path) -> None:
    """Draw what of the mix is not there yet: some minutes, with browser and fonts."""
    # Imported only here: documents that are already drawn need neither browser nor fonts.
    from samples.generate import generate, generator  # noqa: PLC0415
    from samples.report import draw_report  # noqa: PLC0415
    from samples.write_html import Browser  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for _, names, count in MIX:
        if len(documents(folder, names)) >= count:
            continue
        if names.startswith("printed"):
            with Browser() as browser:
                for number in range(count):
                    draft, _ = draw_report(generator("printed", SEED, number), "develop")
                    (folder / f"printed-{number:03d}.pdf").write_bytes(browser.pdf(draft))
        elif "table" in names:
            _drain(generate(folder, "develop", count // 3, SEED, "table", ("L0", "L1", "L2")))
        else:
            _drain(generate(folder, "develop", count // 2, SEED, "report", ("L0", "L1")))


def _drain(drawn: Iterator[object]) -> None:
    for _ in drawn:
        pass


def copied(samples: Path, folder: Path, count: int) -> Path:
    """Copy documents into a folder, in turn, each copy with a tail of its own.

    Bytes after the end of a PDF or an image are nobody's business but the digest's. Kinds are
    spread evenly, so that the beginning of the folder is like the whole of it; of a few copies,
    each document is there four times or more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = _spread(samples)
    found = found[: max(1, count // 4)]
    for number in range(count):
        path = found[number % len(found)]
        copy = folder / f"{number:05d}-{path.name}"
        if not copy.exists():
            copy.write_bytes(path.read_bytes() + f"\n% copy {number}\n".encode())
    return folder


def _spread(samples: Path) -> list[Path]:
    groups = [documents(samples, names) for _, names, _ in MIX]
    drawn = [one for group in groups for one in group]
    groups.append([path for path in documents(samples) if path not in drawn])
    placed = [
        ((at + 0.5) / len(group), path.name, path)
        for group in groups
        for at, path in enumerate(group)
    ]
    return [path for _, _, path in sorted(placed)]
