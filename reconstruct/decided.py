"""What a person decided, as evidence that leaves no doubt and as a figure of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from document.decision import Answer
from document.message import Message
from document.numeral import Kind, Numeral, spell
from document.report import Cell, Status
from reconstruct.evidence import Evidence, Option, Sense
from reconstruct.thresholds import REST_FLOOR

if TYPE_CHECKING:
    from document.decision import Decision
    from document.report import ReadCell
    from reconstruct.verdict import Verdict


def told(cell: ReadCell, decision: Decision) -> Evidence:
    """Return the evidence that a decision is, whatever the readers saw in its cell."""
    seen = cell.reading.best.text if cell.reading else ""
    if decision.answer is Answer.UNREADABLE:
        return Evidence(cell, seen, None, (), 1.0, clear=False)
    value = decision.value
    meant = Numeral(Kind.BLANK) if value is None else Numeral(Kind.NUMBER, value)
    sense = Sense(meant, "" if value is None else spell(value), 1.0)
    option = Option(0 if value is None else value, (sense,), 1.0)
    return Evidence(cell, seen, sense, (option,), REST_FLOOR, clear=True, unlisted=REST_FLOOR)


def decided(e: Evidence, decision: Decision, verdict: Verdict) -> Cell:
    """Return the figure as a person decided it; what was read stays beside it.

    What nobody can read stays without a value, even where equations imply one: that is a
    suggestion. A figure through which an equation fails is asked about once more, in case of a
    slip of the finger, until somebody says that the page says so.
    """
    lost = decision.answer is Answer.UNREADABLE
    implied = verdict.implied if lost else None
    status = Status.HUMAN
    if lost:
        status = Status.UNREADABLE if implied is None else Status.DERIVED
    return Cell(
        address=e.cell.address,
        printed=e.printed,
        value=decision.value,
        status=status,
        needs_review=verdict.disputed and decision.answer in {Answer.VALUE, Answer.BLANK},
        confidence=0.0 if lost else 1.0,
        reason=reason_of(decision),
        reading=e.cell.reading,
        page=e.cell.page,
        polygon=e.cell.polygon,
        suggestion=implied,
        reliable=e.cell.reliable,
    )


def reason_of(decision: Decision) -> Message:
    """Return what a decided figure's reason says: who decided it, and when."""
    what = {
        Answer.VALUE: Message("人工确定的读数", "read by a person"),
        Answer.BLANK: Message("人工确定此处未填数", "a person found no figure here"),
        Answer.UNREADABLE: Message("人工确认无法辨认", "a person could not read it either"),
        Answer.PAGE: Message(
            "人工确认原件即如此，差错在原件",
            "a person confirmed that the page says so; the mistake is the page's own",
        ),
    }[decision.answer]
    who = f"{decision.person}，{decision.decided}", f"{decision.person}, {decision.decided}"
    return Message(f"{what.zh}（{who[0]}）", f"{what.en} ({who[1]})")
