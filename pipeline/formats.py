"""The formats that a report leaves in, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from document.word import NOTHING_READ
from pipeline.export_csv import to_csv
from pipeline.export_json import to_json
from pipeline.export_markdown import to_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.report import Report
    from document.template import Template
    from document.word import Transcript
    from pipeline.intake import Document

Format: TypeAlias = Literal["json", "xlsx", "csv", "html", "md", "pdf"]
FORMATS: tuple[Format, ...] = ("json", "xlsx", "csv", "html", "md", "pdf")


def written(
    report: Report,
    form: Format,
    templates: Sequence[Template],
    language: Language,
    document: Document | None = None,
    transcript: Transcript = NOTHING_READ,
) -> bytes | None:
    """Return the file of a report; None where a document has none of that format.

    Pictures of figures in doubt, and the pages of a PDF, are taken from ``document``; what is
    written on these pages besides figures is the ``transcript``. Raises InputError where the
    document has become unreadable.
    """
    if form == "xlsx":
        from pipeline.export_xlsx import to_xlsx  # noqa: PLC0415 - imports openpyxl, which is slow

        return to_xlsx(report, templates, language)
    if form == "csv":
        return to_csv(report, templates, language)
    if form == "md":
        return to_markdown(report, templates, language)
    if form == "html":
        from pipeline.album import crops_of  # noqa: PLC0415 - imports cv2, which takes a while
        from pipeline.export_html import to_html  # noqa: PLC0415 - likewise

        crops = {} if document is None else crops_of(document, report)
        return to_html(report, templates, language, crops)
    if form == "pdf":
        from pipeline.export_pdf import to_pdf  # noqa: PLC0415 - likewise

        return None if document is None else to_pdf(document, report, transcript)
    return to_json(report, language)
