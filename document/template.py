"""A form as it is printed, and the equations its figures must satisfy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

Address: TypeAlias = tuple[str, str]
"""A figure's place in a table: (row key, column key)."""

CellType: TypeAlias = Literal[
    "count", "signed", "decimal", "signed-decimal", "amount", "money", "percent"
]
"""count: int ≥ 0; signed: int; decimal: ≥ 0 with any number of decimals; signed-decimal: the same
with a sign, a minus or the brackets of accountants; amount: signed-decimal that is always printed
with two decimals, so that a figure cut off at its end is noticed; money: decimal whose unit may be
printed in the cell (元, 万元), normalised to 元; percent: signed-decimal, with or without %."""

SIGNED: frozenset[CellType] = frozenset({"signed", "signed-decimal", "amount", "percent"})
"""The types whose figures may be less than zero."""


@dataclass(frozen=True, slots=True)
class TemplateCell:
    """One cell of the printed form: a label, or the place of a figure.

    ``row`` and ``column`` are grid positions in the printed table, spans included.
    ``label`` is the printed text ("" for a figure); ``address`` is None for a label.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    label: str
    variants: tuple[str, ...]
    address: Address | None
    type: CellType | None

    def __hash__(self) -> int:
        """Tell cells apart by where they stand: quicker than by all they say, and enough."""
        return hash((self.row, self.column, self.label))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every wording this label is known to be printed with, the form's own first."""
        return (self.label, *self.variants)


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ left = Σ right over figures of one table; ``left`` is what the page states as a total.

    ``name`` is the spoken form, with keys: "new: total = person + business + …". What is spoken
    with a minus stands on the other side here: "net = gross - costs" has net and costs on the
    left.
    """

    name: str
    left: tuple[Address, ...]
    right: tuple[Address, ...]

    @property
    def cells(self) -> tuple[Address, ...]:
        """All figures it speaks of, left ones first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A figure of any table, in the report of the same agency ``years_before`` this one's."""

    table: str
    address: Address
    years_before: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions, added, subtracted, multiplied or divided."""

    sign: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


Expression: TypeAlias = Decimal | FigureOf | Operation
Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Relation:
    """What figures must satisfy and no repair can use: it is evaluated, and a breach is told.

    Inequalities, products and quotients, figures of several tables or years, and equations that
    hold ``within`` a tolerance only. A ``soft`` one is broken by right pages now and then, so
    that its breach is a note. ``table`` is the table it is written at.
    """

    name: str
    table: str
    left: Expression
    comparison: Comparison
    right: Expression
    within: Decimal = Decimal(0)
    soft: bool = False


@dataclass(frozen=True, slots=True)
class TableTemplate:
    """One table of a form, as a printed grid of ``rows`` × ``columns`` bands."""

    id: str
    headings: tuple[str, ...]
    rows: int
    columns: int
    cells: tuple[TemplateCell, ...]
    equations: tuple[Equation, ...]
    row_names: tuple[tuple[str, str], ...]
    column_names: tuple[tuple[str, str], ...]
    relations: tuple[Relation, ...] = ()

    def __hash__(self) -> int:
        """Hash what tells tables apart, and not every cell of them: they are often looked up."""
        return hash((self.id, self.rows, self.columns, self.headings))

    @property
    def figures(self) -> tuple[TemplateCell, ...]:
        """The cells that hold figures, row by row."""
        return _figures(self)

    def row_name(self, key: str) -> str:
        """Return the printed (Chinese) name of a row key; the key itself where unnamed."""
        return _name(self.row_names, key)

    def column_name(self, key: str) -> str:
        """Return the printed (Chinese) name of a column key; the key itself where unnamed."""
        return _name(self.column_names, key)


def _name(names: tuple[tuple[str, str], ...], key: str) -> str:
    """Return the name of ``key``, or itself: lists are short, and asked for one name at a time."""
    for one, name in names:
        if one == key:
            return name
    return key


@lru_cache(maxsize=256)
def _figures(table: TableTemplate) -> tuple[TemplateCell, ...]:
    return tuple(cell for cell in table.cells if cell.address is not None)


@dataclass(frozen=True, slots=True)
class Template:
    """A form: its tables, and the phrases by which an unsuited form is told from it.

    ``foreign`` are phrases that prove a table to be of another form (pre-2019 reports).
    """

    id: str
    title: str
    tables: tuple[TableTemplate, ...]
    foreign: tuple[str, ...]
