"""What people decided, in the journal: every answer is a new row, and so is taking one back."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from document.decision import Answer, Decision
from document.errors import GoujiError
from document.message import Message
from document.numeral import spell
from pipeline.faults import fault, sentence
from pipeline.journal import guarded
from pipeline.journal_rows import storable
from pipeline.journal_schema import DECISIONS, DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Row

    from document.report import Cell, Figure
    from document.template import Address

_UNDO = "undo"
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person had before their eyes.

    ``result`` is the id of the result, which knows its settings; ``candidates`` are texts with
    their probabilities.
    """

    result: int | None = None
    page: int | None = None
    printed: str = ""
    value: Figure | None = None
    status: str = ""
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to be written down.

    ``after`` is the turn of the figure's last entry that the person knew of, 0 if they knew of
    none; None where that does not matter.
    """

    sha256: str
    table: str
    address: Address
    answer: Answer
    value: Figure | None
    person: str
    shown: Shown = Shown()
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal: a decision, or None where it takes back the entry ``undoes``."""

    id: int
    sha256: str
    table: str
    address: Address
    turn: int
    person: str
    decided: str
    decision: Decision | None
    undoes: int | None
    shown: Shown


class DecidedMeanwhileError(GoujiError):
    """Somebody else decided the same figure since it was shown; ``entry`` is what they said."""

    def __init__(self, entry: Entry) -> None:
        """Keep the entry of the other person."""
        said = entry.decision
        what = Message("撤销", "undone")
        if said is not None:
            text = said.answer.value if said.value is None else spell(said.value)
            what = Message(text, text)
        other = sentence("decided-meanwhile", person=entry.person, said=what.en)
        super().__init__("decided-meanwhile", other)
        self.entry = entry


def shown(cell: Cell, result: int | None) -> Shown:
    """Return what a screen shows of a figure."""
    seen = cell.reading.candidates if cell.reading else ()
    candidates = tuple((one.text, float(f"{one.probability:.6g}")) for one in seen)
    page = cell.page or None
    return Shown(result, page, cell.printed, cell.value, cell.status.value, candidates)


def decide(engine: Engine, choices: Sequence[Choice]) -> tuple[Entry, ...]:
    """Write down answers, all of them or none; returns their entries.

    Raises:
        DecidedMeanwhileError: One of the figures has an entry that its person did not know of.
        InputError: ``not-in-run``: the run does not hold one of the documents.
        OutputError: The journal cannot be written.
        ValueError: A value does not fit its answer.
    """
    now = _now()
    for one in choices:
        Decision(one.table, one.address, one.answer, one.value, one.person, now)

    def write(connection: Connection) -> list[int]:
        return [_choose(connection, one, now) for one in choices]

    return _entries(engine, _in_turn(engine, write))


def undo(engine: Engine, number: int, person: str) -> Entry:
    """Take back the entry of that id: what was decided before holds again.

    Raises InputError ``no-such-decision`` where there is none or it was taken back already,
    DecidedMeanwhileError where somebody else writes at the same moment, and OutputError.
    """

    def write(connection: Connection) -> list[int]:
        wanted = select(DECISIONS).where(DECISIONS.c.id == number, DECISIONS.c.answer != _UNDO)
        undone = select(DECISIONS.c.id).where(DECISIONS.c.undoes == number)
        found = connection.execute(wanted).first()
        if found is None or connection.execute(undone).first() is not None:
            raise fault("no-such-decision")
        address = (found.row, found.column)
        row = {
            "answer": _UNDO,
            "person": storable(person),
            "decided": _now(),
            "undoes": number,
            "result": found.result,
            "page": found.page,
            "shown": "{}",
        }
        return [_add(connection, _place(found.sha256, found.table, address), row)]

    return _entries(engine, _in_turn(engine, write))[0]


def decisions_of(engine: Engine, sha256: str) -> tuple[Entry, ...]:
    """Return all entries about a document, in their order, those taken back included."""
    wanted = select(DECISIONS).where(DECISIONS.c.sha256 == sha256).order_by(DECISIONS.c.id)
    with guarded(), engine.connect() as connection:
        return tuple(_entry(row) for row in connection.execute(wanted))


def holding(entries: Iterable[Entry]) -> tuple[Decision, ...]:
    """Return what holds now: for each figure the last decision that was not taken back."""
    found: dict[tuple[str, Address], list[Entry]] = defaultdict(list)
    for one in sorted(entries, key=lambda entry: entry.id):
        before = found[one.table, one.address]
        if one.decision is not None:
            before.append(one)
        else:
            before[:] = [entry for entry in before if entry.id != one.undoes]
    last = (entries[-1].decision for entries in found.values() if entries)
    return tuple(decision for decision in last if decision is not None)


def all_holding(engine: Engine) -> Mapping[str, tuple[Decision, ...]]:
    """Return what holds now of every document of which people decided anything."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    with guarded(), engine.connect() as connection:
        for row in connection.execute(select(DECISIONS).order_by(DECISIONS.c.id)):
            entries[row.sha256].append(_entry(row))
    return {sha256: holding(theirs) for sha256, theirs in entries.items()}


def _in_turn(engine: Engine, write: Callable[[Connection], list[int]]) -> list[int]:
    """Write in one transaction; begin again where another process took the same turn."""
    with guarded():
        for left in reversed(range(_TRIES)):
            try:
                with engine.begin() as connection:
                    return write(connection)
            except IntegrityError:
                if not left:
                    raise
    return []


def _choose(connection: Connection, one: Choice, now: str) -> int:
    document = select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.sha256 == one.sha256)
    if connection.execute(document).first() is None:
        raise fault("not-in-run")
    place = _place(one.sha256, one.table, one.address)
    row = {
        "answer": one.answer.value,
        "value": None if one.value is None else spell(one.value),
        "person": storable(one.person),
        "decided": now,
        "result": one.shown.result,
        "page": one.shown.page,
        "shown": _packed(one.shown),
    }
    number = _add(connection, place, row)
    if one.after is not None:
        # looked at only now, when nobody else can write before this is done or taken back
        last = _before(connection, place, number)
        if last is not None and last.turn != one.after:
            raise DecidedMeanwhileError(_entry(last))
    return number


def _add(connection: Connection, place: Mapping[str, object], row: Mapping[str, object]) -> int:
    last = select(func.coalesce(func.max(DECISIONS.c.turn), 0) + 1).where(*_at(place))
    whole = {**place, **row, "turn": last.scalar_subquery()}
    added = connection.execute(insert(DECISIONS).values(whole)).inserted_primary_key
    return int(added[0]) if added is not None else 0


def _before(connection: Connection, place: Mapping[str, object], number: int) -> Row[Any] | None:
    """Return the entry of a figure before the one of that id."""
    there = select(DECISIONS).where(*_at(place), DECISIONS.c.id != number)
    return connection.execute(there.order_by(DECISIONS.c.turn.desc()).limit(1)).first()


def _at(place: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [DECISIONS.c[name] == said for name, said in place.items()]


def _place(sha256: str, table: str, address: Address) -> dict[str, object]:
    return {"sha256": sha256, "table": table, "row": address[0], "column": address[1]}


def _entries(engine: Engine, numbers: Sequence[int]) -> tuple[Entry, ...]:
    wanted = select(DECISIONS).where(DECISIONS.c.id.in_(numbers)).order_by(DECISIONS.c.id)
    with guarded(), engine.connect() as connection:
        return tuple(_entry(row) for row in connection.execute(wanted))


def _entry(row: Row[Any]) -> Entry:
    address = (row.row, row.column)
    decision = None
    if row.answer != _UNDO:
        value = _figure(row.value)
        decision = Decision(row.table, address, Answer(row.answer), value, row.person, row.decided)
    said = json.loads(row.shown)
    seen = Shown(
        row.result,
        row.page,
        said.get("printed", ""),
        _figure(said.get("value")),
        said.get("status", ""),
        tuple((text, probability) for text, probability in said.get("candidates", ())),
    )
    return Entry(
        row.id,
        row.sha256,
        row.table,
        address,
        row.turn,
        row.person,
        row.decided,
        decision,
        row.undoes,
        seen,
    )


def _packed(seen: Shown) -> str:
    content = {
        "printed": storable(seen.printed),
        "value": None if seen.value is None else spell(seen.value),
        "status": seen.status,
        "candidates": [[storable(text), probability] for text, probability in seen.candidates],
    }
    return json.dumps(content, ensure_ascii=False)


def _figure(text: str | None) -> Figure | None:
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
