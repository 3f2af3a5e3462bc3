"""Forms as data: what the builtin ones hold, and what a faulty file is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from document.errors import TemplateError
from reconstruct.templates import builtin, load

if TYPE_CHECKING:
    from document.template import TableTemplate, Template

T2021, T2019 = builtin()


def _table(template: Template, name: str) -> TableTemplate:
    return next(table for table in template.tables if table.id == name)


def test_newest_form_comes_first() -> None:
    assert [form.id for form in builtin()] == ["cn-foi/2021", "cn-foi/2019"]


@pytest.mark.parametrize(
    ("form", "name", "rows", "columns", "figures"),
    [
        (T2021, "t2", 14, 4, 10),
        (T2021, "t3", 28, 10, 175),
        (T2021, "t4", 4, 15, 15),
        (T2019, "t2", 18, 4, 22),
        (T2019, "t3", 26, 10, 161),
        (T2019, "t4", 4, 15, 15),
    ],
)
def test_the_printed_grids(
    form: Template, name: str, rows: int, columns: int, figures: int
) -> None:
    table = _table(form, name)
    assert (table.rows, table.columns) == (rows, columns)
    assert len(table.figures) == figures
    slots = [
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert sorted(slots) == [(row, column) for row in range(rows) for column in range(columns)]


def test_positions_are_computed_from_spans() -> None:
    table = _table(T2021, "t3")
    where = {cell.label: cell for cell in table.cells if cell.label}
    results = where["三、本年度办理结果"]
    assert (results.row, results.column, results.row_span) == (5, 0, 22)
    refused = where["（三）不予公开"]
    assert (refused.row, refused.column, refused.row_span, refused.column_span) == (7, 1, 8, 1)
    figure = next(cell for cell in table.figures if cell.address == ("d3", "nonprofit"))
    assert (figure.row, figure.column, figure.type) == (9, 6, "count")


def test_figures_are_listed_row_by_row() -> None:
    for form in builtin():
        for table in form.tables:
            places = [(cell.row, cell.column) for cell in table.figures]
            assert places == sorted(places)


def test_equations_are_named_as_the_results_promise() -> None:
    names = [equation.name for equation in _table(T2021, "t3").equations]
    assert len(names) == 25 + 7 + 7
    assert "new: total = person + business + research + nonprofit + legal + other" in names
    assert "person: new + carry = total + next" in names
    assert any(name.startswith("person: total = granted + partial + d1 + ") for name in names)
    assert [equation.name for equation in _table(T2019, "t4").equations] == [
        "review: total = upheld + corrected + other + pending",
        "suit_direct: total = upheld + corrected + other + pending",
        "suit_after_review: total = upheld + corrected + other + pending",
    ]
    carried = next(e for e in _table(T2021, "t3").equations if e.name.startswith("legal: new"))
    assert carried.left == (("new", "legal"), ("carry", "legal"))
    assert carried.right == (("total", "legal"), ("next", "legal"))


def test_the_2019_form_differs_where_it_should() -> None:
    rows = [key for key, _ in _table(T2019, "t3").row_names]
    assert "o" in rows
    assert not {"o1", "o2", "o3"} & set(rows)
    types = {cell.address: cell.type for cell in _table(T2019, "t2").figures}
    assert types["licence", "change"] == "signed"
    assert types["fee", "previous"] == "count"
    assert types["procurement", "amount"] == "money"
    assert {cell.address: cell.type for cell in _table(T2021, "t2").figures}[
        "fee", "amount"
    ] == "decimal"


def test_known_wordings_count_as_the_label() -> None:
    label = next(c for c in _table(T2021, "t3").cells if c.label == "社会公益组织")
    assert "社会组织" in label.spellings


def _examples() -> list[str]:
    page = Path(__file__).parents[2] / "docs" / "templates.md"
    return re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)[:1]


def test_the_example_of_the_manual_loads(tmp_path: Path) -> None:
    (example,) = _examples()
    file = tmp_path / "example.toml"
    file.write_text(example, encoding="utf-8")
    table = load(file).tables[0]
    assert (table.rows, table.columns, len(table.figures)) == (6, 5, 10)
    assert len(table.equations) == 6


def _faults_of(text: str, folder: Path) -> list[str]:
    file = folder / "form.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load(file)
    assert len(caught.value.message.zh.splitlines()) == len(caught.value.message.en.splitlines())
    return caught.value.message.en.splitlines()


def test_every_fault_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    (text,) = _examples()
    text = text.replace('title = "Yearly count of a library"', 'titel = "typo"')
    text = text.replace('"合计|1x2"],', '"合计"],')
    text = text.replace('"budget.amount" = "money"', '"budget.amount" = "dollars"')
    faults = _faults_of(text, tmp_path)
    for part in (
        "form.toml: title: is missing",
        "form.toml:2: titel: is not a known key",
        "form.toml:34: table loans: types.budget.amount: should be count, signed, decimal, ",
        "form.toml:13: table loans: print line 2: fills 4 columns where most lines fill 5",
    ):
        assert any(fault.startswith(part) for fault in faults), (part, faults)
    assert len(faults) == 4  # and no fault is invented that follows only from another one


def test_faults_of_the_grid_equations_and_names(tmp_path: Path) -> None:
    (text,) = _examples()
    text = text.replace('"合计|1x2"],', '"合计"],')
    text = text.replace('"=budget.amount|3"', '"=budget.cost|3"')
    text = text.replace("total = adult + child", "total = adult + baby")
    text = text.replace('"合计" = ["总计"', '"总数" = ["总计"')
    text = text.replace('id = "loans"', 'id = "loans"\nnote = 1')
    faults = "\n".join(_faults_of(text, tmp_path))
    for part in (
        "table loans: note: is not a known key",
        "print line 2: fills 4 columns where most lines fill 5",
        'print line 6, cell 2: "cost" is not named in columns',
        "columns.amount: names nothing that the table prints",
        'types."budget.amount": no figure fits this pattern',
        'equation 1: "chinese: total = adult + baby" speaks of "chinese.baby"',
        'variants."总数": no table prints this label',
    ):
        assert part in faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["外文", ', '["外文|2", ', "print line 4: fills 6 columns where most lines fill 5"),
        ('"经费（元）|2"', '"经费（元）|2x2"', "reaches down to line 7, but there are only 6"),
        ('"经费（元）|2"', '"经费（元）|zwei"', 'should be written "text|columns x rows"'),
        ('"=sum.total"', '"=sum"', 'should be written "=row.column"'),
        ('"=sum.total"', '"=sum.child"', 'the figure "sum.child" stands there 2 times'),
        ("sum = chinese + foreign", "sum chinese + foreign", "should be spoken like"),
        ("sum = chinese + foreign", "sum = chinese +", "a sign with nothing beside it"),
        ("sum = chinese + foreign", "sum = chinese + chinese", "names a figure twice"),
        ('only = ["adult",', 'only = ["adults",', '"adults" in only names nothing here'),
        ('["成人", "儿童"]', "[]", "has no cells"),
        ('id = "example/library"', 'id = "example/library', "is not valid TOML"),
        ('"*.*" = "count"', '"chinese.*" = "count"', 'no pattern in types fits "sum.adult"'),
    ],
)
def test_single_faults(old: str, new: str, fault: str, tmp_path: Path) -> None:
    (text,) = _examples()
    assert old in text
    faults = _faults_of(text.replace(old, new), tmp_path)
    assert any(fault in line for line in faults), faults


def test_overlapping_cells_are_named(tmp_path: Path) -> None:
    (text,) = _examples()
    # 外文, two columns wide, runs into 儿童 which reaches down from the second line
    text = text.replace('["成人", "儿童"],', '["成人", "儿童|1x3"],')
    text = text.replace('["外文", ', '["外文", "X|3", ')
    faults = _faults_of(text, tmp_path)
    assert any(
        "print line 4, cell 2: overlaps the cell at "
        "(form.toml:13: table loans: print line 2, cell 2)" in fault
        for fault in faults
    ), faults


def test_a_missing_file_and_a_wrong_encoding_are_faults(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"nothing\.toml: cannot be read"):
        load(tmp_path / "nothing.toml")
    wrong = tmp_path / "wrong.toml"
    wrong.write_bytes("id = '表'".encode("gb18030"))
    with pytest.raises(TemplateError, match="save it as UTF-8"):
        load(wrong)


def _with(says: str, folder: Path, more: str = "") -> Template:
    (text,) = _examples()
    file = folder / "form.toml"
    file.write_text(f'{text}\n[[tables.equations]]\nsays = "{says}"\n{more}\n', encoding="utf-8")
    return load(file)


def test_what_is_subtracted_goes_to_the_other_side(tmp_path: Path) -> None:
    equation = _with("{column}: foreign = sum - chinese", tmp_path, 'only = ["adult"]')
    (one,) = equation.tables[0].equations[-1:]
    assert one.name == "adult: foreign = sum - chinese"
    assert one.left == (("foreign", "adult"), ("chinese", "adult"))
    assert one.right == (("sum", "adult"),)


def test_a_range_stands_for_all_keys_between(tmp_path: Path) -> None:
    (text,) = _examples()
    file = tmp_path / "form.toml"
    file.write_text(text.replace("sum = chinese + foreign", "sum = chinese..foreign"), "utf-8")
    assert load(file).tables[0].equations == _manual(tmp_path).tables[0].equations


def _manual(folder: Path) -> Template:
    (text,) = _examples()
    file = folder / "manual.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


@pytest.mark.parametrize(
    "says",
    [
        "{row}: adult <= total",
        "{row}: adult ≤ total",
        "{row}: total = 2 * adult",
        "{row}: total = adult[-1] + child",
        "sum.total = budget.amount / 100",
        "sum.adult = loans:sum.total - sum.child * 1",
        "sum.total[-1] * 2 >= sum.total",
    ],
)
def test_what_is_no_plain_sum_is_a_relation(says: str, tmp_path: Path) -> None:
    only = 'only = ["chinese"]' if says.startswith("{row}") else ""
    form = _with(says, tmp_path, only)
    assert len(form.tables[0].relations) == 1
    assert len(form.tables[0].equations) == 6


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("{row}: total < adult < child", "should be spoken like"),
        ("sum.total[1] = sum.adult", "should be spoken like"),
        ("lent:sum.total = sum.adult * 1", 'the table "lent", which the form does not have'),
        ("{column}: sum = chinese..none", 'speaks of "none.adult"'),
        ("{row}: total <= adult + ", "a sign with nothing beside it"),
    ],
)
def test_faults_of_relations(says: str, fault: str, tmp_path: Path) -> None:
    (text,) = _examples()
    faults = _faults_of(f'{text}\n[[tables.equations]]\nsays = "{says}"\n', tmp_path)
    assert any(fault in line for line in faults), faults


def test_a_tolerance_must_be_a_number(tmp_path: Path) -> None:
    (text,) = _examples()
    more = '[[tables.equations]]\nsays = "sum.total = sum.adult * 1"\nwithin = "much"\n'
    faults = _faults_of(f"{text}\n{more}", tmp_path)
    assert [fault.partition(": ")[2] for fault in faults] == [
        "table loans: equations[3].within: should be a number"
    ]
