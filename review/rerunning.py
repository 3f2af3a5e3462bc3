"""The button that has a page read again, and how far that is."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from document.errors import InputError
from document.message import Language
from review.again import Manner, Reader, Turn
from review.looking import Digest
from review.office import NotHereError, Office, OfficeHeld, Posting, SignedIn, Tongue, page
from review.words import WORDS

router = APIRouter()


@router.post("/again/{sha256}")
def start(  # noqa: PLR0913, PLR0917 - an option is an argument
    request: Request,
    sha256: Digest,
    office: OfficeHeld,
    session: Posting,
    language: Tongue,
    number: Annotated[int, Form(alias="page", ge=1, le=100_000)],
    turn: Annotated[Turn, Form()] = "",
    dpi: Annotated[str, Form(pattern="^([1-9][0-9]{2}|1[01][0-9]{2}|1200|)$")] = "",
    reader: Annotated[Reader, Form()] = "both",
) -> Response:
    """Begin to read a page again."""
    del session
    dossier = office.desk.dossier(sha256)
    if dossier is None or number > max(1, dossier.report.source.pages):
        raise NotHereError
    manner = Manner(turn, int(dpi) if dpi else None, reader)
    try:
        begun = office.rereading.start(dossier.filed, number, manner, language)
    except InputError as error:
        return _told(request, office, sha256, error.message.say(language))
    wrong = None if begun else _busy(language)
    return _told(request, office, sha256, wrong)


@router.get("/again/{sha256}")
def progress(request: Request, sha256: Digest, office: OfficeHeld, session: SignedIn) -> Response:
    """Tell how far the reading of a page is."""
    del session
    return _told(request, office, sha256, None)


def _busy(language: Language) -> str:
    return WORDS["again-other"].say(language)


def _told(request: Request, office: Office, sha256: str, wrong: str | None) -> Response:
    dossier = office.desk.dossier(sha256)
    if dossier is None:
        raise NotHereError
    job = office.rereading.job
    mine = job if job and job.sha256 == sha256 else None
    template = "again.html" if "hx-request" in request.headers else "again-page.html"
    return page(request, template, dossier=dossier, job=mine, wrong=wrong)
