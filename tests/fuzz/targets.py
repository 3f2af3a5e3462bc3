"""What is fuzzed: every parser of ours takes any bytes and returns, or raises a GoujiError."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from document.errors import GoujiError
from document.numeral import parse as parse_numeral
from document.numeral import spell
from document.template import CellType
from pipeline.allowance import parse_limits
from pipeline.docx_flow import read_docx
from pipeline.export_json import pack
from pipeline.export_json import parse as parse_report
from pipeline.flow_file import absent_pictures, flow_page
from pipeline.flow_table import flow_sight
from pipeline.gather import gather
from pipeline.html_flow import read_html
from pipeline.intake import open_document
from pipeline.read_text import recover_text
from pipeline.selection import beyond, parse_pages, selected
from pipeline.text_file import decode
from pipeline.typed import typed_tables
from reconstruct.templates import builtin, of_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.flow import Flow

_FOLDER = Path(tempfile.mkdtemp(prefix="gouji-fuzz-"))
_KINDS = get_args(CellType)
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_XML = "word/document.xml"


def numeral(data: bytes) -> None:
    """Figures as cells hold them, of every type; what is read is spelled and read again."""
    text = data[1:].decode("utf-8", "replace")
    kind = cast("CellType", _KINDS[data[0] % len(_KINDS)] if data else _KINDS[0])
    found = parse_numeral(text, kind)
    if found.value is not None:
        spell(found.value)


def results(data: bytes) -> None:
    """Result files; what is taken for one is written again and means the same."""
    with suppress(GoujiError):
        report = parse_report(data)
        again = parse_report(pack(report))  # a message in one language has both from here on
        assert parse_report(pack(again)) == again


def template(data: bytes) -> None:
    """Template files: all faults are named, or there is a template."""
    form, faults = of_text(data.decode("utf-8", "replace"), "x.toml")
    assert form is not None or faults


def paths(data: bytes) -> None:
    """Lists of files in CSV."""
    path = _file(data, ".csv")
    with suppress(GoujiError):
        for number, _ in enumerate(gather([path], _FOLDER)):
            if number > 100:
                break


def pages(data: bytes) -> None:
    """What --pages and --limit take."""
    text = data.decode("utf-8", "replace")
    with suppress(GoujiError):
        chosen = parse_pages(text)
        assert all(0 < page <= 50 for page in selected(chosen, 50))
        assert all(page > 50 for page in beyond(chosen, 50))
    with suppress(GoujiError):
        parse_limits([text])


def encoding(data: bytes) -> None:
    """Texts in whatever encoding."""
    with suppress(GoujiError):
        decode(data)


def html(data: bytes) -> None:
    """Web pages."""
    with suppress(GoujiError):
        _flow(read_html(_file(data, ".html")))


def docx(data: bytes) -> None:
    """Word documents as they lie on disk: archives."""
    with suppress(GoujiError):
        _flow(read_docx(_file(data, ".docx")))


def docx_xml(data: bytes) -> None:
    """What a Word document says, in a package that is whole."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(_XML, data)
    docx(held.getvalue())


def text(data: bytes) -> None:
    """Reports that lost their grid."""
    path = _file(data, ".txt")
    with suppress(GoujiError):
        document = open_document(path)
        if document.kind == "TEXT":
            pack(recover_text(document, templates=builtin()))


def typed(data: bytes) -> None:
    """What gouji check takes: texts, CSV, XLSX, result files."""
    with suppress(GoujiError):
        typed_tables(_file(data, ".csv"), builtin())


def _flow(flow: Flow) -> None:
    absent_pictures(flow)
    for number, section in enumerate(flow.sections, 1):
        if flow_page(flow, number) is None:
            flow_sight(number, section)


def _file(data: bytes, suffix: str) -> Path:
    path = _FOLDER / f"x{suffix}"
    path.write_bytes(data)
    return path


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        numeral,
        results,
        template,
        paths,
        pages,
        encoding,
        html,
        docx,
        docx_xml,
        text,
        typed,
    )
}
