"""What a worker is made of: readers loaded once, and a document read as ``gouji read`` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pipeline.reading
from document.errors import InputError
from document.report import Report
from pipeline.reading import Manner, load_reader
from pipeline.settings import settings_of
from reconstruct.templates import builtin, load

if TYPE_CHECKING:
    from pipeline.intake import Document

ROOT = Path(__file__).parents[2]
SCAN = ROOT / "samples" / "documents" / "narrow.png"
FORM = ROOT / "reconstruct" / "forms" / "cn-foi-2019.toml"


def test_readers_are_loaded_once_and_every_option_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    calls: list[dict[str, Any]] = []

    def recover(document: Document, **options: Any) -> Report:
        calls.append({"dpi": document.handling.dpi, **options})
        return Report(document.source, None, None, (), ())

    def load_readers(_threads: int) -> str:
        loads.append("")
        return "readers"

    monkeypatch.setattr(pipeline.reading, "load_readers", load_readers)
    monkeypatch.setattr(pipeline.reading, "recover", recover)
    read = load_reader(Manner((load(FORM),), 250, "never"))
    assert [read(SCAN).source.file, read(SCAN).source.pages] == ["narrow.png", 1]
    assert len(loads) == 1
    assert calls[0] == {
        "dpi": 250,
        "templates": (builtin()[1], *builtin()),
        "readers": "readers",
        "prose": "never",
    }
    with pytest.raises(InputError):
        read(ROOT / "nothing.png")


def test_settings_differ_where_results_could(tmp_path: Path) -> None:
    plain = settings_of((), None, "auto")
    assert settings_of((), None, "auto") == plain
    form = tmp_path / "form.toml"
    form.write_bytes(FORM.read_bytes())
    others = [settings_of((), 300, "auto"), settings_of((), None, "never")]
    others.append(settings_of((form,), None, "auto"))
    form.write_bytes(FORM.read_bytes() + b"# changed\n")
    others.append(settings_of((form,), None, "auto"))
    assert len({plain.key, *(one.key for one in others)}) == 5
