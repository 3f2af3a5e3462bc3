"""What lists of the screen ask the journal for, about all documents at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from pipeline.journal import guarded
from pipeline.journal_queries import latest
from pipeline.journal_schema import CELLS, DECISIONS, FINDINGS, RESULTS
from review.leases import Spot

if TYPE_CHECKING:
    from sqlalchemy import Engine

MISTAKES = ("source-arithmetic", "left-blank")
"""Findings that say: the page itself is wrong, as far as can be read."""

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A figure that was read as some text, or as one that holds it."""

    spot: Spot
    result: int
    needs_review: bool
    printed: str

    @property
    def digits(self) -> str:
        """The digits of what was read, without points and commas."""
        return "".join(one for one in self.printed if one in DIGITS)


def finding_codes(engine: Engine) -> tuple[str, ...]:
    """Return the kinds of findings that the results of the run have."""
    newest = latest()
    wanted = select(FINDINGS.c.code).join(newest, newest.c.id == FINDINGS.c.result)
    with guarded(), engine.connect() as connection:
        return tuple(connection.scalars(wanted.distinct().order_by(FINDINGS.c.code)))


def with_finding(engine: Engine, code: str) -> frozenset[str]:
    """Return the documents whose result has a finding of that kind."""
    newest = latest()
    wanted = (
        select(RESULTS.c.sha256)
        .join(newest, newest.c.id == RESULTS.c.id)
        .join(FINDINGS, FINDINGS.c.result == RESULTS.c.id)
        .where(FINDINGS.c.code == code)
    )
    with guarded(), engine.connect() as connection:
        return frozenset(connection.scalars(wanted))


def maybe_mistaken(engine: Engine) -> frozenset[str]:
    """Return the documents that may hold a mistake of their own: as read, or as decided since."""
    newest = latest()
    read = (
        select(RESULTS.c.sha256)
        .join(newest, newest.c.id == RESULTS.c.id)
        .join(FINDINGS, FINDINGS.c.result == RESULTS.c.id)
        .where(FINDINGS.c.code.in_(MISTAKES))
    )
    with guarded(), engine.connect() as connection:
        return frozenset(connection.scalars(union(read, select(DECISIONS.c.sha256))))


def read_as(
    engine: Engine, text: str, *, within: bool = False, doubtful: bool, start: int, count: int
) -> tuple[int, tuple[Likeness, ...]]:
    """Return how many figures were read as ``text``, and ``count`` of them from ``start`` on.

    With ``within`` as a text that holds it, whatever else stands there.
    """
    newest = latest()
    columns = (RESULTS.c.sha256, CELLS.c.table, CELLS.c.row, CELLS.c.column)
    read = CELLS.c.printed
    wanted = (
        select(*columns, CELLS.c.result, CELLS.c.needs_review, read)
        .join(newest, newest.c.id == CELLS.c.result)
        .join(RESULTS, RESULTS.c.id == CELLS.c.result)
        .where(
            read.contains(text, autoescape=True) if within else read == text,
            CELLS.c.page.is_not(None),
        )
    )
    if doubtful:
        wanted = wanted.where(CELLS.c.needs_review)
    with guarded(), engine.connect() as connection:
        whole = connection.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        part = wanted.order_by(CELLS.c.result, CELLS.c.place).offset(start).limit(count)
        found = tuple(
            Likeness(
                Spot(row.sha256, row.table, (row.row, row.column)),
                row.result,
                bool(row.needs_review),
                row.printed,
            )
            for row in connection.execute(part)
        )
    return whole, found


def last_of(engine: Engine, person: str) -> tuple[int, str] | None:
    """Return the last entry of a person that is not taken back, and its document."""
    undone = select(DECISIONS.c.undoes).where(DECISIONS.c.undoes.is_not(None))
    wanted = select(DECISIONS.c.id, DECISIONS.c.sha256).where(
        DECISIONS.c.person == person,
        DECISIONS.c.undoes.is_(None),
        DECISIONS.c.id.not_in(undone),
    )
    with guarded(), engine.connect() as connection:
        row = connection.execute(wanted.order_by(DECISIONS.c.id.desc()).limit(1)).first()
    return None if row is None else (row.id, row.sha256)


def written_since(engine: Engine, number: int) -> tuple[tuple[int, str], ...]:
    """Return the entries of people after one, in their order, with their documents."""
    wanted = select(DECISIONS.c.id, DECISIONS.c.sha256).where(DECISIONS.c.id > number)
    with guarded(), engine.connect() as connection:
        rows = connection.execute(wanted.order_by(DECISIONS.c.id))
        return tuple((row.id, row.sha256) for row in rows)


def last_written(engine: Engine) -> tuple[int, int]:
    """Return the ids of the last result and of the last entry of people, 0 where there is none."""
    last = (select(func.coalesce(func.max(one.c.id), 0)) for one in (RESULTS, DECISIONS))
    with guarded(), engine.connect() as connection:
        results, decisions = connection.execute(
            select(*(one.scalar_subquery() for one in last))
        ).one()
    return results, decisions
