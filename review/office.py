"""What every request needs: the desk, the pictures, who is signed in, and a page to answer with."""

from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Any, cast

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined

from document.message import Language, Message
from document.numeral import spell
from pipeline.words import REPORT_STATUS, STATUS
from review.access import Session, Sessions
from review.addresses import card_url, crop_url, digit_url, page_url, skip_url
from review.again import Rereading
from review.desk import Desk
from review.pictures import Pictures
from review.posted import Posted
from review.words import WORDS

COOKIE = "gouji-review"
LANGUAGE_COOKIE = "gouji-language"
_LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class Office:
    """All that one server holds."""

    desk: Desk
    pictures: Pictures
    sessions: Sessions
    rereading: Rereading
    posted: Posted
    hosts: frozenset[str]
    """The names under which it may be called; empty where any will do."""


class NotSignedInError(Exception):
    """A request by nobody."""


class RefusedError(Exception):
    """A request that was not made by a page of ours."""


class NotHereError(Exception):
    """A request for what is not there."""


def office_of(request: Request) -> Office:
    """Return what the server of a request holds."""
    return cast("Office", request.app.state.office)


def session_of(request: Request) -> Session:
    """Return who is at the screen. Raises NotSignedInError."""
    session = office_of(request).sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise NotSignedInError
    return session


# What is at hand is fetched without a thread of the pool, of which every request needs one anyway.


async def _office(request: Request) -> Office:
    return office_of(request)


async def _session(request: Request) -> Session:
    return session_of(request)


Word = Annotated[str, Form(max_length=_LONGEST_FIELD)]
OfficeHeld = Annotated[Office, Depends(_office)]
SignedIn = Annotated[Session, Depends(_session)]


async def checked(session: SignedIn, csrf: Word = "") -> Session:
    """Return who is at the screen, if the request comes from a page of theirs."""
    if not session.owns(csrf):
        raise RefusedError
    return session


Posting = Annotated[Session, Depends(checked)]


def language_of(request: Request) -> Language:
    """Return the language that was chosen, else the one the browser likes best of ours."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {"zh", "en"}:
        return "zh" if chosen == "zh" else "en"
    wanted: list[tuple[float, Language]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            liking = float(weight or 1)
        except ValueError:
            continue
        if tag.lower().startswith("zh"):
            wanted.append((liking, "zh"))
        elif tag.lower().startswith("en"):
            wanted.append((liking, "en"))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


async def _language(request: Request) -> Language:
    return language_of(request)


Tongue = Annotated[Language, Depends(_language)]


def page(
    request: Request,
    template: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **facts: Any,
) -> HTMLResponse:
    """Answer with a page. All that is filled in is escaped."""
    language = language_of(request)

    def say(what: str | Message) -> str:
        return (WORDS[what] if isinstance(what, str) else what).say(language)

    office = office_of(request)
    session = office.sessions.find(request.cookies.get(COOKIE))
    whole = {
        "say": say,
        "language": language,
        "session": session,
        "seconds": office.desk.share > 0,
        "path": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "cell_status": STATUS,
        "report_status": REPORT_STATUS,
        "fragment": "hx-request" in request.headers,
        "card_url": card_url,
        "skip_url": skip_url,
        "crop_url": crop_url,
        "digit_url": digit_url,
        "page_url": page_url,
        "step_url": lambda at: f"?{request.url.include_query_params(**{'from': max(0, at)}).query}",
        **facts,
    }
    content = _ENVIRONMENT.get_template(template).render(whole)
    return HTMLResponse(content, status, headers)


def _source(name: str) -> str | None:
    found = resources.files("review") / "pages" / name
    return found.read_text("utf-8") if found.is_file() else None


_ENVIRONMENT = Environment(
    loader=FunctionLoader(_source),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters["spell"] = lambda figure: "" if figure is None else spell(figure)
