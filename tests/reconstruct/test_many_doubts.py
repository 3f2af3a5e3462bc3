"""A table of which every figure is doubtful and a few are misread: who is asked, and about what."""

from __future__ import annotations

import random

from reconstruct.repair import settle
from tests.reconstruct.readings import SUQIAN_2023, T3, by_address, clear, read_table, seen

MISREAD = {
    ("granted", "person"): "1115",
    ("u1", "business"): "47",
    ("next", "total"): "127",
}


def test_a_few_misreads_on_a_dim_page_do_not_send_the_rest_of_it_to_a_person() -> None:
    rng = random.Random(6)  # noqa: S311  no secrets
    doubts = {}
    for address, text in SUQIAN_2023.items():
        read = MISREAD.get(address, text)
        sure = rng.uniform(0.97, 0.99)
        other = str(int(read) + rng.choice([1, 3, 5, 6, 8]))
        doubts[address] = seen((read, sure), (other, 0.6 * (1 - sure)), (read + "1", 0.003))
    table, findings = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cells = by_address(table)
    asked = {address for address, cell in cells.items() if cell.needs_review}
    assert findings
    assert asked >= MISREAD.keys()
    assert len(asked) <= 6 * len(MISREAD)
    for address in cells.keys() - asked:
        assert str(cells[address].value) == SUQIAN_2023[address]


def test_where_much_fails_to_add_up_a_clear_figure_that_no_sum_confirms_goes_to_a_person() -> None:
    # a quarter of the figures misread: nobody can tell which ones by the sums
    rng = random.Random(3)  # noqa: S311  no secrets
    doubts = {}
    for address in SUQIAN_2023:
        if rng.random() < 0.25:
            shares = (0.4, 0.2, 0.2, 0.1)
            doubts[address] = seen(*((str(rng.randint(0, 3000)), p) for p in shares))
    wrong = {a: clear(text[1:] or "4") for a, text in SUQIAN_2023.items() if a == ("next", "total")}
    table, _ = settle(read_table(T3, SUQIAN_2023, doubts | wrong), T3)
    cell = by_address(table)["next", "total"]
    assert cell.printed != SUQIAN_2023["next", "total"]
    assert cell.needs_review


def test_where_much_fails_a_figure_that_only_its_like_bears_out_goes_to_a_person() -> None:
    # a 1 that touches the line of its cell was read as 3, in its row's total as well
    rng = random.Random(3)  # noqa: S311  no secrets
    row = {("n4", "person"), ("n4", "total")}
    more = {("total", "person"): "3376", ("total", "total"): "3487"}
    less = {("next", "person"): "117", ("next", "total"): "120"}
    printed = SUQIAN_2023 | dict.fromkeys(row, "1") | more | less
    doubts = {}
    for address in printed:
        if rng.random() < 0.25 and address[0] != "n4":
            shares = (0.4, 0.2, 0.2, 0.1)
            doubts[address] = seen(*((str(rng.randint(0, 3000)), p) for p in shares))
    doubts["n4", "person"] = seen(("3", 0.9), ("1", 0.068), ("2", 0.026))
    doubts["n4", "total"] = seen(("3", 0.9975), ("1", 0.0014), ("2", 0.0006))
    table, _ = settle(read_table(T3, printed, doubts), T3)
    cells = by_address(table)
    assert {cells[a].value for a in row} == {3}
    assert all(cells[a].needs_review for a in row)


def test_where_much_fails_figures_that_misread_alike_keep_a_sum_go_to_a_person() -> None:
    # on a blurred page a 3 reads as 8, in what came in and in what was done: that still adds up
    rng = random.Random(3)  # noqa: S311  no secrets
    both = {("new", "person"), ("total", "person")}
    doubts = {}
    for address in SUQIAN_2023:
        if rng.random() < 0.25 and address[1] != "person":
            shares = (0.4, 0.2, 0.2, 0.1)
            doubts[address] = seen(*((str(rng.randint(0, 3000)), p) for p in shares))
    for address in both:
        printed = SUQIAN_2023[address]
        doubts[address] = seen(("8" + printed[1:], 0.985), (printed, 0.006), (printed[1:], 0.004))
    table, _ = settle(read_table(T3, SUQIAN_2023, doubts), T3)
    cells = by_address(table)
    assert all(cells[a].printed != SUQIAN_2023[a] for a in both)
    assert all(cells[a].needs_review for a in both)
