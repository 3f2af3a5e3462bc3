"""The figures that samples are made of add up, however an agency writes them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import pytest

from reconstruct.templates import builtin
from samples.figures import Generation, Level, TableFigures, draw_t2, draw_t3, draw_t4
from samples.printing import draw_habits, mislead, write_figures
from samples.report import draw_report, draw_single, form
from samples.style import CJK_FONTS, LATIN_FONTS, Split

LEVELS: tuple[Level, ...] = ("bureau", "district", "city")
Drawer: TypeAlias = Callable[[np.random.Generator, Level, Generation], TableFigures]
GENERATIONS: tuple[Generation, ...] = ("2019", "2021")


def broken(figures: TableFigures) -> set[str]:
    """Name the equations of the form that the figures violate; nothing printed counts as 0."""
    _, template = form(figures.table, figures.generation)
    value = {e.address: Decimal(e.value or 0) for e in figures.entries}
    return {
        equation.name
        for equation in template.equations
        if sum(value[a] for a in equation.left) != sum(value[a] for a in equation.right)
    }


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_tables_fill_every_cell_of_the_form_and_add_up(
    level: Level, generation: Generation
) -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        for draw in (draw_t2, draw_t3, draw_t4):
            figures = draw(rng, level, generation)
            _, template = form(figures.table, generation)
            assert [e.address for e in figures.entries] == [c.address for c in template.figures]
            assert broken(figures) == set()


def test_every_table_but_the_second_has_equations_to_satisfy() -> None:
    for template in builtin():
        assert {t.id: bool(t.equations) for t in template.tables} == {
            "t2": False,
            "t3": True,
            "t4": True,
        }


def test_blanks_dashes_and_separators_keep_the_sums() -> None:
    written = set()
    for seed in range(200):
        rng = np.random.default_rng(seed)
        figures = write_figures(draw_t3(rng, "city", "2021"), draw_habits(rng), rng)
        written |= {e.printed for e in figures.entries if e.value is None}
        assert broken(figures) == set()
        for entry in figures.entries:
            assert entry.value is None or entry.value.isascii()
    assert {"", "/", "—", "-", "无"} <= written


def test_money_is_said_in_yuan_whatever_unit_is_printed() -> None:
    units = set()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        plain = draw_t2(rng, "district", "2019")
        written = write_figures(plain, draw_habits(rng), rng)
        printed = written.entry(("procurement", "amount"))
        yuan = Decimal(plain.entry(("procurement", "amount")).value or "")
        assert Decimal(printed.value or "") == yuan
        factor = 10000 if printed.printed.endswith("万元") else 1
        assert Decimal(printed.printed.removesuffix("元").removesuffix("万")) * factor == yuan
        units.add(printed.printed.rstrip("0123456789.")[-2:])
    assert {"万元", ""} <= units


@pytest.mark.parametrize("draw", [draw_t3, draw_t4])
def test_a_mistake_breaks_the_equations_of_its_cell_and_no_others(draw: Drawer) -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        figures = draw(rng, "district", "2021")
        wrong, mistake = mislead(figures, rng)
        _, template = form(figures.table, "2021")
        speaking = {e.name for e in template.equations if mistake.address in e.cells}
        assert broken(wrong) == speaking
        assert wrong.entry(mistake.address).printed == mistake.printed != mistake.would_add_up


@pytest.mark.parametrize(("level", "share"), [("bureau", 0.95), ("district", 0.83), ("city", 0.58)])
def test_as_many_zeros_as_in_published_reports(level: Level, share: float) -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_t3(rng, level, "2021") for _ in range(200)]
    zeros = np.mean([e.value == "0" for figures in drawn for e in figures.entries])
    assert abs(zeros - share) < 0.04


@pytest.mark.parametrize("split", ["develop", "bench"])
def test_the_same_seed_composes_the_same_document(
    split: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samples.style.available", tuple)
    for compose in (draw_report, draw_single):
        first, second = (compose(np.random.default_rng(7), split) for _ in range(2))
        assert first == second
        assert compose(np.random.default_rng(8), split) != first


def test_the_bench_uses_fonts_that_development_does_not_see() -> None:
    assert len(set(CJK_FONTS["bench"]) - set(CJK_FONTS["develop"])) >= 5
    assert not (set(LATIN_FONTS["bench"]) & set(LATIN_FONTS["develop"])) - {""}
