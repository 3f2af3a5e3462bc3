"""The symbols that the figure readers know."""

from __future__ import annotations

OTHER = "\ufffd"
"""A character that belongs to no figure, or ink that is none (a struck-out digit, a blot)."""

SYMBOLS = "0123456789.,-—/+无元万（）" + OTHER
"""Class i + 1 of the network stands for SYMBOLS[i]; class 0 is the blank of CTC."""

CLASSES = len(SYMBOLS) + 1

_CANONICAL = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "．": ".",
        "，": ",",
        "－": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "–": "—",
        "―": "—",
        "─": "—",
        "／": "/",
        "＋": "+",
        "(": "（",
        ")": "）",
    }
)


def canonical(text: str) -> str:
    """Write ``text`` with one code point for each look: half-width digits, one kind of dash."""
    return text.translate(_CANONICAL)


def encode(text: str) -> list[int]:
    """Return the class numbers of ``text``; a run of foreign characters counts as one OTHER."""
    classes: list[int] = []
    other = SYMBOLS.index(OTHER) + 1
    for character in canonical(text):
        number = SYMBOLS.find(character) + 1
        if number in (0, other):
            if not classes or classes[-1] != other:
                classes.append(other)
        else:
            classes.append(number)
    return classes
