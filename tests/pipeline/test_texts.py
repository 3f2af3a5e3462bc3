"""Texts that lost their grid: every figure right, or openly in doubt; nothing invented."""

from __future__ import annotations

import random
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from document.errors import InputError
from document.report import Cell, Report, Source, Status
from pipeline.intake import open_document
from pipeline.read_text import recover_passage, recover_text
from pipeline.selection import parse_pages
from pipeline.text_file import decode
from pipeline.text_pieces import passage_of
from reconstruct.templates import builtin
from samples import broken_text, figures
from samples.printing import draw_habits, write_figures
from samples.report import form

FOLDER = Path(__file__).parent / "texts"
DRAW = {"t2": figures.draw_t2, "t3": figures.draw_t3, "t4": figures.draw_t4}
BATCHES, TABLES_A_BATCH = 20, 50


@cache
def report_of(name: str) -> Report:
    return recover_text(open_document(FOLDER / name), templates=builtin())


def figures_of(report: Report, table: str) -> dict[str, Cell]:
    return {
        ".".join(cell.address): cell
        for one in report.tables
        if one.table == table
        for cell in one.cells
    }


def beside_zero(report: Report, table: str) -> dict[str, str]:
    """The figures of a table that are printed and not zero."""
    found = figures_of(report, table)
    return {name: str(c.value) for name, c in found.items() if c.value not in {0, None}}


def row(name: str, texts: str) -> dict[str, str]:
    columns = ("person", "business", "research", "nonprofit", "legal", "other", "total")
    pairs = zip(columns, texts.split(), strict=True)
    return {f"{name}.{column}": text for column, text in pairs if text != "0"}


def test_tabs_with_flattened_spans_and_a_table_broken_in_two() -> None:
    report = report_of("flattened-tabs.txt")
    assert (report.agency, report.year, report.status) == ("清江市望湖区司法局", 2023, "clean")
    assert beside_zero(report, "t2") == {"licence.decisions": "12"}
    assert beside_zero(report, "t3") == {
        **row("new", "3 1 0 0 0 0 4"),
        **row("u1", "2 1 0 0 0 0 3"),
        **row("n2", "1 0 0 0 0 0 1"),
        **row("total", "3 1 0 0 0 0 4"),
    }
    assert beside_zero(report, "t4") == {"review.upheld": "2", "review.total": "2"}


def test_a_line_with_a_total_only_gets_no_other_figures() -> None:
    cells = figures_of(report_of("flattened-tabs.txt"), "t3")
    for name in ("granted", "partial"):
        assert cells[f"{name}.total"].value == 0
        assert all(cells[f"{name}.{c}"].value is None for c in ("person", "business", "other"))


def test_bars_with_a_scrambled_header_and_a_line_one_figure_short() -> None:
    report = report_of("padded-bars.txt")
    assert beside_zero(report, "t3") == {}
    assert beside_zero(report, "t4") == {
        "review.upheld": "9",
        "review.corrected": "3",
        "review.other": "17",
        "review.total": "29",
        "suit_direct.corrected": "1",
        "suit_direct.total": "1",
        "suit_after_review.pending": "6",
        "suit_after_review.total": "6",
    }
    # six zeros for seven columns: no sum can tell which of them is missing
    doubtful = {c.address[0] for c in report.cells if c.needs_review}
    assert doubtful == {"next"}
    assert sum(c.needs_review for c in report.cells) == 7


def test_markdown_with_an_item_that_left_its_group() -> None:
    report = report_of("escaped-row.md")
    assert report.status == "clean"
    assert beside_zero(report, "t3") == {
        **row("new", "6 0 1 0 0 0 7"),
        **row("granted", "3 0 0 0 0 0 3"),
        **row("d8", "1 0 0 0 0 0 1"),
        **row("u1", "1 0 1 0 0 0 2"),
        **row("o3", "1 0 0 0 0 0 1"),
        **row("total", "6 0 1 0 0 0 7"),
    }


def test_a_cell_on_each_line() -> None:
    report = report_of("stacked.txt")
    assert (report.agency, report.year) == ("临河市东沙区司法局", 2022)
    assert report.status == "clean"
    assert beside_zero(report, "t2") == {"licence.decisions": "3", "normative.in_force": "4"}
    assert beside_zero(report, "t3")["total.total"] == "21"
    assert len([c for c in figures_of(report, "t3").values() if c.value == 0]) == 175 - 18


def test_scraps_of_a_picture_are_no_table_and_the_prose_only_suggests() -> None:
    report = report_of("scraps.txt")
    assert report.status == "review"
    assert all(cell.value is None and cell.needs_review for cell in report.cells)
    hints = {n: c.suggestion for n, c in figures_of(report, "t3").items() if c.suggestion}
    assert hints == {"new.person": 3, "new.total": 3, "u1.person": 3, "u1.total": 3}
    missing = {f.table: f.message.en for f in report.findings if f.code == "table-missing"}
    assert set(missing) == {"t2", "t3", "t4"}
    assert "picture is unreadable here" in missing["t4"]
    assert "picture" not in missing["t2"]
    odd = next(f for f in report.findings if f.code == "prose-contradicts-itself")
    assert "收到3件" in odd.message.zh
    assert "未收到" in odd.message.zh


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_encodings_are_told_apart(name: str) -> None:
    text = (FOLDER / "escaped-row.md").read_text("utf-8")
    assert decode(text.encode(name)).lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("规章\t0\n".encode() * 9 + b"\xff\xfe\x80", "text-encoding"),
        (b"\xff\xfe\x00", "text-encoding"),
        ("规章\x07\t0\n".encode(), "not-a-text"),
        (b"  \n\t\n", "empty-text"),
    ],
)
def test_what_is_wrong_with_a_text_is_said(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(content)
    assert caught.value.code == code


def drawn(seed: int) -> tuple[str, str, dict[tuple[str, str], str | None], Report]:
    """A table drawn, written as a broken text and read back: what was done, and the truth."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)  # noqa: S311
    table, generation = rng.choice(["t2", "t3", "t4"]), rng.choice(["2019", "2021"])
    level = rng.choice(["bureau", "district", "city"])
    drawn_figures = DRAW[table](numbers, level, generation)  # type: ignore[arg-type]
    if rng.random() < 0.3:  # dashes for zero, remarks, units, full-width figures …
        drawn_figures = write_figures(drawn_figures, draw_habits(numbers), numbers)
    entries = drawn_figures.entries
    printed = {entry.address: entry.printed for entry in entries}
    truth = {entry.address: entry.value for entry in entries}
    habit = rng.random()
    if habit < 0.15:  # the page's own mistake
        plain = [address for address, text in printed.items() if text.isdigit()]
        at = rng.choice(plain or list(printed))
        printed[at] = truth[at] = str(int(truth[at] or 0) + rng.choice([1, 6, 10]))
    elif habit < 0.3:  # zeros left blank
        line = rng.choice([*{a[0]: 0 for a in printed}, None])  # of a line, or of all
        for at in [a for a in printed if line in {a[0], None} and printed[a] == "0"]:
            printed[at], truth[at] = "", None
    rows = broken_text.rows_of(form(table, generation)[1], printed)  # type: ignore[arg-type]
    damages = rng.choices(broken_text.DAMAGES, k=rng.randint(0, 2))
    for damage in damages:
        rows = broken_text.damage(rows, damage, rng)
    style = rng.choice(broken_text.STYLES)
    body = broken_text.write(rows, style, rng)
    text = f"{broken_text.HEADINGS[table]}\n{body}\n五、存在的主要问题及改进情况\n"
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    return f"{seed}: {table} {generation} {level} {style} {damages}", table, truth, report


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_figure_of_a_thousand_broken_tables_is_wrong_and_looks_sure(batch: int) -> None:
    wrong = []
    for seed in range(batch * TABLES_A_BATCH, (batch + 1) * TABLES_A_BATCH):
        what, table, truth, report = drawn(seed)
        found = [c for one in report.tables if one.table == table for c in one.cells]
        for cell in found:
            known = truth.get(cell.address)
            value = None if known is None else Decimal(known)
            if cell.value != value and not cell.needs_review:
                wrong.append((what, cell.address, known, cell.printed))
        assert found or report.status in {"failed", "review"}, what
    assert wrong == []


@pytest.mark.parametrize(
    "style",
    sorted(
        {*broken_text.KEEPS_BLANKS, "lines", "spaces", "gaps", "barred", "wrapped"}
        | {"own-bars", "below-bars"}
    ),
)
@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_a_whole_table_needs_no_person_whatever_its_style(style: str, table: str) -> None:
    rng, numbers = random.Random(7), np.random.default_rng(7)  # noqa: S311
    entries = DRAW[table](numbers, "district", "2021").entries
    template = form(table, "2021")[1]
    rows = broken_text.rows_of(template, {e.address: e.printed for e in entries})
    text = broken_text.HEADINGS[table] + "\n" + broken_text.write(rows, style, rng)  # type: ignore[arg-type]
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    found = {cell.address: cell for t in report.tables if t.table == table for cell in t.cells}
    assert {a: c.value for a, c in found.items()} == {
        e.address: Decimal(e.value or 0) for e in entries
    }
    assert all(c.status is Status.READ and not c.needs_review for c in found.values())


@pytest.mark.parametrize("style", broken_text.STYLES)
def test_columns_in_another_order_than_the_forms_are_noticed_by_their_headers(
    style: broken_text.Style,
) -> None:
    """Sums cannot see two parts exchanged."""
    rng, numbers = random.Random(5), np.random.default_rng(5)  # noqa: S311
    entries = figures.draw_t3(numbers, "city", "2021").entries
    rows = broken_text.rows_of(form("t3", "2021")[1], {e.address: e.printed for e in entries})
    swapped = []
    for number, row in enumerate(rows):
        slots = list(row)
        if number > 1:
            slots[4], slots[6] = slots[6], slots[4]
        swapped.append(tuple(slots))
    text = broken_text.HEADINGS["t3"] + "\n" + broken_text.write(swapped, style, rng)
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    truth = {e.address: Decimal(e.value or 0) for e in entries}
    assert len(report.cells) == len(truth)
    assert all(c.needs_review or c.value == truth[c.address] for c in report.cells)


@pytest.mark.parametrize("size", [1, 2])
def test_a_header_whose_labels_came_apart_is_known_by_its_characters(size: int) -> None:
    """As an electronic book prints 表四, whose narrow cells wrap their labels."""
    template = form("t4", "2021")[1]
    printed = dict.fromkeys((c.address for c in template.figures if c.address), "0")
    printed |= {("review", "upheld"): "3", ("review", "corrected"): "1", ("review", "total"): "4"}
    rows = broken_text.rows_of(template, printed)
    figures_row = " ".join(slot.text for slot in rows[-1] if slot.address)
    labels = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3

    def text(labels: list[str]) -> str:
        wrapped = "\n".join(
            " ".join(one[at : at + size] for one in labels if one[at : at + size])
            for at in range(0, 4, size)
        )
        heads = "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n"
        return f"{broken_text.HEADINGS['t4']}\n{heads}{wrapped}\n{figures_row}\n五、问题\n"

    report = recover_passage(passage_of(text(labels)), Source("", "", 1), builtin())
    found = beside_zero(report, "t4")
    assert found == {"review.upheld": "3", "review.corrected": "1", "review.total": "4"}
    assert not any(c.needs_review for c in figures_of(report, "t4").values())
    labels[0], labels[1] = labels[1], labels[0]  # sums cannot see it: the header can
    report = recover_passage(passage_of(text(labels)), Source("", "", 1), builtin())
    assert all(c.needs_review for c in figures_of(report, "t4").values())
    lacking = text(labels).replace("审", "").replace("未", "")
    report = recover_passage(passage_of(lacking), Source("", "", 1), builtin())
    assert all(c.needs_review for c in figures_of(report, "t4").values())


def test_empty_cells_behind_lone_bars_keep_their_place() -> None:
    """A bar alone begins a row and is an empty cell: figures behind some must not move up."""
    template = form("t4", "2021")[1]
    texts = ["", "", "", "", "", "0", "1", "0", "0", "1", "0", "0", "0", "0", "0"]
    printed = dict(zip((c.address for c in template.figures if c.address), texts, strict=True))
    rows = broken_text.rows_of(template, printed)
    rows[-1:] = [rows[-1][:10], (broken_text.Slot("\f"),), rows[-1][10:]]  # its page ends
    body = broken_text.write(rows, "barred", random.Random(1))  # noqa: S311
    text = f"{broken_text.HEADINGS['t4']}\n{body}\n五、存在的主要问题及改进情况\n"
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    cells = figures_of(report, "t4").values()
    assert len(cells) == len(texts)
    for cell in cells:
        right = printed[cell.address]
        assert cell.needs_review or cell.value == (Decimal(right) if right else None), cell.address


@pytest.mark.parametrize("style", ["own-bars", "below-bars", "padded-bars", "barred"])
def test_empty_cells_are_known_by_counting_though_no_line_is_full(style: broken_text.Style) -> None:
    """Offices that leave cells empty for nothing: 3 of 自然人 is none of 商业企业."""
    template = form("t3", "2021")[1]
    printed = dict.fromkeys((c.address for c in template.figures if c.address), "")
    rows = {"new": (13, 7), "granted": (5, 3), "total": (11, 6)}
    rows |= dict.fromkeys(("next", "o1", "d3", "u2"), (2, 1))
    for name, (person, legal) in rows.items():
        row = {"person": person, "legal": legal, "total": person + legal}
        printed |= {(name, column): str(figure) for column, figure in row.items()}
    body = broken_text.write(broken_text.rows_of(template, printed), style, random.Random(1))  # noqa: S311
    text = f"{broken_text.HEADINGS['t3']}\n{body}\n五、存在的主要问题及改进情况\n"
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    cells = figures_of(report, "t3").values()
    wrong = [c.address for c in cells if c.printed != printed[c.address]]
    assert (len(cells), wrong) == (len(printed), [])
    assert sum(c.needs_review for c in cells) == 0


def test_two_reports_in_one_text_are_not_mixed() -> None:
    both = (FOLDER / "escaped-row.md").read_text("utf-8")
    other = both.replace("| 6 | 0 | 1 | 0 | 0 | 0 | 7 |", "| 5 | 0 | 2 | 0 | 0 | 0 | 7 |")
    report = recover_passage(passage_of(both + other), Source("", "", 1), builtin())
    assert "second-table" in {finding.code for finding in report.findings}
    assert report.status == "review"
    assert figures_of(report, "t3")["new.person"].value in {5, 6}


def test_runs_of_digits_are_parted_where_sums_prove_it_and_nowhere_else() -> None:
    rows = broken_text.rows_of(
        form("t3", "2021")[1],
        {c.address: "0" for c in form("t3", "2021")[1].figures if c.address}
        | {("new", "person"): "17", ("new", "business"): "3", ("new", "total"): "20"}
        | {("u1", "person"): "17", ("u1", "business"): "3", ("u1", "total"): "20"}
        | {("total", "person"): "17", ("total", "business"): "3", ("total", "total"): "20"},
    )
    body = broken_text.write(rows, "runs", random.Random(1))  # noqa: S311
    assert "17300002" in body
    report = recover_passage(passage_of(body), Source("", "", 1), builtin())
    assert beside_zero(report, "t3") == {
        **row("new", "17 3 0 0 0 0 20"),
        **row("u1", "17 3 0 0 0 0 20"),
        **row("total", "17 3 0 0 0 0 20"),
    }
    assert not any(cell.needs_review for cell in report.cells)
    template = form("t2", "2021")[1]
    printed = {c.address: "0" for c in template.figures if c.address}
    printed |= {("normative", "made"): "12", ("normative", "in_force"): "136"}
    rows = broken_text.rows_of(template, printed)
    free = broken_text.write(rows, "runs", random.Random(1))  # noqa: S311
    report = recover_passage(passage_of(free), Source("", "", 1), builtin())
    cells = figures_of(report, "t2")
    assert [cells[f"regulation.{c}"].value for c in ("made", "repealed", "in_force")] == [0, 0, 0]
    assert all(cells[f"normative.{c}"].needs_review for c in ("made", "repealed", "in_force"))


def test_a_form_of_other_years_is_refused() -> None:
    text = "指标名称\t计量单位\t历年累计\n主动公开政府信息数\t条\t120\n"
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    assert report.status == "failed"
    assert report.findings[0].code == "foreign-form"


def test_form_feeds_part_pages_and_only_those_asked_for_are_read(tmp_path: Path) -> None:
    text = (FOLDER / "escaped-row.md").read_text("utf-8").replace("四、政府", "\f四、政府")
    (tmp_path / "two.txt").write_text(text, "utf-8")
    document = open_document(tmp_path / "two.txt", pages=parse_pages("2,5"))
    assert document.source.pages == 2
    report = recover_text(document, templates=builtin())
    assert [(table.table, table.pages) for table in report.tables] == [("t4", (2,))]
    assert report.findings[0].code == "no-such-page"
    assert report.findings[0].page == 5


T2_2019 = """二、主动公开政府信息情况
第二十条第（一）项
信息内容 本年新制作数量 本年新公开数量 对外公开总数量
规章 0 0 0
规范性文件 1 1 9
第二十条第（五）项
信息内容 上一年项目数量 本年增/减 处理决定数量
行政许可{licence}
其他对外管理服务事项{service}
第二十条第（六）项
信息内容 上一年项目数量 本年增/减 处理决定数量
行政处罚{penalty}
行政强制{coercion}
第二十条第（八）项
信息内容 上一年项目数量 本年增/减
行政事业性收费 2 -1
第二十条第（九）项
信息内容 采购项目数量 采购总金额
政府集中采购 1 13965.39
五、存在的主要问题及改进情况
"""


@pytest.mark.parametrize(
    ("lines", "rows"),
    [  # empty cells left out: whose figure is it? · a label lost, its figures a line below
        ((" 24", " 1", " 1003", " 15 -9"), ("licence", "service", "penalty", "coercion")),
        ((" 1 2 3", " 4 5 6", "\n14 -3 7", " 15 -9 4"), ("penalty",)),
    ],
)
def test_figures_of_which_nothing_tells_the_place_are_for_a_person(
    lines: tuple[str, ...], rows: tuple[str, ...]
) -> None:
    text = T2_2019.format(licence=lines[0], service=lines[1], penalty=lines[2], coercion=lines[3])
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    asked = {c.address[0] for c in report.cells if c.needs_review}
    assert asked == set(rows)


def test_figures_of_a_label_lost_between_bars_are_not_those_of_the_line_above() -> None:
    bars = T2_2019.format(licence=" 13  ", service=" 14 -3 ", penalty=" 16  ", coercion=" 24 5 ")
    cells = "\n".join(
        "\n|\n".join(line.split(" ")) + "\n|" for line in bars.splitlines() if "二、" not in line
    )
    lost = cells.replace("其他对外管理服务事项\n|", "|")
    report = recover_passage(
        passage_of(f"{bars.splitlines()[0]}\n{lost}"), Source("", "", 1), builtin()
    )
    found = figures_of(report, "t2")
    for name in ("licence.previous", "licence.change", "licence.decisions"):
        assert found[name].needs_review, name
    assert found["coercion.change"].value == 5


def test_figures_that_ran_together_are_no_total_where_no_line_shows_two() -> None:
    """Offices that leave cells empty, converted without separators: 3 and 3 make no 33."""
    template = form("t3", "2021")[1]
    printed = dict.fromkeys((c.address for c in template.figures if c.address), "")
    rows = {"new": (60, 7), "carry": (5, 0), "granted": (50, 4), "n1": (7, 0), "u1": (5, 3)}
    for name, (person, legal) in (rows | {"total": (62, 7), "next": (3, 0)}).items():
        row = {"person": person, "legal": legal or "", "total": person + legal}
        printed |= {(name, column): str(figure) for column, figure in row.items()}
    body = broken_text.write(broken_text.rows_of(template, printed), "runs", random.Random(1))  # noqa: S311
    text = f"{broken_text.HEADINGS['t3']}\n{body}\n五、存在的主要问题及改进情况\n"
    report = recover_passage(passage_of(text), Source("", "", 1), builtin())
    cells = figures_of(report, "t3").values()
    assert len(cells) == len(printed)
    assert all(c.needs_review or c.printed == printed[c.address] for c in cells)
