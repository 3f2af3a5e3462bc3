"""A whole run opens no socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "samples" / "documents"

NOWHERE = "/nonexistent"
"""The home of Debian's users without one: nothing can be kept there from an earlier run."""

WATCHED = """
import json, sys
seen = []
def watch(event, arguments):
    if event.startswith("socket."):
        seen.append(event)
        raise OSError("no network here")
sys.addaudithook(watch)
from cli.main import main
sys.argv = ["gouji", *sys.argv[1:]]
try:
    main()
finally:
    print("SOCKETS", json.dumps(seen), file=sys.stderr)
"""


def watched(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED, *(str(word) for word in words)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "HOME": NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "engine"), [("demo.pdf", "both"), ("wendeng-2022-t4.png", "paddle")]
)
def test_reading_opens_no_socket(tmp_path: Path, name: str, engine: str) -> None:
    done = watched(
        "read", DOCUMENTS / name, "-o", tmp_path, "--format", "json,xlsx,csv",
        "--debug", tmp_path / "debug", "--engine", engine,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "SOCKETS []"
    report = json.loads((tmp_path / f"{Path(name).stem}.json").read_text("utf-8"))
    assert report["tables"], "a run that reads nothing proves nothing"


def test_the_other_commands_open_no_socket(tmp_path: Path) -> None:
    for words in (["doctor"], ["--version"], ["templates", "check", tmp_path / "none.toml"]):
        assert watched(*words).stderr.splitlines()[-1] == "SOCKETS []"


def test_the_watch_sees_sockets() -> None:
    """Show that the proof above could fail."""
    program = WATCHED.replace("    main()\n", "    __import__('socket').socket()\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'SOCKETS ["socket.__new__"]' in done.stderr
