"""What can go wrong with an input, said so that a person knows what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from document.message import Message


class GoujiError(Exception):
    """A fault with a cause and a remedy. ``code`` names its kind in findings."""

    def __init__(self, code: str, message: Message) -> None:
        """Keep the kind of fault and the sentence that says what to do about it."""
        super().__init__(message.en)
        self.code = code
        self.message = message


class InputError(GoujiError):
    """A document that cannot be read: not what it claims, damaged, locked, empty, missing."""


class OutputError(GoujiError):
    """A result that cannot be written."""


class WeightsError(GoujiError):
    """Weights that are missing or are not the ones the manifest names."""


class TemplateError(GoujiError):
    """A template file with faults; the message lists all of them with their places."""
