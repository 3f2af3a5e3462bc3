"""What the committed documents are made of: everyday looks, scans, and scenes put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from samples.figures import draw_t2, draw_t3, draw_t4
from samples.generate import generator, scan
from samples.recipe import Recipe
from samples.report import compose_report, lay_table
from samples.sheet import Draft, Sheet, Text, crop
from samples.style import Border, Style, draw_style
from samples.truth import Known
from samples.write_docx import print_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from samples.figures import Generation, Level, Mistake, TableFigures
    from samples.write_html import Browser

Harm: TypeAlias = "Callable[[list[Sheet]], list[Sheet]]"

GOOD = Recipe(
    severity="L1", machine="flatbed", dpi=180, drawn_dpi=180, skew=0.3, spread=0.2, ink_keep=0.9,
    tint=(246, 248, 250), light=0.04, specks=0.1, blur=0.45, noise=2.0, colour=False, quality=62,
)  # fmt: skip
POOR = replace(
    GOOD, severity="L2", machine="copier", dpi=150, drawn_dpi=150, skew=-1.1, rule_share=0.3,
    rule_keep=(0.15, 0.7), ink_keep=0.75, ink_patchy=0.06, peel=0.01, tint=(226, 233, 238),
    light=0.1, specks=1.0, edges=0.02, through=0.06, blur=0.6, noise=5, quality=55,
)  # fmt: skip
PHONE = replace(
    POOR, machine="phone", skew=1.5, tilt=0.015, curl=7, edges=0.0, rule_share=0.0, light=0.25,
    shadow=0.3, through=0.0, colour=True, dpi=170, drawn_dpi=170,
)  # fmt: skip
FAX = replace(
    POOR, machine="fax", dpi=204, drawn_dpi=204, skew=0.8, through=0.0, light=0.0, bilevel=True,
    flips=0.0008, blur=0.7, quality=0, peel=0.004,
)  # fmt: skip
DIGITAL = Recipe(severity="L0", machine="digital", dpi=150, drawn_dpi=150)
THIN = Border(0.75, "solid", "#000", 1.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """A document to be made: ``name`` is its file's, with the suffix.

    ``harm`` is done to the drawn pages before they are scanned. A scene without ``who`` is a
    page of tables alone; one that is ``cut_out`` is the picture of its only table.
    """

    name: str
    tables: tuple[TableFigures, ...]
    style: Style
    recipe: Recipe
    who: tuple[str, int] | None = None
    mistakes: tuple[Mistake, ...] = ()
    word: bool = False
    harm: Harm | None = None
    break_rows: tuple[int, ...] = ()
    cut_out: bool = False
    seen_as: str = ""


def plain_style(name: str, cjk: str = "FandolFang", latin: str = "Liberation Serif") -> Style:
    """Return an everyday style; ``name`` seeds what is left to chance."""
    return replace(
        draw_style(generator("style", name), "develop"),
        cjk=cjk, latin=latin, heading_font="FandolHei", size=13.0, table_size=9.5,
        figure_size=10.5, bold_figures=False, border=THIN, fill="", bold_header=False,
        align_figures="center", align_labels="left", padding=2.5, row_padding=2.0,
        t2_widths=(0.28, 0.24, 0.24, 0.24),
        t3_widths=(0.05, 0.1, 0.29, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08),
        page_number="— {} —", line_height=1.6, half_width=False, item_mark=".", breaks=False,
        variants=False, top_total=False, uneven_t2=False, hand_split=False, cut_label="cut",
        keep_together=True, margins=(25.0, 20.0, 22.0, 20.0),
    )  # fmt: skip


def figures_of(
    name: str, level: Level, generations: tuple[Generation, Generation] = ("2021", "2021")
) -> tuple[TableFigures, TableFigures, TableFigures]:
    """Draw the figures of all tables; ``generations`` are those of 表二 and 表三."""
    rng = generator("figures", name)
    t2, t3 = generations
    return draw_t2(rng, level, t2), draw_t3(rng, level, t3), draw_t4(rng, level, "2021")


def draw_scene(scene: Scene, browser: Browser) -> tuple[list[Sheet], Known]:
    """Draw and scan a scene."""
    rng = generator("scene", scene.name)
    if scene.who:
        draft, known = compose_report(rng, scene.style, scene.who, scene.tables, scene.mistakes)
    else:
        laid = [lay_table(figures, scene.style, rng) for figures in scene.tables]
        pairs = tuple(zip((i for i, _ in laid), scene.tables, strict=True))
        draft = Draft(tuple(table for _, table in laid), scene.style)
        known = Known(None, None, pairs, scene.mistakes)
    if scene.break_rows:
        draft = replace(
            draft,
            blocks=tuple(
                block
                if isinstance(block, Text) or block.table != "t3"
                else replace(block, break_rows=scene.break_rows)
                for block in draft.blocks
            ),
        )
    sheets = draw_draft(draft, scene, browser)
    if scene.harm:
        sheets = scene.harm(sheets)
    if scene.cut_out:
        sheets = [crop(sheets[0], scene.tables[0].table, 3)]
    return scan(sheets, scene.recipe, rng, known), known


def draw_draft(draft: Draft, scene: Scene, browser: Browser) -> list[Sheet]:
    """Draw a draft by the route its scene asks for."""
    if scene.word:
        return print_all([draft])[0].sheets(scene.recipe.drawn_dpi)
    if scene.seen_as == "screenshot":
        return browser.screenshot(draft, 1.25)
    return browser.draw(draft, scene.recipe.drawn_dpi)
