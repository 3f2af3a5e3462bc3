"""The package of a Word document: its files, taken out of the archive within bounds."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING

import lxml.etree

from pipeline.archive import ENTRY, directory_size
from pipeline.faults import fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.allowance import Allowance

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R.encode()),
)
_LARGEST_XML, LARGEST_PICTURE, _LARGEST_ALL = 64 << 20, 64 << 20, 256 << 20
MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
PARSING = (lxml.etree.XMLSyntaxError, ValueError)


def is_docx(path: Path) -> bool:
    """Tell whether a zip archive is a Word document."""
    return holds(path, "word/document.xml")


def holds(path: Path, name: str) -> bool:
    """Tell whether a zip archive of no unreasonable size holds a file."""
    try:
        if directory_size(path) > MOST_MEMBERS * ENTRY:
            return False
        with zipfile.ZipFile(path) as archive:
            return name in archive.namelist()
    except DAMAGES:
        return False


class Package:
    """The files of a document, taken out within bounds."""

    def __init__(self, archive: zipfile.ZipFile, allowance: Allowance) -> None:
        """Take out nothing yet."""
        self._archive = archive
        self._allowance = allowance
        self._left = _LARGEST_ALL

    def read(self, name: str, limit: int) -> bytes:
        """Return a file.

        Raises KeyError where there is none, InputError where it is too large, and one of DAMAGES.
        """
        if self._archive.getinfo(name).flag_bits & _ENCRYPTED:
            msg = f"{name} is encrypted"
            raise zipfile.BadZipFile(msg)
        with self._archive.open(name) as stream:
            content = stream.read(min(limit, self._left) + 1)
        if len(content) > min(limit, self._left):
            raise fault("docx-bomb", cause=f"{name} > {limit >> 20} MiB")
        self._left -= len(content)
        return content

    def xml(self, name: str) -> lxml.etree._Element:
        """Parse a file: no entities, no network, nothing endless."""
        content = self.read(name, _LARGEST_XML)
        if content.count(b"<") > 2 * self._allowance.elements:  # a tag to begin and one to end
            raise fault("too-many-elements", limit=self._allowance.elements)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise fault("docx-bomb", cause="DOCTYPE")
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        parser = lxml.etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        root = lxml.etree.fromstring(content, parser)
        if root.getroottree().docinfo.doctype:
            raise fault("docx-bomb", cause="DOCTYPE")
        return root

    def targets(self, name: str) -> Mapping[str, str]:
        """Return where the parts that a document refers to lie, by their identifiers."""
        try:
            root = self.xml(name)
        except KeyError:
            return {}
        return {
            one.get("Id", ""): posixpath.normpath(posixpath.join("/word", one.get("Target", "")))
            for one in root
            if one.get("TargetMode") != "External"
        }
