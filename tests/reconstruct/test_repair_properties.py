"""What holds of repair whatever is read."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from document.numeral import parse, spell
from document.report import Status
from reconstruct.repair import settle
from tests.reconstruct.readings import T3, T4, by_address, clear, read_table, seen

if TYPE_CHECKING:
    from document.reading import Reading
    from document.report import ReadTable, Table
    from document.template import Address, TableTemplate

LEAVES = [row for row, _ in T3.row_names if row not in {"new", "carry", "total", "next"}]
APPLICANTS = [column for column, _ in T3.column_names if column != "total"]
FEW = settings(max_examples=20, deadline=None)


def _count(rng: random.Random) -> int:
    return 0 if rng.random() < 0.7 else rng.choice([1, 2, 7, 13, 60, 118, 1471])


def _meant(rng: random.Random, template: TableTemplate) -> dict[Address, int]:
    figures: dict[Address, int] = {}
    if template is T4:
        for row, _ in T4.row_names:
            parts = [_count(rng) for _ in range(4)]
            keys = ["upheld", "corrected", "other", "pending", "total"]
            figures |= {(row, k): v for k, v in zip(keys, [*parts, sum(parts)], strict=True)}
        return figures
    for column in APPLICANTS:
        figures |= {(row, column): _count(rng) for row in LEAVES}
        done = sum(figures[row, column] for row in LEAVES)
        later, carried = rng.randint(0, 3), rng.randint(0, min(done, 5))
        figures["total", column], figures["next", column] = done, later
        figures["carry", column], figures["new", column] = carried, done + later - carried
    for row, _ in T3.row_names:
        figures[row, "total"] = sum(figures[row, column] for column in APPLICANTS)
    return figures


def _doubt(rng: random.Random, printed: str) -> Reading | None:
    other = str(int(printed or "0") + rng.choice([1, 3, 10]))
    sure = rng.uniform(0.5, 0.98)
    rest = (1 - sure) * 0.8
    return rng.choice(
        [
            seen((printed, sure), (other, rest)),
            seen((other, sure), (printed, rest)),
            seen((other, sure), (other + "0", rest)),
            seen(("?", sure), (printed, rest)),
            seen((printed, sure), legible=False),
            None,
        ]
    )


def _read(rng: random.Random, template: TableTemplate, doubtful: float, wrong: float) -> ReadTable:
    meant = _meant(rng, template)
    if rng.random() < wrong:
        meant[rng.choice(sorted(meant))] += rng.choice([1, 6, 100])
    blanks = rng.random() < 0.3
    printed = {a: "" if blanks and v == 0 else str(v) for a, v in meant.items()}
    doubts = {a: _doubt(rng, t) for a, t in printed.items() if rng.random() < doubtful}
    return read_table(template, printed, doubts)


def tables(doubtful: float, wrong: float) -> st.SearchStrategy[tuple[TableTemplate, ReadTable]]:
    """Return a strategy for read tables with so many doubtful figures and wrong pages."""
    seeds = st.integers(0, 2**32)
    both = st.tuples(st.sampled_from([T3, T4]), seeds)
    return both.map(
        lambda x: (x[0], _read(random.Random(x[1]), x[0], doubtful, wrong))  # noqa: S311  no secrets
    )


@FEW
@given(tables(0.0, 0.0))
def test_a_clean_table_is_never_changed(given_table: tuple[TableTemplate, ReadTable]) -> None:
    template, read = given_table
    table, findings = settle(read, template)
    assert findings == ()
    assert all(check.holds for check in table.checks)
    for cell, was in zip(table.cells, read.cells, strict=True):
        assert was.reading is not None
        assert cell.printed == was.reading.best.text
        assert cell.value == parse(cell.printed, "count").value
        assert (cell.status, cell.needs_review) == (Status.READ, False)


@FEW
@given(tables(0.03, 0.5))
def test_equations_hold_or_are_named(given_table: tuple[TableTemplate, ReadTable]) -> None:
    template, read = given_table
    table, findings = settle(read, template)
    named = {address for finding in findings for address in finding.cells}
    lost = {c.address for c in table.cells if c.status in {Status.UNREADABLE, Status.DERIVED}}
    for equation, check in zip(template.equations, table.checks, strict=True):
        assert check.equation == equation.name
        if check.holds is None:
            assert (lost | named) & set(equation.cells)
        elif not check.holds:
            assert named & set(equation.cells)
    assert all(by_address(table)[address].needs_review for address in named)


@FEW
@given(tables(0.05, 0.5))
def test_a_clear_reading_is_never_changed(given_table: tuple[TableTemplate, ReadTable]) -> None:
    template, read = given_table
    table, _ = settle(read, template)
    for cell, was in zip(table.cells, read.cells, strict=True):
        if was.reading is not None and was.reading == clear(was.reading.best.text):
            assert cell.value == parse(was.reading.best.text, "count").value
            assert cell.status in {Status.READ, Status.DISPUTED}


@FEW
@given(tables(0.05, 0.5))
def test_only_what_a_reader_saw_is_accepted(given_table: tuple[TableTemplate, ReadTable]) -> None:
    template, read = given_table
    table, _ = settle(read, template)
    for cell, was in zip(table.cells, read.cells, strict=True):
        seen_texts = [c.text for c in was.reading.candidates] if was.reading else []
        assert cell.value is None or cell.value in {parse(t, "count").value for t in seen_texts}
        assert cell.printed == (seen_texts[0] if seen_texts else "")
        if cell.status is not Status.READ and not cell.needs_review:
            assert cell.status is Status.REPAIRED
            assert cell.reason.zh
            assert cell.reason.en


def _again(table: Table) -> ReadTable:
    """Return ``table`` as a reader would see it that reads every accepted figure clearly."""
    lost = {Status.UNREADABLE, Status.DERIVED}
    doubts: dict[Address, Reading | None] = {
        c.address: None for c in table.cells if c.status in lost and c.value is None
    }
    template = T3 if table.table == "t3" else T4
    accepted = {c.address: "" if c.value is None else spell(c.value) for c in table.cells}
    return read_table(template, accepted, doubts)


@FEW
@given(tables(0.04, 0.3))
def test_repairing_twice_changes_nothing(given_table: tuple[TableTemplate, ReadTable]) -> None:
    template, read = given_table
    once, _ = settle(read, template)
    twice, _ = settle(_again(once), template)
    assert [c.value for c in twice.cells] == [c.value for c in once.cells]
    assert not [c for c in twice.cells if c.status is Status.REPAIRED]


@settings(max_examples=8, deadline=None)
@given(tables(0.04, 0.5), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_equations_does_not_matter(
    given_table: tuple[TableTemplate, ReadTable], rng: random.Random
) -> None:
    template, read = given_table
    cells, equations = list(read.cells), list(template.equations)
    rng.shuffle(cells)
    rng.shuffle(equations)
    expected, _ = settle(read, template)
    shuffled = replace(template, equations=tuple(equations))
    found, _ = settle(replace(read, cells=tuple(cells)), shuffled)
    assert found.cells == expected.cells
    assert set(found.checks) == set(expected.checks)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.permutations(LEAVES))
def test_permuting_rows_with_the_form_permutes_the_answer(seed: int, order: list[str]) -> None:
    read = _read(random.Random(seed), T3, 0.02, 0.0)  # noqa: S311  no secrets
    to = dict(zip(LEAVES, order, strict=True))

    def moved(address: Address) -> Address:
        return to.get(address[0], address[0]), address[1]

    template = replace(
        T3,
        cells=tuple(
            c if c.address is None else replace(c, address=moved(c.address)) for c in T3.cells
        ),
        equations=tuple(
            replace(q, left=tuple(map(moved, q.left)), right=tuple(map(moved, q.right)))
            for q in T3.equations
        ),
    )
    cells = tuple(replace(c, address=moved(c.address)) for c in read.cells)
    expected, _ = settle(read, T3)
    found, _ = settle(replace(read, cells=cells), template)
    answers = by_address(found)
    for cell in expected.cells:
        other = answers[moved(cell.address)]
        assert (other.value, other.status, other.needs_review, other.suggestion) == (
            cell.value, cell.status, cell.needs_review, cell.suggestion,
        )  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([T3, T4]), st.integers(0, 2**32))
def test_a_table_that_adds_up_is_never_changed(template: TableTemplate, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  no secrets
    printed = {address: str(value) for address, value in _meant(rng, template).items()}
    doubts: dict[Address, Reading | None] = {}
    for address, text in printed.items():
        if rng.random() < 0.2:  # the best candidate is right, however little it is worth
            sure = rng.uniform(0.5, 0.98)
            doubts[address] = seen((text, sure), (str(int(text) + 1), (1 - sure) * 0.9))
    table, findings = settle(read_table(template, printed, doubts), template)
    assert findings == ()
    assert all(str(cell.value) == cell.printed for cell in table.cells)
    assert {cell.status for cell in table.cells} == {Status.READ}
