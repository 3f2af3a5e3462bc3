"""A template file as its author writes it: its shape, and every fault of that shape."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from document.message import Message
from document.template import CellType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconstruct.toml_lines import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a template file something stands: in words, by its keys, and by its line.

    ``lines`` are those of the whole file; a place without one has that of what holds it.
    """

    file: str
    words: tuple[str, ...] = ()
    path: Path = ()
    lines: Mapping[Path, int] = field(default_factory=dict, compare=False, repr=False)

    def inside(self, words: str, *steps: str | int) -> Place:
        """Return the place further in, at ``steps`` from here, called ``words``."""
        return replace(self, words=(*self.words, words), path=(*self.path, *steps))

    @property
    def line(self) -> int | None:
        """The line (from 1), None where it is not known."""
        path = self.path
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def __str__(self) -> str:
        """Return "file:line: words"."""
        head = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join((head, *self.words))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a template file, and the place where its author has to look."""

    place: Place
    what: Message

    @property
    def message(self) -> Message:
        """Place and fault in one sentence."""
        return Message(f"{self.place}：{self.what.zh}", f"{self.place}: {self.what.en}")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RawEquation(_Shape):
    """An equation as it is spoken, and the rows or columns it is spoken of (all, by default).

    It may be off by ``within``; a ``soft`` one is broken by right pages now and then.
    """

    says: str = Field(min_length=1)
    only: list[str] | None = None
    within: Decimal = Field(default=Decimal(0), ge=0, strict=False)
    soft: bool = False


class RawTable(_Shape):
    """A table as it is printed, line by line."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    headings: list[str] = Field(min_length=1)
    print: list[list[str]] = Field(min_length=1)
    rows: dict[str, str] = Field(min_length=1)
    columns: dict[str, str] = Field(min_length=1)
    types: dict[str, CellType] = Field(min_length=1)
    equations: list[RawEquation] = []


class RawForm(_Shape):
    """A whole form, its tables still unread."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    foreign: list[str] = []
    variants: dict[str, list[str]] = {}
    tables: list[dict[str, Any]] = Field(min_length=1)


_STAND_IN = {"id": "?", "title": "?"}
"""What a form without a name is called while the rest of its file is examined."""


Raw = TypeVar("Raw", bound=BaseModel)


def read_shape(
    model: type[Raw], data: Mapping[str, object], place: Place
) -> tuple[Raw | None, tuple[Fault, ...]]:
    """Return ``data`` as a ``model``, with every fault of its shape.

    Where the faulty pieces can be left out, what remains is returned beside the faults, so
    that the rest of the file is still examined; None where it cannot.
    """
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        details = error.errors()
    faults = tuple(_fault(place, d["loc"], d["type"], d["msg"]) for d in details)
    locations = [detail["loc"] for detail in details]
    if any(location[0] == "print" for location in locations):
        return None, faults  # leaving out a printed cell would shift all others
    rest = copy.deepcopy(dict(data))
    # from the back, so that leaving out one list entry does not move those still to be left out
    for location in reversed(locations):
        _leave_out(rest, location)
    if model is RawForm:
        rest = _STAND_IN | rest
    try:
        return model.model_validate(rest), faults
    except ValidationError:
        return None, faults


def _leave_out(data: Any, location: tuple[int | str, ...]) -> None:
    """Remove from ``data`` the piece at ``location``, where there is one."""
    *way, last = location
    for step in way:
        if not _holds(data, step):
            return
        data = data[step]
    if _holds(data, last):
        del data[last]


def _holds(data: Any, step: int | str) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


TYPES: tuple[str, ...] = get_args(CellType)

_SENTENCES = {
    "missing": Message("缺少此项", "is missing"),
    "extra_forbidden": Message("不认识此项，请核对拼写", "is not a known key; check its spelling"),
    "string_type": Message("应为文字", "should be text"),
    "list_type": Message("应为列表", "should be a list"),
    "dict_type": Message("应为表", "should be a table"),
    "decimal_type": Message("应为数", "should be a number"),
    "decimal_parsing": Message("应为数", "should be a number"),
    "bool_type": Message("应为 true 或 false", "should be true or false"),
    "greater_than_equal": Message("不能小于零", "should not be less than zero"),
    "literal_error": Message(
        f"应为 {'、'.join(TYPES[:-1])} 或 {TYPES[-1]}",
        f"should be {', '.join(TYPES[:-1])} or {TYPES[-1]}",
    ),
    "too_short": Message("不能为空", "should not be empty"),
    "string_too_short": Message("不能为空", "should not be empty"),
    "string_pattern_mismatch": Message(
        "只能用小写字母、数字和下划线，并以字母开头",
        "should be lower-case letters, digits and underscores, beginning with a letter",
    ),
}


def _fault(place: Place, location: tuple[int | str, ...], kind: str, text: str) -> Fault:
    where = "".join(f"[{s + 1}]" if isinstance(s, int) else f".{s}" for s in location).lstrip(".")
    return Fault(place.inside(where, *location), _SENTENCES.get(kind, Message(text, text)))
