"""The limits a run was read under: who looks at its pages later needs no other."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from pipeline.allowance import USUAL, Allowance
from pipeline.journal import guarded, writing
from pipeline.journal_schema import ABOUT

if TYPE_CHECKING:
    from sqlalchemy import Engine

_NAME = "limits"


def limits_of(engine: Engine) -> Allowance:
    """Return the widest limits that documents of a run were ever read under, at least the usual.

    Raises OutputError where the journal fails.
    """
    with guarded(), engine.connect() as connection:
        text = connection.scalar(select(ABOUT.c.text).where(ABOUT.c.name == _NAME))
    held = json.loads(text or "{}")
    return widest(USUAL, replace(USUAL, **{name: held[name] for name in _names() if name in held}))


def widen_limits(engine: Engine, allowance: Allowance) -> None:
    """Write down that documents are read under these limits. Raises OutputError."""
    before = limits_of(engine)
    after = widest(before, allowance)
    if after == before:
        return
    text = json.dumps(asdict(after), sort_keys=True)
    with guarded(), writing(engine) as connection:
        changed = connection.execute(update(ABOUT).where(ABOUT.c.name == _NAME).values(text=text))
        if not changed.rowcount:
            connection.execute(insert(ABOUT).values(name=_NAME, text=text))


def widest(one: Allowance, other: Allowance) -> Allowance:
    """Return of each limit the higher one."""
    return Allowance(**{name: max(getattr(one, name), getattr(other, name)) for name in _names()})


def _names() -> tuple[str, ...]:
    return tuple(one.name for one in fields(Allowance))
