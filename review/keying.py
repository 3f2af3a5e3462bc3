"""Keying a second time, blind: somebody else enters a figure without seeing what was said.

Which decided figures are keyed again follows from the figure alone, so that nobody can choose:
a share of all of them, and every one whose first answer no reader had seen. Second answers are
rows of their own and change nothing; where they differ, a person looks again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from document.numeral import parse, spell
from pipeline.decisions import decisions_of, holding
from pipeline.journal import guarded
from pipeline.journal_rows import storable
from pipeline.journal_schema import DECISIONS, KEYINGS
from review.leases import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from document.decision import Answer
    from document.report import Figure
    from pipeline.decisions import Entry


@dataclass(frozen=True, slots=True)
class Keying:
    """A second answer to the decision ``first``."""

    spot: Spot
    first: int
    answer: str
    value: str | None
    person: str
    first_person: str
    first_answer: str
    first_value: str | None
    agrees: bool


def wanted(entries: Iterable[Entry], share: float) -> tuple[Entry, ...]:
    """Return the entries that hold and are to be keyed a second time."""
    if share <= 0:
        return ()
    known = tuple(entries)
    held = {(one.table, one.address, one.decided) for one in holding(known)}
    return tuple(
        one
        for one in known
        if one.decision is not None
        and (one.table, one.address, one.decided) in held
        and (_chance(one) < share or _unseen(one))
    )


def key_again(
    engine: Engine, first: Entry, answer: Answer, value: Figure | None, person: str
) -> bool:
    """Write a second answer down; returns whether it agrees with the first."""
    said = first.decision
    agrees = said is not None and _meant(said.answer, said.value) == _meant(answer, value)
    row = {
        "first": first.id,
        "answer": answer.value,
        "value": None if value is None else spell(value),
        "person": storable(person),
        "keyed": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "agrees": agrees,
    }
    with guarded(), engine.begin() as connection:
        connection.execute(insert(KEYINGS).values(row))
    return agrees


def keyed(engine: Engine) -> frozenset[int]:
    """Return the decisions that were keyed a second time."""
    with guarded(), engine.connect() as connection:
        return frozenset(connection.scalars(select(KEYINGS.c.first)))


def keyings(engine: Engine) -> tuple[Keying, ...]:
    """Return all second answers, in their order."""
    columns = (DECISIONS.c.sha256, DECISIONS.c.table, DECISIONS.c.row, DECISIONS.c.column)
    rows = (
        select(
            KEYINGS,
            *columns,
            DECISIONS.c.person.label("first_person"),
            DECISIONS.c.answer.label("first_answer"),
            DECISIONS.c.value.label("first_value"),
        )
        .join(DECISIONS, DECISIONS.c.id == KEYINGS.c.first)
        .order_by(KEYINGS.c.id)
    )
    with guarded(), engine.connect() as connection:
        return tuple(
            Keying(
                Spot(row.sha256, row.table, (row.row, row.column)),
                row.first,
                row.answer,
                row.value,
                row.person,
                row.first_person,
                row.first_answer,
                row.first_value,
                bool(row.agrees),
            )
            for row in connection.execute(rows)
        )


def all_entries(engine: Engine) -> dict[str, tuple[Entry, ...]]:
    """Return what people said of every document of which they said anything."""
    wanted_documents = select(DECISIONS.c.sha256).distinct().order_by(DECISIONS.c.sha256)
    with guarded(), engine.connect() as connection:
        documents = connection.scalars(wanted_documents).all()
    return {sha256: decisions_of(engine, sha256) for sha256 in documents}


def _chance(entry: Entry) -> float:
    """Return a number from 0 to 1 that follows from the figure alone."""
    name = "\0".join((entry.sha256, entry.table, *entry.address))
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


def _unseen(entry: Entry) -> bool:
    """Tell whether a number was entered that no reader had seen."""
    value = entry.decision.value if entry.decision else None
    seen = {parse(text, "decimal").value for text, _ in entry.shown.candidates}
    return value is not None and value not in seen


def _meant(answer: Answer, value: Figure | None) -> tuple[bool, Figure | None]:
    """Return what is printed according to an answer; that "the page says so" is no difference."""
    return answer == "unreadable", value
