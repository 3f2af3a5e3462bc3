"""Whose report of which year: read from the lines above the first table."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20[0-4]\d|[二2][〇○零0][〇○零一二三四0-4][〇○零一二三四五六七八九\d])年")
_NAME = r"[^\d\n，。；：,;:、>》]"
_TITLE = re.compile(
    rf"(?P<agency>{_NAME}{{2,30}})?\n?(?:关于)?"
    r"(?P<year>20\d\d|二[〇○零][〇○零一二三四][〇○零一二三四五六七八九])\n?年\n?度?\n?"
    # a long title may go on in the next line after any character
    rf"(?P<agency2>{_NAME}*?)\n?(?:政\n?府\n?)?信\n?息\n?公\n?开\n?(?:工\n?作\n?)?(?:年\n?度\n?)?"
    r"(?:工\n?作\n?)?(?:情\n?况\n?)?(?:的\n?)?报"
)
_PLACE = re.compile("[省市县区州旗盟镇乡]")
_BEGUN = re.compile(rf"(?:^|\n)({_NAME}{{0,12}}[省市县区州旗盟镇乡]{_NAME}{{0,12}})\n?$")
"""The end of the text before a name without a place: a line of its own that names one."""


def title(lines: Sequence[str]) -> tuple[str | None, int | None]:
    """Return (agency, year of the report) from lines in reading order; None where not found."""
    text = "\n".join(re.sub(r"\s+", "", unicodedata.normalize("NFKC", line)) for line in lines)
    found = _TITLE.search(text)
    if found:
        agency = (found["agency"] or found["agency2"] or "").strip("《》“”\"'()（）[]|丨、.-— ")
        agency = agency.removesuffix("关于")
        if agency and not _PLACE.search(agency):
            agency = _begun(text[: found.start()]) + agency
        return agency or None, _year(found["year"])
    year = _YEAR.search(text)
    return None, _year(year[1]) if year else None


def _begun(before: str) -> str:
    """Return the line right before an agency's name, where that line begins it."""
    found = _BEGUN.search(before)
    return found[1] if found else ""


def _year(text: str) -> int:
    return int(text.translate(_DIGITS))
