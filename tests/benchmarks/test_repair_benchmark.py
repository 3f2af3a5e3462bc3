"""The simulation of repair, in small, and what its picture and the count of limits say."""

from __future__ import annotations

import pytest

from benchmarks.repair import SETTINGS, line, main, simulate
from benchmarks.repair_curve import draw_curve, risk_and_coverage
from benchmarks.repair_drawing import TEMPLATES
from benchmarks.repair_limits import few, rectangles, swaps, unique
from benchmarks.repair_limits import main as limits

SHOWN = {s.name: s for s in SETTINGS}


@pytest.mark.parametrize("name", ["1.0% misread, truth second", "page wrong, 1 % misread"])
def test_misreads_are_mended_and_nothing_is_spoilt(name: str) -> None:
    tally = simulate(SHOWN[name], 12, seed=5)
    counts = tally.counts
    assert counts["misread"] > 5
    assert counts["mended"] >= 0.8 * counts["misread"]
    assert (counts["silent"], counts["changed"], counts["page mended"]) == (0, 0, 0)
    assert counts["page flagged"] == counts["page wrong"]
    assert max(tally.millis) < 2000
    assert name in line(SHOWN[name], tally)


def test_a_terrible_table_takes_no_more_than_two_seconds() -> None:
    tally = simulate(SHOWN["10.0% misread, truth absent"], 2, seed=1)
    assert tally.counts["silent"] == 0
    assert max(tally.millis) < 2000


def test_what_is_found_is_counted_once_however_often_it_is_timed() -> None:
    setting = SHOWN["page wrong, 1 % misread"]
    once, thrice = simulate(setting, 3, seed=5), simulate(setting, 3, seed=5, repeats=3)
    assert thrice.counts == once.counts
    assert len(thrice.millis) == len(once.millis) == 3


def test_the_least_sure_figures_are_the_first_a_person_sees() -> None:
    scores = [(0.5, False), (0.9, True), (0.9, False), (0.99, True)]
    assert list(risk_and_coverage(scores)) == [(0.0, 0.5), (0.25, 1 / 3), (0.75, 0.0)]
    assert draw_curve({"one": scores}).startswith("<svg")


def test_what_the_equations_of_the_form_cannot_see() -> None:
    t3 = TEMPLATES["t3"]
    assert few(t3, 1) == few(t3, 2) == 0
    assert few(TEMPLATES["t2"], 1) == 10
    assert few(TEMPLATES["t4"], 2) == 30
    assert rectangles(t3)[0] >= 3150  # 21 leaf rows, 6 applicants
    assert ("d1", "d2") in swaps(t3, of_rows=True)
    assert ("new", "total") not in swaps(t3, of_rows=True)
    addresses = [c.address for c in t3.figures if c.address]
    assert unique(t3, [a for a in addresses if a[0] == "d3" or a[1] == "legal"])
    assert not unique(t3, [a for a in addresses if a[0] in {"d3", "u1"}])


def test_the_commands_print_a_line_for_each_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["--tables", "1", "--only", "lost"])
    assert capsys.readouterr().out.count("\n| ") == 4
    monkeypatch.setattr("sys.argv", ["repair_limits", "--tables", "4"])
    limits()
    assert "every 1 read as 7" in capsys.readouterr().out
