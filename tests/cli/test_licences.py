"""Everything that Gouji is made of names its licence."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from models.weights import manifest

ROOT = Path(__file__).parents[2]
COPYLEFT = ("AGPL", "Affero", "SSPL")


def installed() -> bool:
    try:
        return bool(version("gouji"))
    except PackageNotFoundError:
        return False


def test_every_part_names_a_licence_that_lets_it_be_used() -> None:
    done = CliRunner().invoke(app, ["licences", "--json"])
    parts = json.loads(done.stdout)
    assert done.exit_code == 0, [one for one in parts if one["licence"] == "?"]
    named = {one["name"] for one in parts}
    assert {weights.name for weights in manifest()} <= named
    assert not [one for one in parts if any(word in one["licence"] for word in COPYLEFT)]
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert [f"htmx {one['version']}" in notice for one in parts if one["kind"] == "file"] == [True]


@pytest.mark.skipif(not installed(), reason="gouji itself is not installed here")
def test_what_is_needed_indirectly_is_listed_too() -> None:
    parts = json.loads(CliRunner().invoke(app, ["licences", "--json"]).stdout)
    named = {one["name"].lower().replace("_", "-") for one in parts}
    assert {"paddleocr", "paddlex", "numpy", "lxml", "sqlalchemy", "click"} <= named or (
        {"paddleocr", "numpy", "lxml", "sqlalchemy"} <= named and len(named) > 50
    )
