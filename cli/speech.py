"""Which language to speak, and text that is safe to print."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from document.message import Language, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def locale_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of the locale: Chinese where it says so, English otherwise."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def chosen(language: str | None) -> Language:
    """Return the language asked for with --lang, that of the locale where none was."""
    if language == "zh":
        return "zh"
    return "en" if language == "en" else locale_language()


def here(zh: str, en: str) -> str:
    """Return one of two sentences, for help texts: these follow the locale."""
    return Message(zh, en).say(locale_language())


def plain(text: str) -> str:
    """Replace what could steer a terminal: file names and scans are not to be trusted."""
    return _CONTROLS.sub("\ufffd", text)
