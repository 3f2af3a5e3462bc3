"""Hands out a document's sheets: pages to be looked at, and leaves that hold their own words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pypdfium2

from document.flow import FlowPicture
from pipeline.flow_table import flow_sight
from pipeline.intake import open_pdf
from pipeline.leaf import Leaf, sight_of, usable
from pipeline.pdf import rendered_dpi
from pipeline.text_layer import TextLayers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

    from document.page import Page, PageFailure
    from pipeline.intake import Document
    from pipeline.sight import Sight


def sheets_of(document: Document) -> Iterator[Page | PageFailure | Leaf | Sight]:
    """Take the wanted pages one by one, those with words of their own as leaves.

    What a web page or a Word document says outright needs no further look.

    A person who asks for a resolution, or turns a page, wants it seen: then it is a page.
    """
    if document.flow is not None:
        for number in document.wanted:
            section = document.flow.sections[number - 1]
            if isinstance(section[0], FlowPicture):
                yield from replace(document, wanted=(number,), absent=()).pages()
            else:
                yield flow_sight(number, section)
        yield from document.missing_pages()
        return
    layers = _layers(document)
    if layers is None:
        yield from document.pages()
        return
    try:
        with open_pdf(document.path) as pdf:
            for number in document.wanted:
                yield _leaf(document, pdf, layers, number) or document.pdf_page(pdf, number)
    finally:
        layers.close()
    yield from document.missing_pages()


def _layers(document: Document) -> TextLayers | None:
    if document.kind != "PDF":
        return None
    try:
        return TextLayers(document.path)
    except (pypdfium2.PdfiumError, OSError):
        return None  # damaged in a way that only others mend


def _leaf(document: Document, pdf: pikepdf.Pdf, layers: TextLayers, number: int) -> Leaf | None:
    handling = document.handled(number)
    if handling.dpi is not None or handling.turns is not None:
        return None
    dpi = rendered_dpi(pdf, number)
    if dpi is None:
        return None  # PDFium would not come to an end with it either
    try:
        layer = layers.layer(number)
    except pypdfium2.PdfiumError:
        return None
    if layer is None or not usable(layer):
        return None
    sight = sight_of(layer, number, dpi)
    if sight is None:
        return None
    return Leaf(
        number,
        sight,
        dpi,
        partial(layers.picture, number),
        partial(document.pdf_page, pdf, number),
    )
