"""The wheel: holds what a run needs, nothing else, and runs far from the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("gouji-*.whl")
    return found


def test_it_holds_the_packages_their_data_and_the_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert path.relative_to(ROOT).as_posix() in names
    for path in [
        *(ROOT / "reconstruct" / "forms").glob("*.toml"),
        ROOT / "models" / "manifest.toml",
        *(ROOT / "models" / "weights").glob("*"),
        *(ROOT / "review" / "static").glob("*"),
        *(ROOT / "review" / "pages").glob("*"),
    ]:
        assert path.relative_to(ROOT).as_posix() in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == set(PACKAGES)


def test_it_names_its_command_and_its_dependencies(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        assert "gouji = cli.main:main" in archive.read(entry).decode()
        said = archive.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in said
    for requirement in PROJECT["project"]["dependencies"]:
        assert f"Requires-Dist: {requirement}" in said


def test_it_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Install the wheel beside this environment's packages, without its link to the checkout."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (site,) = (place / "lib").glob("python*/site-packages")
    # A folder named in a .pth file is searched, but the .pth files in it are not obeyed.
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"))

    def said(*command: str | Path) -> str:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = said(python, "-c", "import cli, models; print(cli.__file__, models.__file__)")
    assert all(path.startswith(str(site)) for path in where.split())
    assert said(place / "bin" / "gouji", "--version") == f"gouji {PROJECT['project']['version']}\n"
    doctor = said(place / "bin" / "gouji", "doctor")
    assert "everything is in place" in doctor
    assert "cn-foi/2021" in doctor


def test_the_locks_name_no_index_and_every_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        for word in ("http:", "https:", "file:", "--index", "--extra-index", "--find-links"):
            assert word not in text
        pinned = [line for line in text.splitlines() if line and line[0].isalnum()]
        assert len(pinned) > 50
        assert all("==" in line and line.endswith("\\") for line in pinned)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    development = (ROOT / "requirements-dev.lock").read_text("utf-8")
    runtime = {line.split(" ")[0] for line in text.splitlines() if "==" in line}
    assert runtime <= {line.split(" ")[0] for line in development.splitlines() if "==" in line}
    for requirement in PROJECT["project"]["dependencies"]:
        name, _, version = requirement.partition("==")
        name = name.split(">")[0]
        assert any(pin.startswith(f"{name}=={version}") for pin in runtime), requirement
