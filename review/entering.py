"""Coming in and going out, and which language is spoken."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from review.access import SESSION_SECONDS
from review.office import COOKIE, LANGUAGE_COOKIE, OfficeHeld, Posting, page

router = APIRouter()
_YEAR = 365 * 24 * 3600

Back = Annotated[str, Form(alias="to", max_length=500)]


@router.get("/sign-in")
def ask(request: Request, office: OfficeHeld, to: str = "/") -> Response:
    """Ask who is there."""
    return page(request, "sign-in.html", access=office.sessions.access, to=_ours(to), wrong=None)


@router.post("/sign-in")
def enter(
    request: Request,
    office: OfficeHeld,
    name: Annotated[str, Form(max_length=200)] = "",
    secret: Annotated[str, Form(max_length=500)] = "",
    to: Back = "/",
) -> Response:
    """Begin a session, for whom the name and the secret fit."""
    access = office.sessions.access
    if office.sessions.exhausted:
        return page(request, "sign-in.html", 429, access=access, to=_ours(to), wrong="sign-in-wait")
    found = office.sessions.sign_in(name, secret)
    if found is None:
        return page(
            request, "sign-in.html", 403, access=access, to=_ours(to), wrong="sign-in-wrong"
        )
    answer = RedirectResponse(_ours(to), 303)
    answer.set_cookie(
        COOKIE,
        found[0],
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
def leave(request: Request, office: OfficeHeld, session: Posting) -> Response:
    """End a session and give back what it held."""
    office.desk.leases.release(session.person)
    office.sessions.sign_out(request.cookies.get(COOKIE))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/language")
def speak(language: Annotated[str, Form(pattern="^(zh|en)$")], to: Back = "/") -> Response:
    """Speak this language from now on."""
    answer = RedirectResponse(_ours(to), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def _ours(path: str) -> str:
    """Return a path of this server; whatever else was asked for leads to the list."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else "/"
