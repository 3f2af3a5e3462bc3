"""Composes documents from a split's styles and wordings: whole reports, and single tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconstruct.templates import builtin
from samples import figures as counts
from samples import printing, prose
from samples.grid import lay_grid
from samples.sheet import Draft, Text
from samples.style import draw_style
from samples.truth import Known

if TYPE_CHECKING:
    import numpy as np

    from document.template import TableTemplate
    from samples.figures import Generation, Level, Mistake, TableFigures
    from samples.grid import DrawnTable
    from samples.style import Split, Style

TABLES = ("t2", "t3", "t4")
DRAW = {"t2": counts.draw_t2, "t3": counts.draw_t3, "t4": counts.draw_t4}
MISTAKEN = 0.08  # share of documents whose own arithmetic is wrong
NOTES = ("注：本表数据含所属单位。", "注：办理结果含上年度结转数量。", "填表说明：无数据的填0。")


def form(table: str, generation: Generation) -> tuple[str, TableTemplate]:
    """Return the form's id and the printed grid of ``table`` in ``generation``."""
    template = next(t for t in builtin() if t.id == f"cn-foi/{generation}")
    return template.id, next(t for t in template.tables if t.id == table)


def draw_level(rng: np.random.Generator) -> Level:
    """Draw a level; cities more often than they occur, since they have the most to read."""
    levels: tuple[Level, ...] = ("bureau", "district", "city")
    return levels[int(rng.choice(3, p=[0.3, 0.4, 0.3]))]


def draw_generations(rng: np.random.Generator) -> tuple[dict[str, Generation], int]:
    """Draw the generation of each table, and a year that goes with them."""
    roll = rng.random()
    if roll < 0.22:
        return dict.fromkeys(TABLES, "2019"), int(rng.integers(2019, 2021))
    year = int(rng.integers(2021, 2026))
    if roll < 0.32:  # 表二 of 2021 with the older one-row （六）
        return {"t2": "2021", "t3": "2019", "t4": "2021"}, year
    return dict.fromkeys(TABLES, "2021"), year


def fill_tables(
    rng: np.random.Generator,
    tables: tuple[str, ...],
    generations: dict[str, Generation],
    level: Level,
) -> tuple[tuple[TableFigures, ...], tuple[Mistake, ...]]:
    """Draw the figures of ``tables`` as one agency prints them, at times with a mistake."""
    habits = printing.draw_habits(rng)
    filled = [
        printing.write_figures(DRAW[t](rng, level, generations[t]), habits, rng) for t in tables
    ]
    sums = [i for i, f in enumerate(filled) if f.table != "t2"]
    if not sums or rng.random() >= MISTAKEN:
        return tuple(filled), ()
    i = sums[int(rng.integers(len(sums)))]
    filled[i], mistake = printing.mislead(filled[i], rng)
    return tuple(filled), (mistake,)


def lay_table(
    figures: TableFigures, style: Style, rng: np.random.Generator
) -> tuple[str, DrawnTable]:
    """Return the id of the form and the drawn table that holds ``figures``."""
    identity, template = form(figures.table, figures.generation)
    return identity, lay_grid(template, figures, style, rng)


def draw_report(rng: np.random.Generator, split: Split) -> tuple[Draft, Known]:
    """Draw a whole report: title, prose, three tables, prose."""
    style = draw_style(rng, split)
    level = draw_level(rng)
    generations, year = draw_generations(rng)
    agency = prose.draw_agency(rng, level).name
    filled, mistakes = fill_tables(rng, TABLES, generations, level)
    return compose_report(rng, style, (agency, year), filled, mistakes)


def compose_report(
    rng: np.random.Generator,
    style: Style,
    who: tuple[str, int],
    filled: tuple[TableFigures, ...],
    mistakes: tuple[Mistake, ...] = (),
) -> tuple[Draft, Known]:
    """Put prose of ``who`` = (agency, year) around the tables."""
    agency, year = who
    blocks: list[Text | DrawnTable] = [Text("title", t) for t in prose.draw_title(rng, *who)]

    def section(name: str) -> None:
        blocks.append(Text("heading", prose.heading(rng, name)))
        blocks.extend(Text("paragraph", t) for t in prose.paragraphs(rng, name, agency, year))

    section("general")
    laid = []
    for figures in filled:
        identity, table = lay_table(figures, style, rng)
        blocks += [Text("heading", prose.heading(rng, figures.table)), table]
        laid.append((identity, figures))
        if rng.random() < 0.08:
            blocks.append(Text("note", NOTES[int(rng.integers(len(NOTES)))]))
    section("problems")
    section("other")
    if rng.random() < 0.3:
        blocks.append(Text("sign", agency))
        blocks.append(Text("sign", f"{year + 1}年1月{int(rng.integers(8, 29))}日"))
    return Draft(tuple(blocks), style), Known(agency, year, tuple(laid), mistakes)


def draw_single(
    rng: np.random.Generator, split: Split, *, picture: bool = False
) -> tuple[Draft, Known]:
    """Draw one table on a page of its own, mostly 表三 under its heading."""
    style = draw_style(rng, split)
    # Small enough for one page, as a scanned single table is.
    style = replace(
        style,
        keep_together=True,
        row_padding=min(style.row_padding, 2.5),
        table_size=min(style.table_size, 10.5),
        figure_size=min(style.figure_size, 11.5),
    )
    level = draw_level(rng)
    generations, _ = draw_generations(rng)
    table = str(rng.choice(TABLES, p=[0.15, 0.5, 0.35] if picture else [0.12, 0.74, 0.14]))
    filled, mistakes = fill_tables(rng, (table,), generations, level)
    identity, drawn = lay_table(filled[0], style, rng)
    head = Text("heading", prose.heading(rng, table))
    blocks = (drawn,) if picture or rng.random() < 0.15 else (head, drawn)
    known = Known(None, None, ((identity, filled[0]),), mistakes)
    return Draft(blocks, style), known
