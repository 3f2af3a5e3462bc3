"""Weights are used only when they are the ones the manifest names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from document.errors import WeightsError
from models.weights import find, inventory, manifest, verify


def test_every_file_of_the_manifest_is_here_and_is_the_one_named() -> None:
    inspections = inventory()
    assert [i.weights.name for i in inspections if not (i.found and i.verified)] == []
    assert all(i.weights.licence and i.weights.source for i in inspections)
    assert {i.path for i in inspections} == {find(w.name) for w in manifest()}


def test_our_own_weights_folder_holds_nothing_the_manifest_does_not_name() -> None:
    folder = Path(__file__).parents[2] / "models" / "weights"
    named = {i.path for i in inventory()}
    assert [p.name for p in sorted(folder.glob("*")) if p.is_file() and p not in named] == []


def test_one_flipped_byte_is_refused_with_a_remedy_in_both_languages(tmp_path: Path) -> None:
    original = manifest()[0]
    content = bytearray(find(original.name).read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(content)
    with pytest.raises(WeightsError) as refusal:
        verify(replace(original, package=None, path=str(damaged)))
    assert refusal.value.code == "weights-altered"
    assert "pip install" in refusal.value.message.zh
    assert "pip install" in refusal.value.message.en


def test_a_missing_package_is_a_fault_with_a_remedy_not_a_crash() -> None:
    absent = replace(manifest()[0], package="a_package_that_is_not_here")
    with pytest.raises(WeightsError) as refusal:
        verify(absent)
    assert refusal.value.code == "weights-missing"
    assert "pip install" in refusal.value.message.say("en")
