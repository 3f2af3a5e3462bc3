"""The web application: its routes, what every answer is guarded with, and what faults look like."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from document.errors import GoujiError
from review import deciding, entering, listing, looking, rerunning, seconding, several
from review.api import API, build_api
from review.office import NotHereError, NotSignedInError, Office, RefusedError, language_of, page
from review.posted import LARGEST_FILE

_LARGEST_BODY = 64 * 1024
_GUARDS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[Request], Awaitable[Response]]


def build(office: Office) -> FastAPI:
    """Return the application that serves a run."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=_open)
    app.state.office = office
    for part in (entering, listing, looking, deciding, several, seconding, rerunning):
        app.include_router(part.router)
    folder = Path(str(resources.files("review") / "static"))
    app.mount(API, build_api(office))
    app.mount("/static", StaticFiles(directory=folder), name="static")
    app.middleware("http")(_guarded)
    app.exception_handler(NotSignedInError)(_to_sign_in)
    app.exception_handler(RefusedError)(_refused)
    app.exception_handler(NotHereError)(_not_here)
    app.exception_handler(HTTPException)(_not_here)
    app.exception_handler(RequestValidationError)(_refused)
    app.exception_handler(GoujiError)(_fault)
    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    """What waits to be written is written when the server stops, whichever server it is."""
    yield
    office: Office = app.state.office
    with suppress(GoujiError):  # it is worked out when the run is opened again
        await run_in_threadpool(office.desk.close)


async def _guarded(request: Request, go_on: Handler) -> Response:
    """Let only fitting requests in, and nothing out without its guards."""
    problem = _problem(request)
    if problem and _for_others(request):
        answer: Response = JSONResponse({"detail": problem[1]}, problem[0])
    else:
        answer = PlainTextResponse(problem[1], problem[0]) if problem else await go_on(request)
    for name, value in _GUARDS.items():
        answer.headers[name] = value
    static = request.url.path.startswith("/static/")
    answer.headers.setdefault("Cache-Control", "private, max-age=3600" if static else "no-store")
    return answer


def _problem(request: Request) -> tuple[int, str] | None:
    """Return why a request is not even looked at: its host, its origin, its size."""
    office: Office = request.app.state.office
    host = request.headers.get("host", "")
    if office.hosts and _name(host) not in office.hosts:
        return 400, "unknown host"  # another site's name that leads here: DNS rebinding
    if request.method in {"GET", "HEAD"}:
        return None
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return 403, "other origin"
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        return 411, "length required"
    largest = LARGEST_FILE if _for_others(request) else _LARGEST_BODY
    return (413, "too large") if int(length) > largest else None


def _for_others(request: Request) -> bool:
    """Tell whether a request is one of another system, not of the screen."""
    return request.url.path.startswith(f"{API}/")


def _name(host: str) -> str:
    """Return a host without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lstrip("[")
    return host.partition(":")[0].lower()


def _to_sign_in(request: Request, _: Exception) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=200, headers={"HX-Redirect": "/sign-in"})
    to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = request.url_for("ask").include_query_params(to=to if request.method == "GET" else "/")
    return RedirectResponse(f"{target.path}?{target.query}", 303)


def _refused(request: Request, _: Exception) -> Response:
    return page(request, "fault.html", 403, text="refused")


def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page(request, "fault.html", status, text="not-here")


def _fault(request: Request, error: Exception) -> Response:
    text = error.message.say(language_of(request)) if isinstance(error, GoujiError) else ""
    return page(request, "fault.html", 500, text="fault", cause=text)
