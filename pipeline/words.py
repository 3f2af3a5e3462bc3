"""The words that screens and sheets share, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.message import Message
from document.report import ReportStatus, Status

if TYPE_CHECKING:
    from document.report import Cell, Check

STATUS: dict[Status, Message] = {
    Status.READ: Message("读出", "read"),
    Status.REPAIRED: Message("已修复", "repaired"),
    Status.DERIVED: Message("推得", "derived"),
    Status.DISPUTED: Message("有争议", "disputed"),
    Status.UNREADABLE: Message("无法辨认", "unreadable"),
    Status.HUMAN: Message("人工确定", "human"),
}

MEANING: dict[Status, Message] = {
    Status.READ: Message("按页面读出", "as read from the page"),
    Status.REPAIRED: Message(
        "误读已按像素证据和等式修复", "a misreading mended by the pixels and the equations"
    ),
    Status.DERIVED: Message("无法辨认，由等式推得", "illegible, but implied by the equations"),
    Status.DISPUTED: Message(
        "页面自身不平，或有两个值都说得通", "the page itself does not add up, or two values fit"
    ),
    Status.UNREADABLE: Message("无法辨认", "nobody could make it out"),
    Status.HUMAN: Message("由人确定", "a person decided"),
}

REPORT_STATUS: dict[ReportStatus, Message] = {
    "clean": Message("无误", "clean"),
    "repaired": Message("已修复", "repaired"),
    "review": Message("待核对", "review"),
    "failed": Message("失败", "failed"),
}

TO_CHECK = Message("请核对", "please check")


def holds(check: Check) -> Message:
    """Return whether an equation holds, as a word."""
    if check.holds is None:
        return Message("无法判断", "cannot tell")
    return Message("成立", "holds") if check.holds else Message("不成立", "does not hold")


def is_remarkable(cell: Cell) -> bool:
    """Tell whether a cell is anything but plainly read."""
    return cell.needs_review or cell.status is not Status.READ
