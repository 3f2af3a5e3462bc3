"""Makes scanned documents with their truth, as many as wanted, the same for the same seed.

python -m samples.generate --out DIR --count 30 --kind table --severity L1 --seed 1
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from samples import sensor
from samples.degrade import degrade
from samples.encode import write_document
from samples.recipe import Severity, draw_extras, draw_recipe
from samples.report import draw_report, draw_single
from samples.sheet import crop
from samples.truth import truth_of, write_truth
from samples.write_docx import print_all
from samples.write_html import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samples.recipe import Recipe
    from samples.sheet import Draft, Sheet
    from samples.style import Split
    from samples.truth import Known

Kind: TypeAlias = Literal["table", "report"]
PICTURES = 0.2  # share of single tables that come as a lone picture
WORD = 0.3  # share of pages drawn through Word and LibreOffice
BATCH = 40  # documents composed at a time, so that one run of LibreOffice prints many
SCREENSHOTS = 0.2  # share of digital documents that are screenshots


@dataclass(frozen=True, slots=True)
class Order:
    """What kind of document is wanted."""

    split: Split
    kind: Kind
    severity: Severity


@dataclass(frozen=True, slots=True)
class Plan:
    """A document that is composed but not yet drawn; ``rng`` goes on where composing stopped.

    ``seen_as`` is the machine of the recipe, or "screenshot"; ``word`` asks for the route
    through Word and LibreOffice.
    """

    stem: Path
    rng: np.random.Generator
    draft: Draft
    known: Known
    recipe: Recipe
    seen_as: str
    word: bool


def generator(*parts: object) -> np.random.Generator:
    """Return a random generator that depends on ``parts`` and nothing else."""
    words = [int.from_bytes(str(part).encode(), "little") for part in parts]
    return np.random.default_rng(words)


def generate(
    out: Path,
    split: Split,
    count: int | range,
    seed: int,
    kind: Kind = "table",
    severities: Sequence[Severity] = ("L1",),
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Write ``count`` documents per severity into ``out``; yield each path with its truth.

    Document i of a severity does not depend on how many are asked for, so that a range of numbers
    instead of ``count`` goes on where making them was interrupted. One browser draws all of
    them; it ends when the generator is exhausted or closed.
    """
    out.mkdir(parents=True, exist_ok=True)
    numbers = range(count) if isinstance(count, int) else count
    wanted = [(Order(split, kind, severity), i) for severity in severities for i in numbers]
    with Browser() as browser:
        for start in range(0, len(wanted), BATCH):
            plans = [
                plan(
                    out / f"{split}-{kind}-{order.severity}-{seed}-{index:03d}",
                    order,
                    generator(split, kind, order.severity, seed, index),
                )
                for order, index in wanted[start : start + BATCH]
            ]
            printed = iter(print_all([p.draft for p in plans if p.word]))
            for each in plans:
                dpi = each.recipe.drawn_dpi
                if each.word:
                    sheets = next(printed).sheets(dpi)
                elif each.seen_as == "screenshot":
                    sheets = browser.screenshot(each.draft, float(each.rng.uniform(1, 1.6)))
                else:
                    sheets = browser.draw(each.draft, dpi)
                yield finish(each, sheets)


def plan(stem: Path, order: Order, rng: np.random.Generator) -> Plan:
    """Compose one document and decide how it will be drawn and scanned."""
    picture = bool(order.kind == "table" and rng.random() < PICTURES)
    recipe = draw_recipe(rng, order.severity, order.split, picture=picture)
    draft, known = (
        draw_report(rng, order.split)
        if order.kind == "report"
        else draw_single(rng, order.split, picture=picture)
    )
    seen_as: str = recipe.machine
    if recipe.machine == "digital" and rng.random() < SCREENSHOTS:
        seen_as = "screenshot"
        style = replace(draft.style, border=replace(draft.style.border, width=1.0, outer=1.0))
        draft = replace(draft, style=style)
    recipe, frame = draw_extras(generator(stem.name, "extras"), recipe)
    border = replace(draft.style.border, frame=frame)
    draft = replace(draft, style=replace(draft.style, border=border))
    word = bool(rng.random() < WORD and seen_as not in {"screenshot", "picture"})
    return Plan(stem, rng, draft, known, recipe, seen_as, word)


def finish(each: Plan, sheets: Sequence[Sheet]) -> tuple[Path, dict[str, Any]]:
    """Scan and write what was drawn; the suffix of the path is drawn too."""
    if each.seen_as == "picture":
        table = each.known.tables[0][1].table
        sheets = [crop(sheets[0], table, float(each.rng.uniform(2, 14)))]
    scanned = scan(sheets, each.recipe, each.rng, each.known)
    suffix = _suffix(each.rng, len(scanned), each.seen_as)
    path = each.stem.with_name(each.stem.name + suffix)
    return path, save(path, scanned, each.recipe, each.known, each.seen_as)


def scan(
    sheets: Sequence[Sheet], recipe: Recipe, rng: np.random.Generator, known: Known
) -> list[Sheet]:
    """Scan all pages of a document by one recipe."""
    name = (known.agency or "云溪市人民政府")[-12:]
    pages = []
    for number, sheet in enumerate(sheets):
        # One seal a document: on its last page, where it is signed, or anywhere.
        sealed = recipe.seals if number == len(sheets) - 1 else 0
        back = sheets[number - 1].image if len(sheets) > 1 else None
        pages.append(degrade(sheet, replace(recipe, seals=sealed), rng, back, name))
    return pages


def save(
    path: Path, sheets: Sequence[Sheet], recipe: Recipe, known: Known, seen_as: str
) -> dict[str, Any]:
    """Write a document with its truth; return the truth."""
    pages = list(sheets)
    if recipe.quality and path.suffix == ".png":  # saved anew from a compressed picture
        pages = [sensor.jpeg(sheet, recipe.quality) for sheet in pages]
    write_document(path, pages, recipe.quality)
    truth = truth_of(path.name, recipe.severity, seen_as, known, pages)
    write_truth(path, truth)
    return truth


def _suffix(rng: np.random.Generator, pages: int, seen_as: str) -> str:
    if seen_as in {"picture", "screenshot"}:
        return str(rng.choice([".png", ".jpg"])) if pages == 1 else ".pdf"
    if pages > 1:
        return str(rng.choice([".pdf", ".tiff"], p=[0.75, 0.25]))
    return str(rng.choice([".pdf", ".tiff", ".png", ".jpg"], p=[0.5, 0.15, 0.15, 0.2]))


def main() -> None:
    """Read the command line and write documents."""
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10, help="documents per severity")
    parser.add_argument("--kind", choices=get_args(Kind), default="table")
    parser.add_argument("--split", choices=("develop", "bench"), default="develop")
    parser.add_argument("--severity", choices=get_args(Severity), nargs="+", default=["L1"])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began, pages, documents = time.monotonic(), 0, 0
    for path, truth in generate(
        asked.out, asked.split, asked.count, asked.seed, asked.kind, asked.severity
    ):
        documents += 1
        pages += truth["pages"]
        print(path.name, truth["seen_as"], f"{truth['pages']} pages")
    spent = time.monotonic() - began
    print(f"{documents} documents, {pages} pages, {spent:.0f} s")


if __name__ == "__main__":
    main()
