"""Takes from two looks at a page, table by table, the one that finds it better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.worth import better, complete, doubted, overlap, proved, rank, strays

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pipeline.second_look import Looker
    from pipeline.sight import Part, Sight
    from reconstruct.stitch import Stitched


FEW = 1 / 3
"""Share of a table's places up to which its lines prove hardly any.

Blurred zeros above one another are drawn like two lines, and what stands between them is a column
as the form has it, by chance: a table without lines had 36 of 154 places proved so, and with the
separators fitted to its words all 161."""


def merged(
    first: Sight, second: Sight, looker: Looker, only: Collection[str] | None = None
) -> Sight:
    """Take from a second look every table, or of ``only`` these, that it registers better.

    What either of them read against the columns of a table the other has to answer, too.
    """
    found, rivals = looker.tables(first.parts), looker.tables(second.parts)
    if only is None:  # else it is a look at another size, with pixels of its own
        first, second = _told(first, second, rivals), _told(second, first, found)
        found, rivals = looker.tables(first.parts), looker.tables(second.parts)
    old, new = _fullest(found), _fullest(rivals)
    gained = {
        name: one
        for name, one in new.items()
        if (only is None or name in only) and (name not in old or better(one, old[name]))
    }
    held = [o for name, o in old.items() if name not in gained]
    known = {n: _proves(o) for o in old.values() for n in o.fragments if n >= 0}
    parts, waiting = list(first.parts), dict(gained)
    # a table may stand where lines of another one's first look are, until that is given up
    for _ in gained:
        for name, one in tuple(waiting.items()):
            mine = {k: second.parts[n] for k, n in enumerate(one.fragments) if n >= 0}
            still = {n: part for n, part in enumerate(first.parts) if part in parts}
            firm = [first.parts[n] for o in held if _holds(o, one) for n in o.fragments if n >= 0]
            if any(overlap(a, b) for a in mine.values() for b in firm):
                continue
            if _denied(one, mine, still, known):
                continue
            numbers = old[name].fragments if name in old else ()
            given_up = {first.parts[n] for n in numbers if n >= 0}
            free = [p for p in parts if not any(overlap(p, m) for m in mine.values())]
            parts = [p for p in free if p not in given_up] + list(mine.values())
            del waiting[name]
    if len(waiting) == len(gained):
        return first
    parts.sort(key=lambda part: part.fragment.lattice.box.top)
    return replace(second, parts=tuple(parts))


def _fullest(tables: Iterable[Stitched]) -> dict[str, Stitched]:
    """Return of each kind of table the one of which most is there and proved."""
    return {one.registration.table.id: one for one in sorted(tables, key=rank)}


def _holds(one: Stitched, rival: Stitched) -> bool:
    """Tell whether a table stays where it was found, though another kind is found there now.

    One of which nothing is proved does not, where more of the other one is there and proved.
    """
    return bool(proved(one)) or not proved(rival) or rank(one) >= rank(rival)


def _denied(
    one: Stitched, mine: Mapping[int, Part], still: Mapping[int, Part], known: Mapping[int, bool]
) -> bool:
    """Tell whether a table has strays in what is left of the first look (``still``).

    Lines that explain nothing deny no table that is whole and proved, and upright ones that prove
    hardly a place of its figures (``known``) may be none.
    """
    whole = complete(one) and not doubted(one)
    plain = [(part, not whole or known[n]) for n, part in still.items() if not whole or n in known]
    places = one.registration.places
    at = {k: [place.polygon for place in places if place.fragment == k] for k in mine}
    return any(
        overlap(a, b) and strays(a, b, at[k], upright=sure)
        for k, a in mine.items()
        for b, sure in plain
    )


def _proves(one: Stitched) -> bool:
    """Tell whether the lines of a table prove more than a few of its places."""
    return proved(one) > FEW * len(one.registration.places)


def _told(sight: Sight, other: Sight, tables: Iterable[Stitched]) -> Sight:
    """Return a look that knows what another read against columns of the same places.

    ``tables`` are those of the other look.
    """
    heard = {n: list(part.fragment.heard) for n, part in enumerate(other.parts)}
    for one in tables:
        for number, place, words in one.registration.foreign:
            if one.fragments[number] >= 0:
                heard[one.fragments[number]].append((place, words))
    parts = []
    for part in sight.parts:
        over = [n for n, seen in enumerate(other.parts) if overlap(part, seen)]
        mine = dict.fromkeys([*part.fragment.heard, *(said for n in over for said in heard[n])])
        known = len(mine) == len(part.fragment.heard)
        fragment = part.fragment if known else replace(part.fragment, heard=tuple(mine))
        parts.append(part if known else replace(part, fragment=fragment))
    same = all(a is b for a, b in zip(parts, sight.parts, strict=True))
    return sight if same else replace(sight, parts=tuple(parts))
