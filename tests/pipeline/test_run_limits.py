"""What a run was read under holds for whoever looks at its pages later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from document.errors import InputError
from pipeline import run_limits
from pipeline.allowance import USUAL, Allowance
from pipeline.journal import Sighting, add_inputs, old_journal
from pipeline.journal_queries import filed
from pipeline.ordinary_file import source_of
from pipeline.run import run_batch
from pipeline.run_limits import limits_of, widen_limits
from pipeline.sources import page_of
from tests.pipeline.orders import order_for
from tests.pipeline.runs import T4, begin, file_again, report_of
from tests.reconstruct.readings import t4_printed

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = t4_printed("3 1 0 2 6 0 0 0 0 0 0 0 0 0 0")


def test_a_page_beyond_the_usual_limits_is_shown_where_the_run_was_read_with_wider_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_limits, "USUAL", replace(USUAL, megapixels=0.1))  # drawn in no time
    scan, run = tmp_path / "large.png", tmp_path / "run"
    Image.new("L", (700, 200), 255).save(scan)
    engine = begin(run)
    report = replace(report_of(1, [(T4, PRINTED)]), source=source_of(scan))
    add_inputs(engine, [Sighting(report.source.sha256, 1, str(scan))])
    file_again(engine, report)
    (document,) = filed(engine)
    with pytest.raises(InputError, match="megapixels"):
        page_of(engine, run, document, 1)
    widen_limits(engine, replace(USUAL, megapixels=0.2))
    assert page_of(engine, run, document, 1).image.shape == (200, 700, 3)


def test_a_batch_writes_its_limits_down_and_only_ever_widens_them(tmp_path: Path) -> None:
    scans, run = tmp_path / "scans", tmp_path / "run"
    scans.mkdir()
    order = order_for(run, scans)
    for pages, held in ((5000, 5000), (10, 5000), (6000, 6000)):
        run_batch(replace(order, allowance=Allowance(pages=pages)), lambda _: None)
        assert limits_of(old_journal(run)) == replace(USUAL, pages=held)
