"""What a result depends on besides the document, so that it is known what to read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from models.weights import MANIFEST
from pipeline.intake import AS_FITS, Handling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ocr.pool import Engine
    from pipeline.prose import Prose


@dataclass(frozen=True, slots=True)
class Settings:
    """Options and versions as JSON, and the sha256 of it."""

    key: str
    json: str


@dataclass(frozen=True, slots=True)
class PageManner:
    """How a page was taken from its file, and whom its figures were shown to."""

    handling: Handling = AS_FITS
    engine: Engine = "both"


def settings_of(
    template_files: Sequence[Path],
    dpi: int | None,
    prose: Prose,
    pages: Mapping[int, PageManner] | None = None,
) -> Settings:
    """Describe what results of this process depend on. ``template_files`` exist.

    ``pages`` are those that were read again in another way.
    """
    try:
        gouji = version("gouji")
    except PackageNotFoundError:
        gouji = "not installed"
    forms = resources.files("reconstruct") / "forms"
    own = sorted(
        (form for form in forms.iterdir() if form.name.endswith(".toml")),
        key=lambda form: form.name,
    )
    content: dict[str, object] = {
        "gouji": gouji,
        "weights": hashlib.sha256(MANIFEST.read_bytes()).hexdigest(),
        "templates": [
            hashlib.sha256(path.read_bytes()).hexdigest() for path in (*template_files, *own)
        ],
        "dpi": dpi,
        "prose": prose,
    }
    if template_files:  # so that whoever looks at the run later has them too
        content["forms"] = [path.read_text("utf-8-sig") for path in template_files]
    if pages:
        content["pages"] = {
            str(number): {
                "dpi": one.handling.dpi,
                "turns": one.handling.turns,
                "engine": one.engine,
            }
            for number, one in sorted(pages.items())
        }
    text = json.dumps(content, sort_keys=True)
    return Settings(hashlib.sha256(text.encode()).hexdigest(), text)


def manners_of(text: str) -> tuple[PageManner, dict[int, PageManner], Prose]:
    """Return from settings how pages were read, those read apart by number, and the prose."""
    content = json.loads(text)
    apart = {
        int(number): PageManner(Handling(one["dpi"], one["turns"]), one["engine"])
        for number, one in content.get("pages", {}).items()
    }
    return PageManner(Handling(content.get("dpi"))), apart, content.get("prose", "auto")
