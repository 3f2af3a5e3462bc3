"""What a person decided about a figure. It outranks every reader and every equation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.report import Figure
    from document.template import Address


class Answer(StrEnum):
    """What a person may say of a figure.

    VALUE: the page prints this number. BLANK: it prints nothing, a dash or 无. UNREADABLE: nobody
    can read it. PAGE: it is printed as it was read, and the mistake is the page's own.
    """

    VALUE = "value"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer about one figure.

    ``value`` is a number for VALUE, None for BLANK and UNREADABLE, and for PAGE whatever is
    printed: a number, or None for a blank. ``decided`` is the time in UTC, ISO 8601.
    """

    table: str
    address: Address
    answer: Answer
    value: Figure | None
    person: str
    decided: str

    def __post_init__(self) -> None:
        """Raise ValueError where the value does not fit the answer."""
        if self.answer is Answer.VALUE and self.value is None:
            msg = "a decision for a value needs one"
            raise ValueError(msg)
        if self.answer in {Answer.BLANK, Answer.UNREADABLE} and self.value is not None:
            msg = f"a decision for {self.answer} has no value"
            raise ValueError(msg)
