"""What Word shows of a picture: people crop a screenshot to the table, and the file keeps all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.etree

if TYPE_CHECKING:
    from document.flow import Margins

_FIXED = 65536
"""What a fraction of VML counts to, where an f stands behind it."""

_MOST = 0.95


def cropping(holder: lxml.etree._Element, picture: lxml.etree._Element) -> Margins:
    """Return the shares of a picture that are cut off: left, top, right, bottom.

    ``picture`` is a ``blip``, beside which a ``srcRect`` may stand in its ``holder``, or VML's
    ``imagedata``. What cannot be meant, or grows the picture, cuts nothing off.
    """
    if lxml.etree.QName(picture).localname == "imagedata":
        names = ("cropleft", "croptop", "cropright", "cropbottom")
        left, top, right, bottom = (_vml(picture.get(name, "")) for name in names)
    else:
        left = top = right = bottom = 0.0
        for one in holder:
            if isinstance(one.tag, str) and lxml.etree.QName(one).localname == "srcRect":
                left, top, right, bottom = (_share(one.get(name, "")) for name in "ltrb")
    if left + right > _MOST or top + bottom > _MOST:
        return (0.0, 0.0, 0.0, 0.0)
    return left, top, right, bottom


def _share(text: str) -> float:
    """Return a share in thousandths of a percent, or in percent where it says so."""
    found = re.fullmatch(r"(\d{1,7}(?:\.\d{1,6})?)(%?)", text.strip())
    return 0.0 if found is None else float(found[1]) / (100 if found[2] else 100_000)


def _vml(text: str) -> float:
    found = re.fullmatch(r"(\d{0,6}(?:\.\d{1,6})?)(f?)", text.strip())
    if found is None or not found[1]:
        return 0.0
    return float(found[1]) / (_FIXED if found[2] else 1)
