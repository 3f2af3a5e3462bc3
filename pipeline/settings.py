"""What a result depends on besides the document, so that it is known what to read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from models.weights import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.prose import Prose


@dataclass(frozen=True, slots=True)
class Settings:
    """Options and versions as JSON, and the sha256 of it."""

    key: str
    json: str


def settings_of(template_files: Sequence[Path], dpi: int | None, prose: Prose) -> Settings:
    """Describe what results of this process depend on. ``template_files`` exist."""
    try:
        gouji = version("gouji")
    except PackageNotFoundError:
        gouji = "not installed"
    forms = resources.files("reconstruct") / "forms"
    own = sorted(
        (form for form in forms.iterdir() if form.name.endswith(".toml")),
        key=lambda form: form.name,
    )
    content = {
        "gouji": gouji,
        "weights": hashlib.sha256(MANIFEST.read_bytes()).hexdigest(),
        "templates": [
            hashlib.sha256(path.read_bytes()).hexdigest() for path in (*template_files, *own)
        ],
        "dpi": dpi,
        "prose": prose,
    }
    text = json.dumps(content, sort_keys=True)
    return Settings(hashlib.sha256(text.encode()).hexdigest(), text)
