"""The house stands as its plan says: who imports whom, how long a module is, what it may touch."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "root_packages"
]
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]
NETWORK = {"aiohttp", "http", "httpx", "requests", "socket", "ssl", "urllib", "urllib3"}
UNSAFE = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def imported(module: Path) -> set[str]:
    """The top-level names a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 4 kept, 0 broken." in done.stdout


def test_there_is_something_to_look_at() -> None:
    assert len(PACKAGES) == 8
    assert len(MODULES) > 50


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_modules_stay_short(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_nothing_unpickles_or_reaches_for_the_network(module: Path) -> None:
    text = module.read_text("utf-8")
    found = imported(module)
    if "socket" in found:  # one module turns what a library does with it off
        assert set(re.findall(r"\bsocket\.(\w+)", text)) == {"has_ipv6"}
        found.remove("socket")
    assert found.isdisjoint(NETWORK | UNSAFE)
    assert "allow_pickle=True" not in text


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_relative_imports_and_broad_silence_are_not_used(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
        if isinstance(node, ast.ExceptHandler):
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            assert node.type is not None
            assert not (silent and ast.unparse(node.type) in {"Exception", "BaseException"})


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    assert {path.stem for path in MODULES}.isdisjoint(
        set(sys.stdlib_module_names) - {"__init__"} | {"utils", "base", "manager", "helpers"}
    )


def test_tests_and_samples_are_no_packages() -> None:
    assert not [*(ROOT / "tests").rglob("__init__.py"), *(ROOT / "samples").rglob("__init__.py")]


def test_the_project_stands_alone() -> None:
    """No file that is run, built or tested mentions a place outside the checkout."""
    outside = ("../" + "shared", "/work/" + "shared", "/work/" + ".library")
    text = {".py", ".toml", ".sh", ".lock", ".cfg", ".ini", ".yml", ".yaml", ".html", ".json"}
    for path in tracked():
        if path.is_file() and (path.suffix in text or path.name in {"Makefile", "run"}):
            found = path.read_text("utf-8", errors="replace")
            assert not [place for place in outside if place in found], path


def test_no_program_of_ours_unpickles() -> None:
    """Not those that train, measure, draw or test either."""
    for path in tracked():
        if path.suffix == ".py" and path.is_file():
            assert imported(path).isdisjoint(UNSAFE), path
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "weights_only"}:
                    safe = node.arg == "weights_only"
                    assert ast.unparse(node.value) == str(safe), path


def test_no_file_is_a_pickle() -> None:
    kinds = {".pkl", ".pickle", ".pt", ".pth", ".joblib", ".npy", ".npz"}
    assert not [path for path in tracked() if path.suffix in kinds]


def test_importing_the_program_sets_nothing_and_loads_no_engine() -> None:
    """Help and mistakes on the command line answer at once: engines load when a page is read."""
    program = (
        "import os, sys; before = dict(os.environ); import cli.main; "
        "assert dict(os.environ) == before; "
        "print(sorted({'paddle', 'paddleocr', 'paddlex', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_what_others_made_is_what_the_notice_names() -> None:
    digest = hashlib.sha256((ROOT / "review" / "static" / "htmx.min.js").read_bytes()).hexdigest()
    assert digest in (ROOT / "NOTICE").read_text("utf-8")


def test_the_screen_fetches_nothing_from_elsewhere() -> None:
    for path in [*(ROOT / "review" / "pages").glob("*"), *(ROOT / "review" / "static").glob("*")]:
        found = re.findall(
            r"""(?:src|href|url|import)\W{1,3}(?:https?:)?//""", path.read_text("utf-8")
        )
        assert not found, path
