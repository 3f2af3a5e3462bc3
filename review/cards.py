"""A card: all that a person needs to see to decide one figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from document.decision import Answer
from document.message import Message
from document.numeral import Kind, parse, spell
from document.report import Status
from pipeline.sheet import find_template
from review.equations import balances, label
from review.pictures import turns_of
from review.words import ANSWERS, READERS, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document.message import Language
    from document.reading import Opinion
    from document.report import Cell, Figure
    from document.template import CellType, Template
    from pipeline.decisions import Entry
    from review.dossier import Dossier
    from review.equations import Balance
    from review.leases import Spot

_MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose by key; ``value`` None stands for a blank.

    ``percent`` says how likely the readers hold it, None where equations alone ask for it.
    """

    key: int
    text: str
    value: str | None
    percent: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure lies: its page, the quarter turns that make that upright, its corners.

    The corners are in pixels of the page as stored.
    """

    page: int
    turns: int
    corners: tuple[tuple[float, float], ...]

    @property
    def points(self) -> str:
        """The corners as "x,y x,y x,y x,y"."""
        return " ".join(f"{x:.0f},{y:.0f}" for x, y in self.corners)


@dataclass(frozen=True, slots=True)
class Card:
    """A figure to be decided.

    ``standing`` is what Enter accepts at first: a number, "" for a blank, None for nothing.
    ``turn`` counts the entries that the person was shown.
    """

    spot: Spot
    dossier: Dossier
    cell: Cell
    title: str
    options: tuple[Option, ...]
    standing: str | None
    balances: tuple[Balance, ...]
    turn: int
    place: Place | None
    history: tuple[str, ...]
    confirmable: bool


def card_of(
    dossier: Dossier, spot: Spot, templates: Sequence[Template], language: Language
) -> Card | None:
    """Return the card of a figure; None where the report has none such."""
    table, cell = dossier.table(spot.table), dossier.cell(spot)
    if table is None or cell is None:
        return None
    form = find_template(table, templates)
    kind = kind_of(dossier, spot, templates)
    options = options_of(cell, kind)
    entries = dossier.history(spot)
    return Card(
        spot=spot,
        dossier=dossier,
        cell=cell,
        title=label(spot.address, form, language),
        options=options,
        standing=standing_of(cell, options),
        balances=balances(table, form, spot.address, language),
        turn=entries[-1].turn if entries else 0,
        place=place_of(cell),
        history=history_of(cell, entries, language),
        confirmable=cell.status is Status.DISPUTED or _fails(dossier, spot, templates),
    )


def kind_of(dossier: Dossier, spot: Spot, templates: Sequence[Template]) -> CellType:
    """Return of which type a figure is; a decimal where its form is not at hand."""
    table = dossier.table(spot.table)
    form = find_template(table, templates) if table else None
    kinds = (one.type for one in form.figures if one.address == spot.address) if form else ()
    return next(iter(kinds), None) or "decimal"


def meant(
    answer: str, text: str, kind: CellType, standing: str = ""
) -> tuple[Answer, Figure | None] | None:
    """Return what a person says of a figure; None where the text is none.

    ``answer`` is empty where a figure was typed; ``standing`` is "blank" where nothing typed
    accepts that nothing is printed.
    """
    if answer:
        return Answer(answer), None
    numeral = parse(text, kind)
    if numeral.kind is Kind.NUMBER and numeral.remark is None and numeral.unit is None:
        return None if numeral.value is None else (Answer.VALUE, numeral.value)
    empty = not text.strip()
    if numeral.kind in {Kind.BLANK, Kind.DASH, Kind.NONE} and (not empty or standing == "blank"):
        return Answer.BLANK, None
    return None


def likely(card: Card, kind: CellType) -> tuple[tuple[Answer, Figure | None], ...]:
    """Return what a person will say of a card, the likeliest first: Enter, then P.

    P comes first where they said before what does not add up, and are asked once more. Other
    candidates are chosen so seldom that to settle them beforehand would cost more.
    """
    blank = "blank" if card.standing is not None and not card.standing else ""
    said = meant("", card.standing or "", kind, blank)
    again = card.cell.status is Status.HUMAN and card.cell.needs_review
    page = (Answer.PAGE, card.cell.value) if again or card.cell.status is Status.DISPUTED else None
    ranked = (page, said) if again else (said, page)
    return tuple(one for one in ranked if one is not None)


def place_of(cell: Cell) -> Place | None:
    """Return where a figure lies; None where it was found on no page."""
    if cell.polygon is None or not cell.page:
        return None
    return Place(cell.page, turns_of(cell.polygon), tuple(cell.polygon))


def history_of(cell: Cell, entries: Sequence[Entry], language: Language) -> tuple[str, ...]:
    """Return what became of a figure: as read, as accepted, as decided by whom and when."""
    seen = cell.reading.candidates[:3] if cell.reading else ()
    read = "、".join(f"“{one.text}” {one.probability:.1%}" for one in seen)
    why = "" if cell.status is Status.HUMAN else cell.reason.say(language)
    told = why.lower().startswith(Message("读作", "read as").say(language))
    lines = [Message(f"读作 {read}", f"read as {read}").say(language)] if seen and not told else []
    lines += [f"{READERS[one.reader].say(language)}: “{one.text}”" for one in told_apart(cell)]
    lines += [why] if why else []
    for one in entries:
        said = WORDS["undone"].say(language)
        if one.decision is not None:
            said = ANSWERS[one.decision.answer].say(language)
            if one.decision.value is not None:
                said += f" {spell(one.decision.value)}"
        when = one.decided[:16].replace("T", " ")
        lines.append(f"{when} UTC {one.person}: {said}")
    return tuple(lines)


def told_apart(cell: Cell) -> tuple[Opinion, ...]:
    """Return what each reader by itself read, where readers are known by name."""
    opinions = cell.reading.opinions if cell.reading else ()
    return tuple(one for one in opinions if one.reader in READERS)


def options_of(cell: Cell, kind: CellType) -> tuple[Option, ...]:
    """Return what the readers saw and what the equations ask for, each value once."""
    found: dict[str | None, tuple[str, str | None]] = {}
    if cell.suggestion is not None:
        found[spell(cell.suggestion)] = (spell(cell.suggestion), None)
    for one in cell.reading.candidates if cell.reading else ():
        numeral = parse(one.text, kind)
        if numeral.kind is Kind.OTHER:
            continue
        value = None if numeral.value is None else spell(numeral.value)
        percent = f"{one.probability:.1%}"
        if value not in found or found[value][1] is None:
            found[value] = (one.text, percent)
    ranked = sorted(found.items(), key=lambda one: _rank(cell, one[0]))
    return tuple(
        Option(key, text, value, percent)
        for key, (value, (text, percent)) in enumerate(ranked[:_MOST_OPTIONS], 1)
    )


def _rank(cell: Cell, value: str | None) -> int:
    """Put what stands now first; the others stay in their order."""
    stands = None if cell.value is None else spell(cell.value)
    known = cell.value is not None or cell.status not in {Status.UNREADABLE, Status.DERIVED}
    return 0 if known and value == stands else 1


def standing_of(cell: Cell, options: Sequence[Option]) -> str | None:
    """Return what Enter accepts at first: a number, "" for a blank, None for nothing."""
    if cell.value is not None:
        return spell(cell.value)
    if cell.status in {Status.UNREADABLE, Status.DERIVED}:
        return options[0].value or "" if options else None
    return ""


def _fails(dossier: Dossier, spot: Spot, templates: Sequence[Template]) -> bool:
    """Tell whether an equation of a figure fails as it stands."""
    table = dossier.table(spot.table)
    form = find_template(table, templates) if table else None
    if table is None or form is None:
        return False
    mine = {e.name for e in form.equations if spot.address in e.cells}
    return any(check.holds is False for check in table.checks if check.equation in mine)


def figure_name(spot: Spot, dossier: Dossier, templates: Sequence[Template], lang: Language) -> str:
    """Name a figure of a report in a list."""
    table = dossier.table(spot.table)
    form = find_template(table, templates) if table else None
    return f"{spot.table} {label(spot.address, form, lang)}"
