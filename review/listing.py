"""The lists: all reports, one report as printed, figures alike, the pages' own mistakes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from document.decision import Answer
from document.report import Finding
from pipeline.decisions import DecidedMeanwhileError
from pipeline.words import REPORT_STATUS
from review.dossier import Dossier
from review.leases import Spot
from review.looking import Digest
from review.office import NotHereError, OfficeHeld, Posting, SignedIn, Tongue, page
from review.queries import DIGITS, MISTAKES, finding_codes, maybe_mistaken, read_as, with_finding
from review.sheets import sheet_of

router = APIRouter()
_REPORTS_SHOWN = 50
_CROPS_SHOWN = 120
_MISTAKES_SHOWN = 15

Start = Annotated[int, Query(alias="from", ge=0, le=10_000_000)]
Sought = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A finding about figures of a report, with these and their last turns."""

    dossier: Dossier
    finding: Finding
    spots: tuple[Spot, ...]
    turns: tuple[int, ...]


@router.get("/")
def reports(  # noqa: PLR0913, PLR0917 - a filter is an argument
    request: Request,
    office: OfficeHeld,
    session: SignedIn,
    status: Sought = "",
    agency: Sought = "",
    year: Sought = "",
    finding: Sought = "",
    start: Start = 0,
) -> Response:
    """List the reports of the run."""
    del session
    documents = office.desk.documents()
    having = with_finding(office.desk.engine, finding) if finding else None
    found = [
        one
        for one in documents
        if (not status or (one.status or "unread") == status)
        and (not agency or agency in (one.agency or ""))
        and (not year or str(one.year) == year)
        and (having is None or one.sha256 in having)
    ]
    return page(
        request,
        "reports.html",
        documents=found[start : start + _REPORTS_SHOWN],
        count=len(found),
        start=start,
        step=_REPORTS_SHOWN,
        whole=len(documents),
        certain=sum(one.status in {"clean", "repaired"} for one in documents),
        figures_left=sum(one.review for one in documents),
        statuses=REPORT_STATUS,
        years=sorted({one.year for one in documents if one.year is not None}),
        codes=finding_codes(office.desk.engine),
        chosen={"status": status, "agency": agency, "year": year, "finding": finding},
    )


@router.get("/report/{sha256}")
def report(
    request: Request, sha256: Digest, office: OfficeHeld, session: SignedIn, language: Tongue
) -> Response:
    """Show a report's tables as printed, beside its pages."""
    del session
    dossier = office.desk.dossier(sha256)
    if dossier is None:
        raise NotHereError
    templates = office.desk.templates
    sheets = [sheet_of(dossier, table, templates, language) for table in dossier.report.tables]
    job = office.rereading.job
    mine = job if job and job.sha256 == sha256 else None
    return page(request, "report.html", dossier=dossier, sheets=sheets, job=mine, wrong=None)


@router.get("/alike")
def alike(  # noqa: PLR0913 - a filter is an argument
    request: Request,
    office: OfficeHeld,
    session: SignedIn,
    text: Sought = "7",
    start: Start = 0,
    *,
    doubtful: bool = False,
    single: bool = False,
) -> Response:
    """Show the pictures of all figures that were read as one text, or of like digits of theirs."""
    del session
    text = text.strip()
    if single:
        text = next((one for one in text if one in DIGITS), "7")
    count, found = read_as(
        office.desk.engine, text, within=single, doubtful=doubtful, start=start, count=_CROPS_SHOWN
    )
    return page(
        request,
        "alike.html",
        text=text,
        doubtful=doubtful,
        single=single,
        count=count,
        found=found,
        start=start,
        step=_CROPS_SHOWN,
    )


@router.get("/mistakes")
def mistakes(request: Request, office: OfficeHeld, session: SignedIn, start: Start = 0) -> Response:
    """List what pages say that cannot be right."""
    del session
    suspects = maybe_mistaken(office.desk.engine)
    documents = [one for one in office.desk.documents() if one.sha256 in suspects]
    shown = documents[start : start + _MISTAKES_SHOWN]
    found = [
        mistake
        for one in shown
        if (dossier := office.desk.dossier(one.sha256)) is not None
        for mistake in _mistakes(dossier)
    ]
    return page(
        request,
        "mistakes.html",
        found=found,
        count=len(documents),
        start=start,
        step=_MISTAKES_SHOWN,
    )


@router.post("/mistakes/{sha256}")
def confirm(  # noqa: PLR0913, PLR0917 - an answer has so many parts
    request: Request,
    sha256: Digest,
    office: OfficeHeld,
    session: Posting,
    table: Annotated[str, Form(max_length=200)],
    row: Annotated[list[str], Form()],
    column: Annotated[list[str], Form()],
    turn: Annotated[list[int], Form()],
    start: Annotated[int, Form(alias="from", ge=0)] = 0,
) -> Response:
    """Write down that the page says so, and that the mistake is its own."""
    del request
    if not len(row) == len(column) == len(turn):
        raise NotHereError
    spots = tuple(Spot(sha256, table, address) for address in zip(row, column, strict=True))
    try:
        effect = office.desk.decide(spots, Answer.PAGE, None, session.person, tuple(turn))
    except DecidedMeanwhileError:
        effect = None  # the list, shown anew, tells what they said
    else:
        if effect is None:
            raise NotHereError
    return RedirectResponse(f"/mistakes?from={start}", 303)


def _mistakes(dossier: Dossier) -> list[Mistake]:
    found = []
    for finding in dossier.report.findings:
        if finding.code not in MISTAKES or finding.table is None:
            continue
        spots = tuple(Spot(dossier.filed.sha256, finding.table, one) for one in finding.cells)
        histories = [dossier.history(spot) for spot in spots]
        turns = tuple(entries[-1].turn if entries else 0 for entries in histories)
        found.append(Mistake(dossier, finding, spots, turns))
    return found
