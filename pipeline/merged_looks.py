"""Takes from two looks at a page, table by table, the one that finds it better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.worth import better, complete, doubted, overlap, strays

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.second_look import Looker
    from pipeline.sight import Sight


def merged(
    first: Sight, second: Sight, looker: Looker, only: Collection[str] | None = None
) -> Sight:
    """Take from a second look every table, or of ``only`` these, that it registers better."""
    old = {one.registration.table.id: one for one in looker.tables(first.parts)}
    new = {one.registration.table.id: one for one in looker.tables(second.parts)}
    gained = {
        name: one
        for name, one in new.items()
        if (only is None or name in only) and (name not in old or better(one, old[name]))
    }
    held = [first.parts[n] for o in old for n in old[o].fragments if o not in gained and n >= 0]
    registered = [first.parts[n] for o in old.values() for n in o.fragments if n >= 0]
    parts = list(first.parts)
    changed = False
    for name, one in gained.items():
        here = {k: second.parts[n] for k, n in enumerate(one.fragments) if n >= 0}
        mine = list(here.values())
        given_up = {first.parts[n] for n in old[name].fragments if n >= 0} if name in old else set()
        if any(overlap(a, b) for a in mine for b in held):
            continue
        # lines that explain nothing deny no table that is whole and proved
        plain = first.parts if not complete(one) or doubted(one) else registered
        places = one.registration.places
        at = {k: [place.polygon for place in places if place.fragment == k] for k in here}
        if any(overlap(a, b) and strays(a, b, at[k]) for k, a in here.items() for b in plain):
            continue
        parts = [p for p in parts if p not in given_up and not any(overlap(p, m) for m in mine)]
        parts += mine
        changed = True
    if not changed:
        return first
    parts.sort(key=lambda part: part.fragment.lattice.box.top)
    return replace(second, parts=tuple(parts))
