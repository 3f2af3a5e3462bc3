"""Words above one another in narrow columns are put together, figures below them are not."""

from __future__ import annotations

import pytest

from document.geometry import Box
from pipeline.by_words import in_lines
from reconstruct.planning import Word
from reconstruct.templates import builtin

EM = 20.0


def column(*texts: str) -> list[Word]:
    """Return words one below the other, a character high each."""
    return [
        Word(Box(100.0, 1.5 * EM * n, 100.0 + EM * len(text), (1.5 * n + 1.0) * EM), text)
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize("below", [(), ("00",), ("00", "00", "00")])
def test_a_header_in_three_lines_ends_above_its_figures(below: tuple[str, ...]) -> None:
    """Its row had reached down over two rows of figures, which were then read a row off."""
    words = column("法律", "服务", "机构", *below)
    whole = [one for one in in_lines(words, builtin(), EM) if one.text.startswith("法律")]
    assert [one.text for one in whole] == ["法律服务机构"]
    assert whole[0].box.bottom == words[2].box.bottom
