"""Several figures at once: a sheet of doubtful ones, each shown with what was read of it.

Only what was read stands here: nothing that equations imply or contradict, nothing without a
picture, nothing whose place is in doubt, and nothing that somebody said before. One key takes a
figure off the sheet, one accepts all that are left.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from document.message import Language
from document.report import Status
from pipeline.decisions import DecidedMeanwhileError
from review.access import Session
from review.cards import Card, card_of, kind_of, meant
from review.deciding import Note, advance, note_of
from review.dossier import Said
from review.leases import Spot
from review.looking import Digest, Key
from review.office import (
    NotHereError,
    Office,
    OfficeHeld,
    Posting,
    SignedIn,
    Tongue,
    page,
)
from review.pictures import WIDE
from review.words import WORDS

router = APIRouter()
_FEWEST, _MOST = 2, 9
"""Each figure of a sheet has a key of its own."""


@router.get("/several/{sha256}")
def sheet(
    request: Request, sha256: Digest, office: OfficeHeld, session: SignedIn, language: Tongue
) -> Response:
    """Show up to nine doubtful figures of a report; the next card where there are not two."""
    return _shown(request, office, session, sha256, language, None)


@router.post("/several/{sha256}")
def accept(  # noqa: PLR0913, PLR0917 - an answer has so many parts
    request: Request,
    sha256: Digest,
    office: OfficeHeld,
    session: Posting,
    language: Tongue,
    table: Annotated[list[Key], Form()],
    row: Annotated[list[Key], Form()],
    column: Annotated[list[Key], Form()],
    turn: Annotated[list[int], Form()],
    standing: Annotated[list[str], Form()],
    off: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Write down what a sheet showed, but for those numbered ``off``, which come later."""
    dossier = office.desk.dossier(sha256)
    if dossier is None or not len(table) == len(row) == len(column) == len(turn) == len(standing):
        raise NotHereError
    said = []
    for number, (key, *address, after, text) in enumerate(
        zip(table, row, column, turn, standing, strict=True), 1
    ):
        spot = Spot(sha256, key, (address[0], address[1]))
        if number in (off or ()):
            session.skipped.add(spot)
            continue
        kind = kind_of(dossier, spot, office.desk.templates)
        understood = meant("", text, kind, "" if text else "blank")
        if understood is None:
            raise NotHereError
        said.append(Said(spot, *understood, after))
    if not said:
        return advance(request, office, session, sha256, None)
    try:
        effect = office.desk.decide_each(said, session.person)
    except DecidedMeanwhileError as conflict:
        text = f"{WORDS['conflict'].say(language)} {conflict.message.say(language)}"
        return advance(request, office, session, sha256, Note(text, wrong=True))
    if effect is None:
        raise NotHereError
    text = f"{WORDS['decided'].say(language)}: {len(said)} {WORDS['several-figures'].say(language)}"
    note = note_of(effect, office, language, text)
    return _shown(request, office, session, sha256, language, note)


def _shown(
    request: Request,
    office: Office,
    session: Session,
    sha256: str,
    language: Language,
    note: Note | None,
) -> Response:
    dossier = office.desk.dossier(sha256)
    if dossier is None:
        raise NotHereError
    cards: list[Card] = []
    passed = {*office.desk.leases.others(session.person), *session.skipped}
    for spot in office.desk.order(dossier):
        found = card_of(dossier, spot, office.desk.templates, language)
        if found and spot not in passed and _plain(office, found):
            cards.append(found)
        if len(cards) == _MOST:
            break
    if len(cards) < _FEWEST or not office.desk.leases.take(cards[0].spot, session.person):
        return advance(request, office, session, sha256, note)
    address = {"HX-Push-Url": f"/several/{sha256}"}
    return page(request, "several.html", 200, address, dossier=dossier, cards=cards, note=note)


def _plain(office: Office, card: Card) -> bool:
    """Tell whether a figure may be accepted beside others: it was read, and is seen."""
    cell = card.cell
    if cell.status is not Status.READ or not cell.reliable or card.turn or card.standing is None:
        return False
    if cell.polygon is None or not cell.page:
        return False
    return bool(office.pictures.crop(card.dossier.filed, cell.page, cell.polygon, WIDE))
