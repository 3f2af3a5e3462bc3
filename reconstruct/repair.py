"""Settles a table: accepts, mends, disputes or gives up each figure, and says why."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from document.message import NOTHING
from document.report import Cell, ReadCell, Status, Table
from reconstruct import reasons
from reconstruct.checks import addend, check
from reconstruct.decided import decided, told
from reconstruct.evidence import Evidence, weigh
from reconstruct.findings import findings_of
from reconstruct.judge import judge
from reconstruct.lost import lost
from reconstruct.manner import manner_of
from reconstruct.placed import determined
from reconstruct.shaken import washed_out, withdrawn
from reconstruct.thresholds import (
    DENIED_MARGIN,
    LEAST_PROBABILITY,
    SURE_MARGIN,
    SURE_PROBABILITY,
    SURE_SHARE,
    TIE_MARGIN,
)
from reconstruct.verdict import chance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.decision import Decision
    from document.message import Message
    from document.report import Check, Figure, Finding, ReadTable
    from document.template import Address, Equation, TableTemplate
    from reconstruct.evidence import Sense
    from reconstruct.hints import Hint
    from reconstruct.manner import Manner
    from reconstruct.verdict import Verdict


def settle(
    table: ReadTable,
    template: TableTemplate,
    decisions: Mapping[Address, Decision] | None = None,
    hints: Sequence[Hint] = (),
) -> tuple[Table, tuple[Finding, ...]]:
    """Turn readings into figures that add up, or are openly in doubt.

    A figure is changed only where its reading is doubtful, the reader itself saw the new value,
    and every equation it stands in then holds by a margin over all other explanations. What
    reads clearly is never changed: where it does not add up, the page is wrong, and that is
    reported. Figures the template has and ``table`` lacks count as not found.

    ``decisions`` are what people said of figures: they stand, the others are judged with them.
    ``hints`` are what is said elsewhere: where equations fail they help to tell whose fault it is.
    The order of ``table.cells`` is of no matter. Raises ValueError for a cell of no such template.
    """
    read = {cell.address: cell for cell in table.cells}
    figures = [(c.address, c.type) for c in template.figures if c.address and c.type]
    strangers = sorted(read.keys() - {address for address, _ in figures})
    if strangers:
        msg = f"{template.id} has no figure at {strangers}"
        raise ValueError(msg)
    decisions = decisions or {}
    evidence = {
        address: _evidence(
            read.get(address) or ReadCell(address, kind, None, 0, None), decisions.get(address)
        )
        for address, kind in figures
    }
    verdicts = judge(tuple(evidence.values()), template.equations, hints)
    manner = manner_of(evidence.values())
    cells = {
        a: decided(e, decisions[a], verdicts[a])
        if a in decisions
        else _cell(e, verdicts[a], template, manner)
        for a, e in evidence.items()
    }
    if not all(e.cell.reliable for e in evidence.values()):
        known = {a: v for a, cell in cells.items() if (v := _sure(cell, verdicts[a])) is not None}
        placed = manner_of(e for e in evidence.values() if e.cell.reliable)
        for a, value in determined(known, figures, template.equations).items():
            if _borne_out(evidence[a], cells[a], value, placed):
                evidence[a] = evidence[a]._replace(cell=replace(evidence[a].cell, reliable=True))
                cells[a] = _cell(evidence[a], verdicts[a], template, manner)
    values = {a: addend(cell) for a, cell in cells.items()}
    checks = check(template.equations, values)
    context = _Context(template, cells, values, checks, hints)
    cells |= {a: context.explained(evidence[a], verdicts[a]) for a in cells.keys() - decisions}
    cells |= withdrawn(cells, template.equations, values)
    cells |= washed_out(cells)
    finished = Table(table.table, table.template, table.pages, tuple(cells.values()), checks)
    return finished, tuple(findings_of(template, cells, evidence, verdicts, values, checks))


def _sure(cell: Cell, verdict: Verdict) -> Figure | None:
    """Return what a figure in a proved place surely counts as, be it a 0 or left blank."""
    if not cell.reliable or cell.status not in {Status.READ, Status.HUMAN}:
        return None
    confirmed = verdict.margin is not None and verdict.margin >= SURE_MARGIN
    return addend(cell) if confirmed or not cell.needs_review else None


def _borne_out(e: Evidence, cell: Cell, implied: Figure, placed: Manner) -> bool:
    """Tell whether a figure in a doubtful place reads as those in proved places say it must."""
    if cell.reliable or cell.status is not Status.READ or addend(cell) != implied:
        return False
    # sums do not tell a zero from a blank, nor does a reading of another place, nor a text's gap
    first = e.first if cell.printed or e.cell.polygon else None
    return implied != 0 or (first is not None and placed.throughout(cell.address, first))


def _evidence(cell: ReadCell, decision: Decision | None) -> Evidence:
    return weigh(cell) if decision is None else told(cell, decision)


def _cell(e: Evidence, verdict: Verdict, template: TableTemplate, manner: Manner) -> Cell:
    """Return the cell with everything but its reason."""
    if e.unreadable or verdict.option is None:
        return lost(e, verdict, manner)
    sense, sure, probability = _accepted(e, verdict, manner)
    if verdict.disputed:
        status = Status.DISPUTED
    elif sense is None:
        status = Status.UNREADABLE
    else:
        status = Status.READ if sense is e.first else Status.REPAIRED
    if status is Status.READ and not sure and probability < LEAST_PROBABILITY:
        status = Status.UNREADABLE if sense and sense.numeral.value is not None else status
    review = not sure or verdict.disputed or not e.cell.reliable or _unit(e, template) is not None
    return Cell(
        address=e.cell.address,
        printed=e.printed,
        value=sense.numeral.value if sense and status is not Status.UNREADABLE else None,
        status=status,
        needs_review=review,
        confidence=probability,
        reason=NOTHING,
        reading=e.cell.reading,
        page=e.cell.page,
        polygon=e.cell.polygon,
        suggestion=verdict.implied,
        reliable=e.cell.reliable,
    )


def _accepted(e: Evidence, verdict: Verdict, manner: Manner) -> tuple[Sense | None, bool, float]:
    """Return the sense that is accepted, whether that is sure, and its probability."""
    first = e.first
    alone = first.probability if first else 0.0
    if verdict.disputed or verdict.option is None:
        return first, False, alone
    option = e.options[verdict.option]
    settled = verdict.margin is not None and verdict.margin >= TIE_MARGIN
    if first not in option.senses:
        if not settled and not verdict.changed:
            return first, False, alone
        first = option.senses[0]
    if first is None:
        return None, False, 0.0
    if verdict.margin is None:
        alone = manner.alone(first, alone)
        return first, alone >= SURE_PROBABILITY, alone
    # sums cannot tell a blank from a zero: that part of the doubt stays
    meant, share = first, 0.0
    if settled:
        meant, share = manner.likelier(e, option, first)
    else:
        share = manner.share(e, option, first)
    sure = meant is first and verdict.margin >= SURE_MARGIN and share >= SURE_SHARE
    confirmed = chance(verdict.margin) * share
    told = manner.alone(meant, alone)
    if meant is e.first and told >= SURE_PROBABILITY:
        # that some of the strokes all over a table are ones is a rival that its manner denies
        stands = verdict.margin >= (TIE_MARGIN if told == alone else DENIED_MARGIN)
        return meant, sure or stands, max(told, confirmed)
    return meant, sure, confirmed


def _unit(e: Evidence, template: TableTemplate) -> str | None:
    """Return a unit printed in the cell that no heading of the table names."""
    if e.cell.type != "decimal" or e.first is None or e.first.numeral.unit is None:
        return None
    unit = e.first.numeral.unit
    return None if any(f"单位：{unit}" in label.label for label in template.cells) else unit


class _Context:
    """A settled table, for saying why each of its figures is what it is."""

    def __init__(
        self,
        template: TableTemplate,
        cells: Mapping[Address, Cell],
        values: Mapping[Address, Figure | None],
        checks: Sequence[Check],
        hints: Sequence[Hint],
    ) -> None:
        self.template = template
        self.hints = hints
        self.cells = cells
        self.values = values
        self._spoken: dict[str, Message] = {}
        self._holding: dict[Address, list[tuple[bool | None, Equation]]] = {}
        ranked = [
            (len(q.left) + len(q.right), q.name, one.holds, q)
            for q, one in zip(template.equations, checks, strict=True)
        ]
        for *_, holds, equation in sorted(ranked, key=itemgetter(0, 1)):
            told = (holds, equation)
            for address in equation.cells:
                self._holding.setdefault(address, []).append(told)

    def explained(self, e: Evidence, verdict: Verdict) -> Cell:
        """Return the cell of ``e`` with its reason."""
        cell = self.cells[e.cell.address]
        status = cell.status
        if status is Status.REPAIRED and not self._borne_out(cell):
            cell = replace(cell, needs_review=True)
        reason = self._reason(e, verdict, cell)
        if self.hints and (status is Status.REPAIRED or status is Status.DISPUTED):
            for hint in self.hints:
                if e.cell.address in hint.figures:
                    reason = reasons.besides(reason, hint.says)
        unit = _unit(e, self.template)
        if unit is not None:
            reason = reasons.unit_unlike(unit, reason)
        if not e.cell.reliable:
            reason = reasons.misplaced(reason)
        return cell if reason is NOTHING else cell.because(reason)

    def _borne_out(self, cell: Cell) -> bool:
        """Tell whether an equation of a figure holds, or is open for what cannot be read.

        Where all of them fail the page is mistaken beside it, too: no sum shows that it is right.
        """
        holding = self._holding.get(cell.address, ())
        return any(holds is not False for holds, _ in holding)

    def _reason(self, e: Evidence, verdict: Verdict, cell: Cell) -> Message:
        if e.unreadable:
            return reasons.unreadable(found=e.cell.reading is not None, implied=verdict.implied)
        if verdict.unresolved and cell.needs_review:
            return reasons.unresolved(e)
        if cell.status is Status.DISPUTED:
            return self._dispute(e, verdict, cell)
        return NOTHING if e.clear else self._acceptance(e, verdict, cell)

    def _dispute(self, e: Evidence, verdict: Verdict, cell: Cell) -> Message:
        equation = self._equation(e.cell.address, holds=False)
        if equation is None:
            return reasons.doubtful(e)
        text = reasons.unequal(self.template, equation, self.values)
        if not e.clear:
            return reasons.tied(e, text)
        if cell.value is None:
            return reasons.left_blank(text, verdict.implied)
        return reasons.page_wrong(text, verdict.implied)

    def _acceptance(self, e: Evidence, verdict: Verdict, cell: Cell) -> Message:
        equation = self._equation(e.cell.address, holds=True)
        if equation is None and cell.status is Status.REPAIRED:
            equation = self._equation(e.cell.address, holds=None)
        if verdict.margin is None or equation is None or verdict.margin < TIE_MARGIN:
            return reasons.doubtful(e) if cell.needs_review else NOTHING
        text = self._said(equation)
        if cell.status is Status.REPAIRED and e.first and e.first.numeral.addend == addend(cell):
            return reasons.like_other_zeros(e, text, cell.value)
        if cell.status is Status.REPAIRED:
            return reasons.repaired(text, cell.printed, cell.value, verdict.margin)
        return reasons.confirmed(e, text, verdict.margin)

    def _equation(self, address: Address, *, holds: bool | None) -> Equation | None:
        """Return the shortest equation of a figure that holds, fails or is open (None)."""
        for found, equation in self._holding.get(address, ()):  # shortest first
            if found is holds:
                return equation
        return None

    def _said(self, equation: Equation) -> Message:
        """Say an equation; many figures rest on the same few."""
        if equation.name not in self._spoken:
            self._spoken[equation.name] = reasons.spoken(self.template, equation, self.values)
        return self._spoken[equation.name]
