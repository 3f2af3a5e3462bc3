"""Keying a second time: a card without anything that was said, and how often the two agree."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.decisions import Entry
from review.access import Session
from review.cards import card_of, kind_of, meant
from review.deciding import Note, show
from review.keying import all_entries, key_again, keyed, keyings, wanted
from review.leases import Spot
from review.office import (
    NotHereError,
    Office,
    OfficeHeld,
    Posting,
    SignedIn,
    Tongue,
    Word,
    language_of,
    page,
)
from review.words import WORDS

router = APIRouter()


@router.get("/second")
def second(request: Request, office: OfficeHeld, session: SignedIn, language: Tongue) -> Response:
    """Show a figure that somebody else decided, and nothing of what they said."""
    for entry in _waiting(office, session):
        spot = Spot(entry.sha256, entry.table, entry.address)
        dossier = office.desk.dossier(spot.sha256)
        found = card_of(dossier, spot, office.desk.templates, language) if dossier else None
        if found and found.place and office.desk.leases.take(spot, session.person):
            facts = {"card": found, "dossier": dossier, "first": entry.id}
            return page(request, "second.html", 200, None, **facts)
    office.desk.leases.release(session.person)
    return page(request, "agreement.html", keyings=keyings(office.desk.engine))


@router.post("/second/{first}")
def answer_again(
    request: Request,
    first: Annotated[int, Path(ge=1)],
    office: OfficeHeld,
    session: Posting,
    value: Word = "",
    answer: Annotated[str, Form(pattern="^(blank|unreadable|)$")] = "",
) -> Response:
    """Hold a second answer against the first; where they differ, both are shown."""
    entry = next((one for one in _waiting(office, session) if one.id == first), None)
    dossier = office.desk.dossier(entry.sha256) if entry else None
    if entry is None or dossier is None:
        raise NotHereError
    spot = Spot(entry.sha256, entry.table, entry.address)
    said = meant(answer, value, kind_of(dossier, spot, office.desk.templates))
    if said is None:
        return RedirectResponse("/second", 303)
    if key_again(office.desk.engine, entry, said[0], said[1], session.person):
        return RedirectResponse("/second", 303)
    note = Note(WORDS["second-differs"].say(language_of(request)), wrong=True)
    return show(request, office, session, spot, note)


@router.get("/agreement")
def agreement(request: Request, office: OfficeHeld, session: SignedIn) -> Response:
    """Show how often two answers agree, and where they do not."""
    del session
    return page(request, "agreement.html", keyings=keyings(office.desk.engine))


def _waiting(office: Office, session: Session) -> list[Entry]:
    """Return what somebody else decided and nobody keyed again, in the order it was decided."""
    done = keyed(office.desk.engine)
    return [
        entry
        for entries in all_entries(office.desk.engine).values()
        for entry in wanted(entries, office.desk.share)
        if entry.id not in done and entry.person != session.person
    ]
