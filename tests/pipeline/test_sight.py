"""What is seen on a page besides its tables."""

from __future__ import annotations

from pathlib import Path

from pipeline.intake import open_document
from pipeline.recover import load_readers, see
from reconstruct.templates import builtin

DEMO = Path(__file__).parents[2] / "samples" / "documents" / "demo.pdf"


def test_a_heading_that_was_glanced_at_says_what_it_says_when_read() -> None:
    readers = load_readers(1)
    sights = see(open_document(DEMO), builtin(), readers)
    lines = [line for sight in sights for line in sight.loose]
    glanced = [line for line in lines if line.text is not None and line.picture is not None]
    assert len(glanced) >= 3
    pictures = [line.picture for line in glanced if line.picture is not None]
    read = readers.labels.read(pictures)
    assert [line.text for line in glanced] == [line.text for line in read]
    # what the prose says of a figure is read in full, and so is the report's name
    assert not any(any(map(str.isdigit, line.text or "")) for line in glanced)
    named = [line for line in sights[0].loose if line.picture is None]
    assert any("2023" in (line.text or "") for line in named)
