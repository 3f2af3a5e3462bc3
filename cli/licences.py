"""``gouji licences``: under which licence everything stands that Gouji is made of."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from models.weights import manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.metadata import Distribution

UNKNOWN = "?"
_LONGEST = 60
_EXTRAS = ("", "review", "postgresql", "parquet", "ray")
_BUNDLED = (("htmx", "4.0.1", "0BSD", "review/static/htmx.min.js"),)


@dataclass(frozen=True, slots=True)
class Licensed:
    """A part: a package, weights, or a file that others made; ``licence`` as its maker names it."""

    kind: str
    name: str
    version: str
    licence: str


def run(*, as_json: bool) -> int:
    """Print all parts; returns 1 where one of them names no licence."""
    parts = list(parts_of_gouji())
    if as_json:
        print(json.dumps([asdict(one) for one in parts], ensure_ascii=False, indent=1))  # noqa: T201
    else:
        for one in parts:
            print(f"{one.kind:<8} {one.name:<34} {one.version:<16} {one.licence}")  # noqa: T201
    return 1 if any(one.licence == UNKNOWN for one in parts) else 0


def parts_of_gouji() -> Iterator[Licensed]:
    """Name every installed package that Gouji needs, directly or not, all weights, and the rest.

    Packages of extras that are not installed are left out.
    """
    for one in sorted(_needed("gouji"), key=lambda one: one.metadata["Name"].lower()):
        yield Licensed("package", one.metadata["Name"], one.version, _licence(one))
    for weights in manifest():
        yield Licensed("weights", weights.name, weights.sha256[:12], weights.licence)
    for name, version, licence, path in _BUNDLED:
        yield Licensed("file", f"{name} ({path})", version, licence)


def _needed(name: str) -> Iterable[Distribution]:
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(name, frozenset(_EXTRAS))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        try:
            one = distribution(asked[0])
        except PackageNotFoundError:
            continue
        if asked[0] != name:
            found[one.metadata["Name"].lower()] = one
        for text in one.requires or ():
            wanted = Requirement(text)
            marker, extras = wanted.marker, asked[1] or {""}
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append((wanted.name, frozenset(wanted.extras)))
    return found.values()


def _licence(one: Distribution) -> str:
    """Return what a package's metadata says: its expression, its classifiers, its own words."""
    said = one.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    named = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if named:
        return ", ".join(named)
    words = re.sub(r"\s+", " ", "".join(said.get_all("License") or ())).strip()
    return words[:_LONGEST] or UNKNOWN
