"""A reader that takes documents apart as the true one does, and looks at no figure.

What it says of a document are its findings, a digest of its pages' pixels, and how much memory
taking it apart has needed.
"""

from __future__ import annotations

import hashlib
import resource
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from document.message import Message
from document.page import Page, PageFailure
from document.report import Finding, Report
from pipeline.intake import open_document
from pipeline.leaf import Leaf
from pipeline.ordinary_file import check_unchanged
from pipeline.read_text import recover_text
from pipeline.sheets import sheets_of
from reconstruct.templates import builtin

if TYPE_CHECKING:
    from pathlib import Path


def load() -> Any:
    return read


def read(path: Path) -> Report:
    document = open_document(path)
    findings = [replace(one) for one in document.findings]
    digest = hashlib.sha256()
    if document.kind == "TEXT":
        return recover_text(document, templates=builtin())
    for page in sheets_of(document):
        if isinstance(page, PageFailure):
            findings.append(Finding(page.code, page.message, page=page.number))
        elif isinstance(page, Leaf):
            digest.update(page.render(72).tobytes())
        elif isinstance(page, Page):
            digest.update(page.image.tobytes())
    check_unchanged(path, document.source)
    findings.append(Finding("pixels", Message(digest.hexdigest(), digest.hexdigest())))
    highest = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    findings.append(Finding("memory", Message(highest, highest)))
    return Report(document.source, None, None, (), tuple(findings))
