"""What a worker of a batch does: one file in, one report out, with readers loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2

from pipeline.allowance import USUAL, Allowance
from pipeline.intake import Handling, open_document
from pipeline.ordinary_file import check_unchanged
from pipeline.read_text import recover_text
from pipeline.recover import load_readers, recover
from pipeline.relations import related
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from document.report import Report
    from document.template import Template
    from pipeline.prose import Prose


@dataclass(frozen=True, slots=True)
class Manner:
    """How documents are to be read, in words that travel to another process."""

    templates: tuple[Template, ...] = ()
    dpi: int | None = None
    prose: Prose = "auto"
    allowance: Allowance = USUAL
    threads: int = 1
    """Those of each engine. Two workers of one thread read more than one worker of two."""


def load_reader(manner: Manner) -> Callable[[Path], Report]:
    """Load templates and readers, and return what reads a file with them. Raises GoujiError."""
    templates = (*manner.templates, *builtin())
    cv2.setNumThreads(manner.threads)
    readers = load_readers(manner.threads)

    def read(path: Path) -> Report:
        handling = Handling(manner.dpi, allowance=manner.allowance)
        document = open_document(path, handling=handling)
        if document.kind == "TEXT":
            report = recover_text(document, templates=templates, prose=manner.prose)
        else:
            report = recover(document, templates=templates, readers=readers, prose=manner.prose)
        check_unchanged(path, document.source, manner.allowance.file_mib)
        return related(report, templates, ())

    return read
