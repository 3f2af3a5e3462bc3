"""Word documents: their text, tables and pictures in the order they are read."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.etree

from document.flow import Block, FlowPicture, FlowText, cut
from pipeline.allowance import USUAL
from pipeline.archive import ENTRY, directory_size
from pipeline.docx_package import DAMAGES, LARGEST_PICTURE, MOST_MEMBERS, PARSING, Package
from pipeline.docx_picture import cropping
from pipeline.faults import cause, fault
from pipeline.flow_table import MOST_CELLS, laid_out, raised, struck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from document.flow import Flow, Margins
    from pipeline.allowance import Allowance

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SECONDS = 120
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "rPr", "pPr"})


def is_doc(path: Path) -> bool:
    """Tell whether an old Office file is a Word document: it has a stream of that name."""
    try:
        with path.open("rb") as stream:
            return "WordDocument".encode("utf-16-le") in stream.read(16 << 20)
    except OSError:
        return False


def read_doc(path: Path, allowance: Allowance = USUAL) -> Flow:
    """Return what an old Word document holds, through LibreOffice. Raises InputError."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise fault("doc-wants-libreoffice")
    with tempfile.TemporaryDirectory(prefix="gouji-doc-") as name:
        folder = Path(name)
        try:
            shutil.copyfile(path, folder / "in.doc")
            if not _converted(office, folder, folder / "profile"):
                # Its first start writes a profile and starts anew, which a confined process cannot:
                # the socket that is left may not be removed. A second profile has its own.
                shutil.copytree(folder / "profile", folder / "again", dirs_exist_ok=True)
                _converted(office, folder, folder / "again")
        except (subprocess.SubprocessError, OSError) as error:
            raise fault("damaged-doc", cause=type(error).__name__) from error
        made = folder / "out" / "in.docx"
        if not made.exists():
            raise fault("damaged-doc", cause="LibreOffice")
        return read_docx(made, allowance)


def _converted(office: str, folder: Path, profile: Path) -> bool:
    """Have LibreOffice convert in.doc in a folder; tell whether it says that it did."""
    done = subprocess.run(  # noqa: S603 - a program of the system, the file under our own name
        [
            *(office, "--headless", f"-env:UserInstallation=file://{profile}"),
            *("--convert-to", "docx", "--outdir", str(folder / "out"), str(folder / "in.doc")),
        ],
        check=False,
        capture_output=True,
        timeout=_SECONDS,
    )
    return done.returncode == 0


def read_docx(path: Path, allowance: Allowance = USUAL) -> Flow:
    """Return what a Word document holds. Raises InputError where it is damaged or a bomb."""
    try:
        if directory_size(path) > MOST_MEMBERS * ENTRY:
            raise fault("docx-bomb", cause=f"> {MOST_MEMBERS} files")
        with zipfile.ZipFile(path) as archive:
            package = Package(archive, allowance)
            root = package.xml("word/document.xml")
            targets = package.targets("word/_rels/document.xml.rels")
            story = _Story(package, targets, allowance)
            story.walk(root, 0)
            return cut(tuple(story.blocks), tuple(story.absent))
    except (*DAMAGES, KeyError, *PARSING) as error:
        raise fault("damaged-docx", cause=cause(error)) from error


class _Story:
    """Gathers the blocks of a document while its elements are walked through."""

    def __init__(self, package: Package, targets: Mapping[str, str], allowance: Allowance) -> None:
        self.blocks: list[Block] = []
        self.absent: list[str] = []
        self._package = package
        self._targets = targets
        self._allowance = allowance
        self._pictures = 0

    def walk(self, element: lxml.etree._Element, depth: int) -> None:
        """Take what stands in a part of the document that holds paragraphs and tables."""
        if depth > self._allowance.depth:
            raise fault("too-deep", limit=self._allowance.depth)
        for child in element:
            name = _name(child)
            if name == "p":
                self._paragraph(child, depth)
            elif name == "tbl":
                self._table(child, depth)
            elif name not in _SKIPPED:
                self.walk(child, depth + 1)

    def _paragraph(self, element: lxml.etree._Element, depth: int) -> None:
        text = _text(element)
        if text.strip():
            self.blocks.append(FlowText(text))
        self._inside(element, depth)

    def _inside(self, element: lxml.etree._Element, depth: int) -> None:
        """Take pictures and text boxes, which hang on paragraphs."""
        if depth > self._allowance.depth:
            raise fault("too-deep", limit=self._allowance.depth)
        for child in element:
            name = _name(child)
            if name == "txbxContent":
                self.walk(child, depth + 1)
            elif name in {"blip", "imagedata"}:
                identifier = child.get(f"{_R}embed") or child.get(f"{_R}id") or ""
                self._picture(identifier, cropping(element, child))
            elif name not in _SKIPPED:
                self._inside(child, depth + 1)

    def _picture(self, identifier: str, hidden: Margins) -> None:
        target = self._targets.get(identifier)
        if target is None:
            self.absent.append(identifier or "?")
            return
        name = target.removeprefix("/")
        self._pictures += 1
        if self._pictures > self._allowance.pictures:
            raise fault("too-many-pictures", limit=self._allowance.pictures)
        try:
            content = self._package.read(name, LARGEST_PICTURE)
            self.blocks.append(FlowPicture(name, content, hidden))
        except KeyError:
            self.absent.append(name)

    def _table(self, element: lxml.etree._Element, depth: int) -> None:
        rows = [row for row in _through(element) if _name(row) == "tr"]
        cells = [cell for row in rows for cell in _through(row) if _name(cell) == "tc"]
        if any(_name(inner) == "tbl" for cell in cells for inner in cell.iterdescendants()):
            for cell in cells:  # it only arranges other tables
                self.walk(cell, depth + 1)
            return
        # beyond that no table is laid out, and looking for merged cells would take for ever
        table = laid_out(list(_grid(rows))) if len(cells) <= MOST_CELLS else None
        if table is not None:
            self.blocks.append(table)
        for cell in cells:
            self._inside(cell, depth + 1)


def _grid(rows: list[lxml.etree._Element]) -> Iterator[list[tuple[int, int, str]]]:
    """Yield the cells of each row that begin there, with what they span."""
    laid: list[list[tuple[int, int, bool, str]]] = []  # column, columns, continues, text
    for row in rows:
        column = int(_value(row, "trPr", "gridBefore") or 0)
        cells = [(0, column, False, "")] if column else []
        for cell in _through(row):
            if _name(cell) != "tc":
                continue
            width = max(1, int(_value(cell, "tcPr", "gridSpan") or 1))
            merge = _value(cell, "tcPr", "vMerge")
            text = "\n".join(_text(p) for p in cell.iter(f"{_W}p"))
            if _value(cell, "tcPr", "hMerge") == "continue" and cells:
                before = cells[-1]
                cells[-1] = (before[0], before[1] + width, before[2], before[3] + text)
            else:
                cells.append((column, width, merge in {"", "continue"}, text))
            column += width
        laid.append(cells)
    for number, cells in enumerate(laid):
        begun = []
        for column, width, continues, text in cells:
            above = number > 0 and any(
                c == column and w == width for c, w, _, _ in laid[number - 1]
            )
            if continues and above:
                continue
            height = 1
            while number + height < len(laid) and any(
                c == column and w == width and goes_on for c, w, goes_on, _ in laid[number + height]
            ):
                height += 1
            begun.append((height, width, text))
        yield begun


def _through(element: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    """Yield children, also those that a content control or a tracked insertion wraps."""
    for child in element:
        if _name(child) in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _through(child)
        else:
            yield child


def _name(element: lxml.etree._Element) -> str:
    tag = element.tag
    return lxml.etree.QName(element).localname if isinstance(tag, str) else ""


def _value(element: lxml.etree._Element, holder: str, name: str) -> str | None:
    """Return a property's value, "" where it is named without one, None where it is not."""
    found = element.find(f"{_W}{holder}/{_W}{name}")
    return None if found is None else found.get(f"{_W}val", "")


def _on(run: lxml.etree._Element, name: str) -> bool:
    value = _value(run, "rPr", name)
    return value is not None and value not in {"0", "false", "off"}


def _text(paragraph: lxml.etree._Element) -> str:
    """Return a paragraph's visible text; footnote marks and struck words are told apart."""
    parts: list[str] = []
    for child in _through(paragraph):
        name = _name(child)
        if name == "r":
            parts.append(_run(child))
        elif name in {"hyperlink", "fldSimple", "dir", "bdo"}:
            parts.append(_text(child))
    return "".join(parts)


def _run(run: lxml.etree._Element) -> str:
    if _on(run, "vanish"):
        return ""
    text = ""
    for child in run:
        name = _name(child)
        if name == "t":
            text += child.text or ""
        elif name in {"tab", "br", "cr"}:
            text += "\n" if name != "tab" else "\t"
        elif name == "sym":
            text += "\ufffd"
        elif name == "noBreakHyphen":
            text += "-"
    if _value(run, "rPr", "vertAlign") in {"superscript", "subscript"}:
        return raised(text)
    return struck(text) if _on(run, "strike") or _on(run, "dstrike") else text
