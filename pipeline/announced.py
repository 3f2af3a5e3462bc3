"""Which tables the headings on a page announce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconstruct.strangers import bare
from reconstruct.wording import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.template import Template
    from pipeline.sight import Sight

HEADED, BELOW = 0.8, 2
"""Likeness from which a line is a table's heading, and how many lines below it are no table."""


def announced(sight: Sight, templates: Sequence[Template]) -> set[str]:
    """Return the names of the tables whose headings stand on a page.

    Below a heading there must be more than a number of a page.
    """
    return {
        table.id
        for line in sight.loose[:-BELOW]
        for form in templates
        for table in form.tables
        if line.text and likeness(bare(line.text), table.headings) >= HEADED
    }
