"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.speech import here

IN_EARNEST = "in earnest"
"""What the context of a command holds where it has a process to itself, which it may confine."""

LanguageOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help=here("语言（默认随系统）", "language (default: the locale's)")),
]

LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=N",
        help=here(
            "改变一项限额，如 pages=5000（见 docs/security.md）",
            "change a limit, such as pages=5000 (see docs/security.md)",
        ),
    ),
]

TemplateOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--template", metavar="FILE", help=here("另加的表单模板", "a further form's template")
    ),
]
