"""One card after another: what a person says of a figure, and what follows from it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from document.decision import Answer
from document.message import Language, Message
from document.report import Figure
from pipeline.decisions import DecidedMeanwhileError
from review.access import Session
from review.addresses import card_url
from review.cards import Card, card_of, figure_name, kind_of, likely, meant
from review.dossier import Effect
from review.leases import Spot
from review.looking import Digest, Key
from review.office import (
    NotHereError,
    Office,
    OfficeHeld,
    Posting,
    SignedIn,
    Word,
    language_of,
    page,
)
from review.words import WORDS

router = APIRouter()
_QUEUE_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Note:
    """What the screen tells after an answer; ``gone`` and ``opened`` are names of figures."""

    text: str
    wrong: bool = False
    gone: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    certain: bool = False


@router.get("/next")
def following(
    request: Request, office: OfficeHeld, session: SignedIn, within: str | None = None
) -> Response:
    """Show the card that is to be decided next; ``within`` names the report to go on with."""
    return advance(request, office, session, within, None)


@router.get("/card/{sha256}")
def card(  # noqa: PLR0913, PLR0917 - a figure has so many parts
    request: Request,
    sha256: Digest,
    table: Key,
    row: Key,
    column: Key,
    office: OfficeHeld,
    session: SignedIn,
) -> Response:
    """Show the card of a figure."""
    return show(request, office, session, Spot(sha256, table, (row, column)), None)


@router.post("/card/{sha256}")
def decide(  # noqa: PLR0913, PLR0917 - an answer has so many parts
    request: Request,
    sha256: Digest,
    table: Key,
    row: Key,
    column: Key,
    office: OfficeHeld,
    session: Posting,
    turn: Annotated[int, Form(ge=0)],
    value: Word = "",
    standing: Word = "",
    answer: Annotated[str, Form(pattern="^(blank|unreadable|page|)$")] = "",
) -> Response:
    """Write an answer down and show the next card with what followed from this one."""
    spot = Spot(sha256, table, (row, column))
    dossier = office.desk.dossier(sha256)
    if dossier is None or dossier.cell(spot) is None:
        raise NotHereError
    language = language_of(request)
    understood = meant(answer, value, kind_of(dossier, spot, office.desk.templates), standing)
    if understood is None:
        note = Note(WORDS["not-a-figure"].say(language), wrong=True)
        return show(request, office, session, spot, note, 422)
    said, figure = understood
    try:
        effect = office.desk.decide((spot,), said, figure, session.person, (turn,))
    except DecidedMeanwhileError as conflict:
        text = f"{WORDS['conflict'].say(language)} {conflict.message.say(language)}"
        return show(request, office, session, spot, Note(text, wrong=True), 409)
    if effect is None:
        raise NotHereError
    session.skipped.discard(spot)
    return advance(request, office, session, sha256, _note(effect, office, request, figure, said))


@router.post("/skip/{sha256}")
def skip(  # noqa: PLR0913, PLR0917 - a figure has so many parts
    request: Request,
    sha256: Digest,
    table: Key,
    row: Key,
    column: Key,
    office: OfficeHeld,
    session: Posting,
) -> Response:
    """Leave a figure for later."""
    session.skipped.add(Spot(sha256, table, (row, column)))
    return advance(request, office, session, sha256, None)


@router.post("/undo")
def undo(request: Request, office: OfficeHeld, session: Posting) -> Response:
    """Take back the last thing that this person decided, and show its card again."""
    language = language_of(request)
    try:
        effect = office.desk.undo(session.person)
    except DecidedMeanwhileError as conflict:
        effect, text = None, conflict.message.say(language)
    else:
        text = WORDS["nothing-to-undo"].say(language)
    if effect is None:
        return advance(request, office, session, None, Note(text, wrong=True))
    spot = Spot(effect.entry.sha256, effect.entry.table, effect.entry.address)
    name = figure_name(spot, effect.dossier, office.desk.templates, language)
    opened = tuple(
        figure_name(one, effect.dossier, office.desk.templates, language)
        for one in effect.opened
        if one != spot
    )
    text = f"{WORDS['taken-back'].say(language)}: {name}"
    return show(request, office, session, spot, Note(text, opened=opened))


def advance(
    request: Request, office: Office, session: Session, within: str | None, note: Note | None
) -> Response:
    """Show the card that comes next, or that there is none."""
    spot = office.desk.queue(session.person, session.skipped, within)
    if spot is None:
        office.desk.leases.release(session.person)
        left = sum(one.review for one in office.desk.documents())
        return page(request, "done.html", headers={"HX-Push-Url": "/next"}, note=note, left=left)
    if note is None and "hx-request" not in request.headers:
        return RedirectResponse(card_url(spot), 303)
    return show(request, office, session, spot, note)


def show(
    request: Request,
    office: Office,
    session: Session,
    spot: Spot,
    note: Note | None,
    status: int = 200,
) -> Response:
    """Show a card, and hold it for whom it is shown to."""
    dossier = office.desk.dossier(spot.sha256)
    found: Card | None = None
    language = language_of(request)
    if dossier is not None:
        found = card_of(dossier, spot, office.desk.templates, language)
    if dossier is None or found is None:
        raise NotHereError
    free = office.desk.leases.take(spot, session.person)
    holder = None
    if not free:  # nor does one keep the card that was left for this one
        office.desk.leases.release(session.person)
        holder = office.desk.leases.others(session.person).get(spot)
    else:
        kind = kind_of(dossier, spot, office.desk.templates)
        office.desk.foresee(dossier, spot, session.person, likely(found, kind))
    order = office.desk.order(dossier)
    at = order.index(spot) if spot in order else -1
    around = (order[at - 1] if at > 0 else None, order[at + 1] if at + 1 < len(order) else None)
    left, reports = office.desk.progress()
    return page(
        request,
        "card.html",
        status,
        headers={"HX-Push-Url": card_url(spot)},
        card=found,
        dossier=dossier,
        note=note,
        holder=holder,
        previous=around[0],
        following=around[1],
        queue=[
            (one, figure_name(one, dossier, office.desk.templates, language))
            for one in order[:_QUEUE_SHOWN]
        ],
        more=max(0, len(order) - _QUEUE_SHOWN),
        reports_left=left,
        reports=reports,
    )


def _note(
    effect: Effect, office: Office, request: Request, figure: Figure | None, said: Answer
) -> Note:
    """Say what was written down, and what followed from it."""
    language, templates = language_of(request), office.desk.templates
    spot = Spot(effect.entry.sha256, effect.entry.table, effect.entry.address)
    name = figure_name(spot, effect.dossier, templates, language)
    what = {
        Answer.VALUE: Message(str(figure), str(figure)),
        Answer.BLANK: WORDS["blank"],
        Answer.UNREADABLE: WORDS["unreadable"],
        Answer.PAGE: WORDS["page-says"],
    }[said]

    text = f"{WORDS['decided'].say(language)}: {name} = {what.say(language)}"
    return note_of(effect, office, language, text)


def note_of(effect: Effect, office: Office, language: Language, text: str) -> Note:
    """Say what followed from what was written down."""
    spot = Spot(effect.entry.sha256, effect.entry.table, effect.entry.address)

    def names(spots: tuple[Spot, ...]) -> tuple[str, ...]:
        return tuple(
            figure_name(one, effect.dossier, office.desk.templates, language) for one in spots
        )

    return Note(
        text,
        gone=names(effect.settled),
        opened=names(tuple(one for one in effect.opened if one != spot)),
        certain=effect.certain,
    )
