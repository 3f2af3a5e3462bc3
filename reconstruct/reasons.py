"""What people are told about a figure, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import spell
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Figure
    from document.template import Address, Equation, TableTemplate
    from reconstruct.evidence import Evidence


_SHOWN = 6
"""So many parts of a sum are named one by one."""


def spoken(
    template: TableTemplate, equation: Equation, values: Mapping[Address, Figure | None]
) -> Message:
    """Say an equation with its figures: "自然人 3 + 商业企业 1 = 总计 4".

    Zeros are left out of sums, and of a long sum all but the first parts are drawn together; a
    figure that cannot be read is a question mark.
    """
    rows = {row for row, _ in equation.cells}
    columns = {column for _, column in equation.cells}
    sides = (equation.left, equation.right)
    if len(equation.left) == 1:  # "parts = total" is how people say a sum
        sides = (equation.right, equation.left)

    def named(row: str, column: str, figure: str) -> tuple[str, str]:
        zh = en = figure
        if len(columns) > 1:
            zh, en = f"{template.column_name(column)} {zh}", f"{column} {en}"
        if len(rows) > 1:
            zh, en = f"{template.row_name(row)} {zh}", f"{row} {en}"
        return zh, en

    def side(addresses: Sequence[Address]) -> tuple[str, str]:
        telling = [a for a in addresses if len(addresses) == 1 or values.get(a) != 0]
        shown = telling if len(telling) <= _SHOWN + 1 else telling[:_SHOWN]
        figures = [(row, column, values.get((row, column))) for row, column in shown]
        parts = [named(row, column, "?" if v is None else spell(v)) for row, column, v in figures]
        if more := telling[len(shown) :]:
            rest = total(more, values)
            amount = "?" if rest is None else spell(rest)
            parts.append((f"其余{len(more)}项 {amount}", f"{len(more)} more {amount}"))
        zh, en = (" + ".join(said) for said in zip(*parts, strict=True)) if parts else ("0", "0")
        return zh, en

    common_zh = common_en = ""
    if len(rows) == 1 or len(columns) == 1:
        (row, column) = equation.left[0]
        common_zh = template.row_name(row) if len(rows) == 1 else template.column_name(column)
        common_zh += "："
        common_en = f"{row if len(rows) == 1 else column}: "
    one, other = (side(s) for s in sides)
    return Message(f"{common_zh}{one[0]} = {other[0]}", f"{common_en}{one[1]} = {other[1]}")


def unequal(
    template: TableTemplate, equation: Equation, values: Mapping[Address, Figure | None]
) -> Message:
    """Say an equation that does not hold, with ≠ for the sign."""
    text = spoken(template, equation, values)
    return Message(text.zh.replace(" = ", " ≠ "), text.en.replace(" = ", " ≠ "))


def repaired(equation: Message, printed: str, value: Figure | None, margin: float) -> Message:
    """Say why a misread was mended."""
    figure = "空" if value is None else spell(value)
    in_english = "a blank" if value is None else spell(value)
    return Message(
        f"读作“{printed}”；只有取{figure}时才有：{equation.zh}。次优解释的代价高{margin:.1f}奈特",
        f'read as "{printed}"; {equation.en} holds only with {in_english};'
        f" next best value costs {margin:.1f} nats more",
    )


def like_other_zeros(e: Evidence, equation: Message, value: Figure | None) -> Message:
    """Say that a zero was given the look of its table's others, which the sums cannot tell."""
    doubts = candidates(e)
    figure, in_english = ("空", "left out") if value is None else ("0", "printed as 0")
    return Message(
        f"{doubts.zh}；{equation.zh}；本表其他的零均作{figure}，此处暂从，请核对原件",
        f"{doubts.en}; {equation.en}; the other zeros of this table are {in_english}, and so is"
        " this one for the time being; please compare with the page",
    )


def confirmed(e: Evidence, equation: Message, margin: float) -> Message:
    """Say why a doubtful reading is sure."""
    doubts = candidates(e)
    return Message(
        f"{doubts.zh}；勾稽关系证实读数：{equation.zh}。其他取值的代价至少高{margin:.1f}奈特",
        f"{doubts.en}; confirmed by {equation.en}; any other value costs {margin:.1f} nats more",
    )


def doubtful(e: Evidence) -> Message:
    """Say that a reading is unsure and that no equation settles it."""
    doubts = candidates(e)
    return Message(
        f"{doubts.zh}；没有勾稽关系可以判定，请核对原件",
        f"{doubts.en}; no equation settles it; please compare with the page",
    )


def tied(e: Evidence, equation: Message) -> Message:
    """Say that two values fit, or that a change would not make all sums hold."""
    doubts = candidates(e)
    return Message(
        f"{doubts.zh}；{equation.zh}，但不止一种解释说得通，未作改动，请核对原件",
        f"{doubts.en}; {equation.en}, but more than one explanation fits;"
        " nothing was changed; please compare with the page",
    )


def page_wrong(equation: Message, implied: Figure | None) -> Message:
    """Say that the page itself does not add up here."""
    zh = en = ""
    if implied is not None:
        zh = f"；若为{spell(implied)}则相符"
        en = f"; it would add up with {spell(implied)}"
    return Message(
        f"读数清楚，而原件本身不相符：{equation.zh}{zh}。未作改动",
        f"clearly read, but the page itself does not add up: {equation.en}{en};"
        " nothing was changed",
    )


def left_blank(equation: Message, implied: Figure | None) -> Message:
    """Say that a figure is left out where the sums ask for one."""
    zh = "" if implied is None else f"，按勾稽关系应为{spell(implied)}"
    en = "" if implied is None else f"; the sums ask for {spell(implied)}"
    return Message(
        f"此处未填数{zh}：{equation.zh}。未作改动，请核对原件",
        f"nothing is printed here{en}: {equation.en}; nothing was changed;"
        " please compare with the page",
    )


def unreadable(*, found: bool, implied: Figure | None) -> Message:
    """Say that a figure cannot be read, and what the equations imply."""
    zh = "无法辨认" if found else "页面上没有找到此格"
    en = "cannot be read" if found else "this cell was not found on any page"
    if implied is None:
        return Message(f"{zh}，请核对原件", f"{en}; please compare with the page")
    return Message(
        f"{zh}；按勾稽关系应为{spell(implied)}，请核对原件",
        f"{en}; the equations imply {spell(implied)}; please compare with the page",
    )


def misplaced(reason: Message) -> Message:
    """Say that the place of a figure is in doubt, besides ``reason``."""
    return Message(
        f"此数所在的行列不能确定，请核对原件{'；' if reason.zh else ''}{reason.zh}",
        "its row or column is in doubt; please compare with the page"
        f"{'; ' if reason.en else ''}{reason.en}",
    )


def unit_unlike(unit: str, reason: Message) -> Message:
    """Say that a cell prints a unit that its heading does not, besides ``reason``."""
    return Message(
        f"格内印有单位“{unit}”，与表头不同，请核对{'；' if reason.zh else ''}{reason.zh}",
        f'the cell prints the unit "{unit}", which its heading does not; please check'
        f"{'; ' if reason.en else ''}{reason.en}",
    )


def besides(reason: Message, says: Message) -> Message:
    """Add what is said elsewhere to a reason."""
    return Message(f"{reason.zh}；{says.zh}", f"{reason.en}; {says.en}")


def unresolved(e: Evidence) -> Message:
    """Say that the search gave up."""
    doubts = candidates(e)
    return Message(
        f"{doubts.zh}；不相符之处太多，未能判定，请核对原件",
        f"{doubts.en}; too much fails to add up to settle it; please compare with the page",
    )


def candidates(e: Evidence) -> Message:
    """Say what the reader saw, with its probabilities."""
    if e.cell.reading is None:
        return Message("没有读数", "nothing was read")
    seen = [(c.text, f"{c.probability:.1%}") for c in e.cell.reading.candidates[:3]]
    return Message(
        "读作" + "，".join([f"“{text}”（{share}）" for text, share in seen]),
        "read as " + ", ".join([f'"{text}" ({share})' for text, share in seen]),
    )
