"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.speech import here

LanguageOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help=here("语言（默认随系统）", "language (default: the locale's)")),
]

TemplateOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--template", metavar="FILE", help=here("另加的表单模板", "a further form's template")
    ),
]
