"""What one look, or one page, read against a column stays said where the next reads nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from document.geometry import Box
from reconstruct.headers import Heads
from reconstruct.overheard import denials, overheard
from reconstruct.register import identify
from reconstruct.templates import builtin
from tests.reconstruct.printed_forms import as_printed, printed, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.fragment import Fragment
    from document.template import TemplateCell
    from reconstruct.register import Registration

T3 = table("2021", "t3")
EXCHANGED = {"商业企业": "法律服务机构", "法律服务机构": "商业企业"}
TORN = {"商业企业": "机构", "法律服务机构": "企业"}


def page(words: dict[str, str]) -> Callable[[TemplateCell], str]:
    return lambda cell: words.get(as_printed(cell), as_printed(cell))


def identified(*fragments: Fragment) -> Registration:
    found = identify(fragments, builtin())
    assert found is not None
    return found


def doubted(found: Registration, fragment: int = 0) -> set[str]:
    return {p.address[1] for p in found.places if not p.reliable and p.fragment == fragment}


def heard_by(found: Registration) -> tuple[tuple[Box, str], ...]:
    return tuple((place, words) for _, place, words in found.foreign)


def test_columns_that_a_look_denied_are_denied_where_their_headers_fall_apart() -> None:
    """Columns in another order, plainly headed, were taken from a look that cut their headers."""
    first = identified(*printed(T3, say=page(EXCHANGED)).fragments)
    assert doubted(first) == {"business", "legal"}
    (torn,) = printed(T3, say=page(TORN)).fragments
    assert doubted(identified(torn)) == set()
    assert doubted(identified(replace(torn, heard=heard_by(first)))) == {"business", "legal"}


def test_a_header_that_is_read_needs_not_mind_what_was_heard_before() -> None:
    heard = heard_by(identified(*printed(T3, say=page(EXCHANGED)).fragments))
    (plain,) = printed(T3).fragments
    assert doubted(identified(replace(plain, heard=heard))) == set()


@pytest.mark.parametrize("shift", [-0.6, 0.6])
def test_words_over_other_columns_deny_none(shift: float) -> None:
    """A look whose columns stand half a column further read the headers beside."""
    heard = heard_by(identified(*printed(T3, say=page(EXCHANGED)).fragments))
    beside = tuple(
        (replace(box, left=box.left + shift * box.width, right=box.right + shift * box.width), said)
        for box, said in heard
    )
    (torn,) = printed(T3, say=page(TORN)).fragments
    assert doubted(identified(replace(torn, heard=beside))) == set()


def test_columns_that_are_denied_stay_so_on_the_next_page() -> None:
    """Below the header's page the lines of a table count out in any order of its columns."""
    found = identified(*printed(T3, say=page(EXCHANGED), cuts=(12,)).fragments)
    assert doubted(found, 1) == {"business", "legal"}
    assert doubted(identified(*printed(T3, cuts=(12,)).fragments), 1) == set()


CUT = {"科研机构": "科研机构社", "社会公益组织": "会公益组织"}
"""Headers through whose words the separator between them runs."""


@pytest.mark.parametrize(("shift", "stay"), [(0.0, True), (-30.0, False)])
def test_a_separator_that_cut_words_denies_no_columns_of_a_page_where_it_stands_elsewhere(
    *, shift: float, stay: bool
) -> None:
    """36 right figures of a table's second page went to a person for its first page's fault."""
    xs = [float(x) for x in range(100, 1200, 100)]
    at = next(c.column for c in T3.cells if as_printed(c) == "社会公益组织")
    moved = [x + shift * (n == at) for n, x in enumerate(xs)]
    above, _ = printed(T3, say=page(CUT), cuts=(12,), xs=xs).fragments
    _, below = printed(T3, cuts=(12,), xs=moved).fragments
    found = identified(above, below)
    both = {"research", "nonprofit"}
    assert doubted(found) == both
    assert doubted(found, 1) == (both if stay else set())


FALLEN = ["自然人", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
"""A repeated header of two rows that a page parted, as browsers print what is left of it."""


def heads(words: list[str]) -> Heads:
    leaves = sorted(
        (c for c in T3.cells if as_printed(c) in FALLEN and c.column > 2), key=lambda c: c.column
    )
    boxes = {c: Box(10.0 * c.column, 0.0, 10.0 * c.column + 10, 20.0) for c in leaves}
    return Heads(dict(zip(leaves, words, strict=True)), (), supposed=False, boxes=boxes)


@pytest.mark.parametrize("words", [FALLEN, ["人", "计", *FALLEN[2:]]])
def test_a_repeated_header_that_fell_apart_denies_no_column_of_the_page_before(
    words: list[str],
) -> None:
    """150 right figures of a good scan, whose table began at a page's foot, went to a person."""
    repeated = heads(words)
    above = frozenset(c for c in repeated.boxes if as_printed(c) in {"自然人", "总计"})
    assert denials(repeated, (), frozenset(), above) == frozenset()
    assert overheard(repeated, above) == ()
    # nothing above it, the columns may really stand so; and no other order comes of falling apart
    assert len(denials(repeated, (), frozenset(), frozenset())) >= 5
    swapped = [*FALLEN[:2], FALLEN[3], FALLEN[2], *FALLEN[4:]]
    assert denials(heads(swapped), (), frozenset(), above) != frozenset()
