"""The shape of a result file, "gouji/1": a promise to every program that reads it.

It is changed only by adding. Figures are strings, so that nothing is rounded.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Final = "gouji/1"

Probability = Annotated[float, Field(ge=0, le=1)]
Corner = tuple[int, int]
Place = tuple[str, str]


class _Shape(BaseModel):
    """Unknown keys are passed over: a later Gouji may have added some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WireSource(_Shape):
    """The input file."""

    file: str
    sha256: str
    pages: int


class WireCandidate(_Shape):
    """A text that a reader could have seen."""

    text: str
    probability: Probability


class WireOpinion(_Shape):
    """What one reader by itself held likeliest; its probability is not calibrated."""

    reader: str
    text: str
    probability: Probability


class WireCell(_Shape):
    """A figure; ``page`` and ``polygon`` are null where it was found on no page.

    ``legible`` and ``reliable`` are kept inside a run and stand in no result file.
    """

    row: str
    column: str
    printed: str
    value: str | None
    status: Literal["read", "repaired", "derived", "disputed", "unreadable", "human"]
    needs_review: bool
    confidence: Probability
    reason: str
    candidates: tuple[WireCandidate, ...]
    page: int | None
    polygon: tuple[Corner, Corner, Corner, Corner] | None
    suggestion: str | None = None
    reason_zh: str = ""
    reason_en: str = ""
    readers: tuple[WireOpinion, ...] = ()
    legible: bool = True
    reliable: bool = True


class WireCheck(_Shape):
    """An equation; ``holds`` is null where an unreadable cell leaves it open."""

    equation: str
    holds: bool | None
    expected: str | None
    found: str | None


class WireTable(_Shape):
    """A table; cells as the template lists them, row by row."""

    table: str
    template: str
    pages: tuple[int, ...]
    cells: tuple[WireCell, ...]
    checks: tuple[WireCheck, ...]


class WireFinding(_Shape):
    """Something a person should know."""

    code: str
    message: str
    table: str | None
    cells: tuple[Place, ...]
    page: int | None
    wants_person: bool = False
    message_zh: str = ""
    message_en: str = ""


class WireReport(_Shape):
    """A result file."""

    # "schema" would hide a method of pydantic's, hence the alias.
    schema_: Literal["gouji/1"] = Field(alias="schema")
    source: WireSource
    agency: str | None
    year: int | None
    status: Literal["clean", "repaired", "review", "failed"]
    tables: tuple[WireTable, ...]
    findings: tuple[WireFinding, ...]
