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
    """Return the class numbers of ``text``.

    A run of foreign characters counts as one OTHER, a run of long dashes as one: in print they
    join to one line.
    """
    classes: list[int] = []
    other, dash = SYMBOLS.index(OTHER) + 1, SYMBOLS.index("—") + 1
    for character in canonical(text):
        number = SYMBOLS.find(character) + 1 or other
        if number not in (other, dash) or classes[-1:] != [number]:
            classes.append(number)
    return classes
