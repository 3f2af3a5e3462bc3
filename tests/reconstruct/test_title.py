"""Whose report of which year, from the lines above the first table."""

from __future__ import annotations

import pytest

from reconstruct.title import title


@pytest.mark.parametrize(
    ("lines", "agency", "year"),
    [
        (["河东区人民政府2023年政府信息公开工作年度报告"], "河东区人民政府", 2023),
        (["河东区司法局2022年度政府信息公开工作年度报告"], "河东区司法局", 2022),
        (["河东区人民政府", "2021年政府信息公开工作年度报告"], "河东区人民政府", 2021),
        (["河东区司法局二〇二二年政府信息公开工作年度报告"], "河东区司法局", 2022),
        (["河东区司法局关于2023年度政府信息公开工作情况的报告"], "河东区司法局", 2023),
        (["河东区 人民政府 ２０２３年 政府信息公开 年度报告"], "河东区人民政府", 2023),
        (["《河东区统计局2022年政府信息公开工作年度报告》"], "河东区统计局", 2022),
    ],
)  # fmt: skip
def test_titles_as_agencies_write_them(lines: list[str], agency: str, year: int) -> None:
    assert title(lines) == (agency, year)


def test_the_way_to_the_page_is_no_part_of_the_agency() -> None:
    lines = ["首页 > 政务公开 > 年度报告", "河东区司法局2022年政府信息公开工作年度报告"]
    agency, year = title(lines)
    assert year == 2022
    assert agency is not None
    assert "首页" not in agency
    assert ">" not in agency


def test_a_long_title_is_taken_together() -> None:
    lines = ["河东区发展和", "改革局2024年政府信息", "公开工作年度报告"]
    assert title(lines) == ("河东区发展和改革局", 2024)
    lines = ["河东区发展和改革局2024年政府信息公开工", "作年度报告"]
    assert title(lines) == ("河东区发展和改革局", 2024)


def test_a_line_of_something_else_is_no_part_of_the_name() -> None:
    assert title(["索引号：河东区", "教育局2024年政府信息公开工作年度报告"]) == ("教育局", 2024)
    assert title(["东湖区要闻", "河东区教育局2024年政府信息公开工作年度报告"]) == (
        "河东区教育局",
        2024,
    )


def test_the_year_may_come_first() -> None:
    assert title(["2020年河东区教育局政府信息公开工作年度报告"]) == ("河东区教育局", 2020)


def test_the_year_of_the_report_counts_rather_than_when_it_was_published() -> None:
    lines = ["发布时间：2023年1月16日", "河东区司法局2022年政府信息公开工作年度报告"]
    assert title(lines) == ("河东区司法局", 2022)


def test_a_year_without_a_title_names_no_agency() -> None:
    assert title(["一、总体情况", "2022年，本机关认真贯彻落实有关规定"]) == (None, 2022)


@pytest.mark.parametrize(
    "lines", [[], [""], ["三、收到和处理政府信息公开申请情况"], ["电话 20231234"]]
)
def test_where_nothing_is_said_nothing_is_claimed(lines: list[str]) -> None:
    assert title(lines) == (None, None)
