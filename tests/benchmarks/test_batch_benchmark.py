"""The benchmark of batches says what a stand-in reader costs, and sees memory grow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.batch import report, slope
from benchmarks.batch_documents import copied
from benchmarks.batch_phase import Phase, Sitting, Wish, measure
from benchmarks.batch_plot import plot
from benchmarks.batch_worker import Spell
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from pathlib import Path


def test_a_batch_is_measured_document_by_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "a.pdf").write_text("agency 甲")
    (samples / "b.pdf").write_text("figure 4\ntotal 5")
    scans = copied(samples, tmp_path / "scans", 8)
    assert len({path.read_bytes() for path in scans.iterdir()}) == 8
    load = faulty_reader.load_slowly
    phases = [measure(scans, tmp_path / f"{n}", Wish(f"{n}", n), load) for n in (1, 2)]
    # on a busy machine the first worker may have read them all before the second is ready
    assert len(phases[0].lives) == 1
    assert 1 <= len(phases[1].lives) <= 2
    for phase in phases:
        assert len(phase.spells) == 8
        assert {spell.document for spell in phase.spells} == {"a.pdf", "b.pdf"}
        (sitting,) = phase.sittings
        whole = sitting.end - sitting.start
        assert 0.8 <= phase.reading < phase.reading + phase.waiting < whole + 8
        assert all(spell.peak >= spell.held > 5 for spell in phase.spells)
        assert phase.failed == 0
    report(phases)
    said = capsys.readouterr().out
    assert "scaling here, two workers over one:" in said
    assert "KiB a document" in said


def test_a_batch_goes_on_where_the_time_was_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "a.pdf").write_text("agency 甲")
    scans = copied(samples, tmp_path / "scans", 4)
    load = faulty_reader.load_slowly
    first = measure(scans, tmp_path / "1", Wish("1", 1, seconds=0), load)
    assert len(first.spells) < 4
    report([first])
    assert "the same command goes on" in capsys.readouterr().out
    second = measure(scans, tmp_path / "1", Wish("1", 1), load)
    assert len(second.sittings) == 2
    assert len(second.spells) >= 4, "what was being read when the time was up is read again"
    assert second.failed == 0


def test_growing_memory_is_seen_whatever_the_documents_weigh() -> None:
    weights = {"a": 500.0, "b": 900.0, "c": 300.0}
    spells = tuple(
        Spell(1, name, float(n), n + 0.5, 0.4, weights[name] + n * 0.03, 200.0)
        for n, name in enumerate(sorted(weights) * 20)
    )
    sitting = Sitting(0.0, 61.0, 0.1, spells)
    phase = Phase("1", 1, 60, 1000, 0, (sitting,))
    assert slope([phase], "peak") == pytest.approx(3.0)
    assert slope([phase], "held") == pytest.approx(0.0)
    assert slope([replace(phase, sittings=(replace(sitting, spells=spells[:6]),))], "peak") is None
    picture = plot([("workers 1", ([1.0, 800.0], [1.0, 700.0]))], "memory +0.1 MiB")
    assert picture.startswith("<svg")
    assert "1000" in picture
