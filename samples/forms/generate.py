"""Draws filled pages of the forms in this folder, scanned, with their truth.

python -m samples.forms.generate --out DIR --form school-enrolment --count 4 --severity L1
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from reconstruct.templates import load
from samples.forms.fill import fill
from samples.generate import Plan, finish, generator
from samples.grid import DrawnCell, DrawnTable, word
from samples.recipe import Severity, draw_recipe
from samples.sheet import Draft, Text
from samples.style import draw_style
from samples.truth import Known
from samples.write_html import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from document.template import TableTemplate, Template
    from samples.figures import TableFigures
    from samples.style import Split, Style

FOLDER = Path(__file__).parent
FORMS = ("financial-statements", "school-enrolment")
NAMES = ("云溪市永兴机械有限公司", "临江市新塘供水公司", "白河市高桥农业发展有限公司")


def form(name: str) -> Template:
    """Return a form of this folder."""
    return load(FOLDER / f"{name}.toml")


def lay(
    table: TableTemplate, figures: TableFigures, style: Style, rng: np.random.Generator
) -> DrawnTable:
    """Fill the printed grid of ``table``; columns are as wide as what stands in them asks."""
    body = min(cell.row for cell in table.figures)
    need = [2.2] * table.columns
    cells = []
    for cell in table.cells:
        place = (cell.row, cell.column, cell.row_span, cell.column_span)
        if cell.address is not None:
            text = figures.entry(cell.address).printed
            cells.append(DrawnCell(*place, text, "figure", cell.address))
            longest = 0.62 * len(text) + 1
        else:
            text = word(cell, style, rng)
            cells.append(DrawnCell(*place, text, "header" if cell.row < body else "label"))
            longest = min(float(len(text)), 11.0) + 1.2 if cell.row >= body else 2.4
        if cell.column_span == 1 and cell.row_span == 1:
            need[cell.column] = max(need[cell.column], longest)
    spread = [float(n * rng.uniform(0.95, 1.1)) for n in need]
    widths = tuple(n / sum(spread) for n in spread)
    return DrawnTable(table.id, table.rows, table.columns, widths, tuple(cells))


def compose(
    template: Template, table: TableTemplate, rng: np.random.Generator, split: Split
) -> tuple[Draft, Known]:
    """Draw one filled table under its title, on a page of its own."""
    style = draw_style(rng, split)
    wide = table.columns > 8
    style = replace(
        style,
        keep_together=True,
        row_padding=min(style.row_padding, 2.2),
        table_size=min(style.table_size, 9.0 if wide else 10.0),
        align_figures="center" if wide else "right",
        align_labels="left",
        padding=min(style.padding, 1.6),
        border=replace(style.border, style="solid", width=min(style.border.width, 1.2)),
    )
    style = replace(style, figure_size=style.table_size)
    figures, mistakes = fill(table, rng)
    year = int(rng.integers(2020, 2026))
    name = NAMES[int(rng.integers(len(NAMES)))]
    blocks = (
        Text("title", table.headings[0]),
        Text("paragraph", f"编制单位：{name}　　{year}年12月31日"),
        lay(table, figures, style, rng),
    )
    known = Known(None, None, ((template.id, figures),), mistakes)
    return Draft(blocks, style), known


def generate(
    out: Path,
    name: str,
    split: Split,
    numbers: range,
    severities: Sequence[Severity] = ("L1",),
    seed: int = 1,
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Write documents of the form ``name``, its tables in turn; yield each path with its truth."""
    out.mkdir(parents=True, exist_ok=True)
    template = form(name)
    with Browser() as browser:
        for severity in severities:
            for number in numbers:
                rng = generator(name, split, severity, seed, number)
                table = template.tables[number % len(template.tables)]
                recipe = draw_recipe(rng, severity, split)
                draft, known = compose(template, table, rng, split)
                stem = out / f"{name}-{split}-{severity}-{seed}-{number:03d}"
                plan = Plan(stem, rng, draft, known, recipe, recipe.machine, word=False)
                yield finish(plan, browser.draw(draft, recipe.drawn_dpi))


def main() -> None:
    """Read the command line and write documents."""
    parser = argparse.ArgumentParser(prog="python -m samples.forms.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--form", choices=FORMS, required=True)
    parser.add_argument("--count", type=int, default=4, help="documents per severity")
    parser.add_argument("--split", choices=("develop", "bench"), default="develop")
    parser.add_argument("--severity", choices=get_args(Severity), nargs="+", default=["L1"])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for path, _ in generate(
        asked.out, asked.form, asked.split, range(asked.count), asked.severity, asked.seed
    ):
        print(path.name)


if __name__ == "__main__":
    main()
