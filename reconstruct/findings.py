"""What a person should know about a settled table as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from document.message import Message
from document.numeral import spell
from document.report import Finding, Status
from reconstruct import reasons
from reconstruct.checks import total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from document.report import Cell, Check, Figure
    from document.template import Address, Equation, TableTemplate
    from reconstruct.evidence import Evidence
    from reconstruct.verdict import Verdict


def findings_of(
    template: TableTemplate,
    cells: Mapping[Address, Cell],
    evidence: Mapping[Address, Evidence],
    verdicts: Mapping[Address, Verdict],
    values: Mapping[Address, Figure | None],
    checks: Sequence[Check],
) -> Iterator[Finding]:
    """Yield the findings of one table.

    ``values`` are what the figures count as on the page: blanks 0, unreadable ones None.
    ``checks`` are what that makes of each equation.
    """
    for equation, one in zip(template.equations, checks, strict=True):
        if one.holds:
            continue
        disputed = [a for a in equation.cells if cells[a].status is Status.DISPUTED]
        if disputed:
            yield _arithmetic(template, equation, disputed, cells, evidence, values)
        elif settled := _decided(equation, cells, verdicts, values):
            found = _arithmetic(template, equation, settled, cells, evidence, values)
            yield replace(found, wants_person=any(cells[a].needs_review for a in settled))
    lost = [a for a, cell in cells.items() if _is_lost(cell)]
    if lost:
        names = _names(template, lost)
        yield Finding(
            code="unreadable-figure",
            message=Message(
                f"{len(lost)}个数无法辨认或没有找到：{names.zh}。请对照原件补录",
                f"{len(lost)} figure(s) cannot be read or were not found: {names.en};"
                " please enter them from the page",
            ),
            table=template.id,
            cells=tuple(lost),
            page=_page(lost, cells),
            wants_person=any(cells[a].needs_review for a in lost),
        )
    gave_up = [
        a
        for a, verdict in verdicts.items()
        if verdict.unresolved and cells[a].status is not Status.HUMAN
    ]
    if gave_up:
        yield Finding(
            code="unresolved-arithmetic",
            message=Message(
                "不相符之处太多，未能在限定的计算量内判定；请对照原件核对标出的各数",
                "too much fails to add up to be settled within the limit; please compare the"
                " marked figures with the page",
            ),
            table=template.id,
            cells=tuple(a for a in gave_up if cells[a].needs_review),
            page=_page(gave_up, cells),
            wants_person=True,
        )


def _is_lost(cell: Cell) -> bool:
    return cell.status is Status.UNREADABLE or cell.status is Status.DERIVED


def _decided(
    equation: Equation,
    cells: Mapping[Address, Cell],
    verdicts: Mapping[Address, Verdict],
    values: Mapping[Address, Figure | None],
) -> list[Address]:
    """Return the figures people decided in an equation that fails all the same."""
    if any(values[a] is None for a in equation.cells):
        return []
    human = [a for a in equation.cells if cells[a].status is Status.HUMAN]
    return [a for a in human if verdicts[a].disputed] or human


def _arithmetic(
    template: TableTemplate,
    equation: Equation,
    disputed: Sequence[Address],
    cells: Mapping[Address, Cell],
    evidence: Mapping[Address, Evidence],
    values: Mapping[Address, Figure | None],
) -> Finding:
    found, expected = total(equation.left, values), total(equation.right, values)
    names = _names(template, disputed)
    if found is None or expected is None:
        text = reasons.spoken(template, equation, values)
        message = Message(
            f"有读数存疑，勾稽关系无从核对：{text.zh}。请核对：{names.zh}",
            f"readings are in doubt, so that an equation cannot be checked: {text.en};"
            f" please check: {names.en}",
        )
        return Finding(
            "doubtful-arithmetic",
            message,
            template.id,
            tuple(disputed),
            _page(disputed, cells),
            wants_person=True,
        )
    text = reasons.unequal(template, equation, values)
    difference = f"{spell(found)} − {spell(expected)} = {spell(found - expected)}"
    if not all(evidence[a].clear for a in disputed):
        code = "doubtful-arithmetic"
        message = Message(
            f"勾稽关系不成立，而有读数存疑：{text.zh}（差额：{difference}）。请核对：{names.zh}",
            f"an equation fails, and readings of it are in doubt: {text.en}"
            f" (difference {difference}); please check: {names.en}",
        )
    elif all(cells[a].value is None for a in disputed):
        code = "left-blank"
        message = Message(
            f"原件未填数，而勾稽关系要求有数：{text.zh}（差额：{difference}）。请核对：{names.zh}",
            f"the page leaves a figure out that the sums ask for: {text.en}"
            f" (difference {difference}); please check: {names.en}",
        )
    else:
        code = "source-arithmetic"
        message = Message(
            f"原件本身勾稽不符，未作改动：{text.zh}（差额：{difference}）。可能有误：{names.zh}",
            f"the page itself does not add up, and nothing was changed: {text.en}"
            f" (difference {difference}); possibly wrong: {names.en}",
        )
    return Finding(
        code, message, template.id, tuple(disputed), _page(disputed, cells), wants_person=True
    )


def _names(template: TableTemplate, addresses: Sequence[Address]) -> Message:
    shown = addresses[:6]
    zh = "、".join(f"{template.row_name(r)}/{template.column_name(c)}" for r, c in shown)
    en = ", ".join(f"{row}.{column}" for row, column in shown)
    return Message(zh + "等", en + ", …") if len(addresses) > len(shown) else Message(zh, en)


def _page(addresses: Sequence[Address], cells: Mapping[Address, Cell]) -> int | None:
    pages = [cells[a].page for a in addresses if cells[a].page]
    return pages[0] if pages else None
