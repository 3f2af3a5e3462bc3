"""Pictures of the figures that somebody should look at, cut from the pages of an open document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from document.errors import InputError
from document.page import Page
from pipeline.crops import crop, jpeg
from pipeline.words import is_remarkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document.geometry import Polygon
    from document.report import Report
    from document.template import Address
    from pipeline.intake import Document

Spot: TypeAlias = "tuple[int, Address]"
"""Which of a report's tables (from 0), and the figure in it."""


def crops_of(document: Document, report: Report) -> Mapping[Spot, bytes]:
    """Return pictures (JPEG) of the figures that are not plainly read, each with its cell outlined.

    Pages are decoded once more, one at a time, and only those that are needed. A page that
    cannot be had again has no pictures.
    """
    wanted: dict[int, list[tuple[Spot, Polygon]]] = {}
    for number, table in enumerate(report.tables):
        for cell in table.cells:
            if cell.page and cell.polygon is not None and is_remarkable(cell):
                wanted.setdefault(cell.page, []).append(((number, cell.address), cell.polygon))
    if not wanted or document.kind == "TEXT":
        return {}
    found: dict[Spot, bytes] = {}
    try:
        there = tuple(sorted(n for n in wanted if n <= document.source.pages))
        for page in replace(document, wanted=there, absent=()).pages():
            if not isinstance(page, Page):
                continue
            for spot, polygon in wanted[page.number]:
                found[spot] = jpeg(crop(page.image, [polygon], [polygon]))
    except InputError:
        return found  # the file has become unreadable since
    return found
