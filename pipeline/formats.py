"""The formats that a report leaves in, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pipeline.export_csv import to_csv
from pipeline.export_html import to_html
from pipeline.export_json import to_json
from pipeline.export_markdown import to_markdown
from pipeline.export_xlsx import to_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.report import Report
    from document.template import Template
    from pipeline.intake import Document

Format: TypeAlias = Literal["json", "xlsx", "csv", "html", "md"]
FORMATS: tuple[Format, ...] = ("json", "xlsx", "csv", "html", "md")


def written(
    report: Report,
    form: Format,
    templates: Sequence[Template],
    language: Language,
    document: Document | None = None,
) -> bytes:
    """Return the file of a report; pictures of figures in doubt are taken from ``document``."""
    if form == "xlsx":
        return to_xlsx(report, templates, language)
    if form == "csv":
        return to_csv(report, templates, language)
    if form == "md":
        return to_markdown(report, templates, language)
    if form == "html":
        from pipeline.album import crops_of  # noqa: PLC0415 - imports cv2, which takes a while

        crops = {} if document is None else crops_of(document, report)
        return to_html(report, templates, language, crops)
    return to_json(report, language)
