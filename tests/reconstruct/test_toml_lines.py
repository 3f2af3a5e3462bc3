"""Line numbers: every key, table and list element is found where it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reconstruct.toml_lines import line_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FILES = [
    *(ROOT / "reconstruct" / "forms").glob("*.toml"),
    *(ROOT / "samples" / "forms").glob("*.toml"),
]


def leaves(
    data: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*path, number))
    else:
        yield path, data


@pytest.mark.parametrize("file", sorted(FILES), ids=lambda file: file.stem)
def test_every_value_stands_in_its_line(file: Path) -> None:
    text = file.read_text("utf-8")
    found = line_numbers(text)
    lines = text.splitlines()
    for path, value in leaves(tomllib.loads(text)):
        if isinstance(value, str) and "\\" not in value and '"' not in value:
            assert value in lines[found[path] - 1], path


def test_what_is_hard_to_scan() -> None:
    text = (
        'a."b c".d = [1, [2, # ] "\n  3], "]"]\n'
        "s = '''\n[x]\n'''\n"
        '[t.u]\nk = { x = 1, y = [ \'=\' ] }\n[[t.v]]\n[[t.v]]\nz = "\\"["\n[t.v.w]\nq = 1\n'
    )
    found = line_numbers(text)
    assert tomllib.loads(text)["t"]["v"][1] == {"z": '"[', "w": {"q": 1}}
    wanted = {
        ("a", "b c", "d"): 1, ("a", "b c", "d", 1, 1): 2, ("a", "b c", "d", 2): 2, ("s",): 3,
        ("t", "u"): 6, ("t", "u", "k", "y", 0): 7, ("t", "v", 0): 8, ("t", "v", 1): 9,
        ("t", "v", 1, "z"): 10, ("t", "v", 1, "w", "q"): 12,
    }  # fmt: skip
    assert {path: found.get(path) for path in wanted} == wanted
