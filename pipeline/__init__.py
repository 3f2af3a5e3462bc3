"""The story itself: a document in, a report out.

``from pipeline import recover`` and what is named in ``__all__`` is for other programs; see
docs/library.md. It is loaded when it is asked for, so that every command starts fast.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.library import load_readers, load_report, load_template, recover, save

__all__ = ["load_readers", "load_report", "load_template", "recover", "save"]


def __getattr__(name: str) -> object:
    """Load what other programs call, at its first use."""
    if name in __all__:
        return getattr(import_module("pipeline.library"), name)
    raise AttributeError(name)


class _Package(ModuleType):
    """A package whose ``recover`` is the function, though one of its modules is called so too."""

    def __setattr__(self, name: str, value: object) -> None:
        """Leave out what importing ``pipeline.recover`` would set; it stays in ``sys.modules``."""
        if name != "recover" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
