"""The door for other systems: they post a file and get its report, as ``gouji read`` writes it.

It is an application of its own beside the screen's, described by OpenAPI. Cookies mean nothing
to it: where the screen asks for a token or an account, so does every request here, in its
``Authorization``; and what a page of another site may send without asking is not taken.
"""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security.http import HTTPBase
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pipeline.wire import WireReport
from review.office import Office, Tongue
from review.posted import (
    LARGEST_FILE,
    SECONDS_TO_WAIT,
    CrowdedError,
    Prose,
    UnreadError,
    plain_name,
)

API = "/api/v1"
_CONTENT = "application/octet-stream"


class Problem(BaseModel):
    """Why a request was not answered with a report."""

    detail: str


class _Refusal(Exception):  # noqa: N818 - never seen outside
    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def _problem(text: str) -> dict[str, Any]:
    return {"model": Problem, "description": text}


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file was read; figures may want a person"},
    400: _problem("The request was cut short, or calls this server by another's name"),
    401: _problem("The token or the account is missing or wrong"),
    403: _problem("The request comes from a page of another site"),
    411: _problem("The length of the file is not said"),
    413: _problem(f"The file is larger than {LARGEST_FILE >> 20} MiB"),
    415: _problem(f"The content is not sent as {_CONTENT}"),
    422: {
        "model": WireReport | Problem,
        "description": "The file could not be read: a report whose status is failed, with the "
        "cause and a remedy; or a parameter is wrong",
    },
    429: _problem("Too many wrong tokens or passwords of late"),
    500: _problem("The reading died or took too long"),
    503: _problem("So many files wait that no further one is taken"),
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {_CONTENT: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def build_api(office: Office) -> FastAPI:
    """Return the application for other systems."""
    api = FastAPI(
        title="Gouji",
        version="1",
        summary="Scanned report pages to tables whose figures are right, or openly in doubt",
        docs_url=None,
        redoc_url=None,
    )
    api.state.office = office
    access = office.sessions.access
    # FastAPI's own HTTPBasic takes no names beyond ASCII
    scheme = HTTPBase(scheme="basic" if access.accounts else "bearer", auto_error=False)
    api.post(
        "/reports",
        response_model=WireReport,
        responses=_ANSWERS,
        openapi_extra=_BODY,
        dependencies=[] if access.is_open else [Depends(scheme)],  # checked in ``read``
    )(read)
    api.exception_handler(_Refusal)(_refused)
    api.exception_handler(HTTPException)(_http)
    api.exception_handler(RequestValidationError)(_wrong)
    return api


async def read(
    request: Request,
    language: Tongue,
    name: Annotated[
        str, Query(max_length=1000, description="The file's name; its ending may tell what it is")
    ] = "document",
    pages: Annotated[
        str | None,
        Query(
            pattern="^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?(,[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?)*$",
            max_length=200,
            description="Pages to be read, such as 1-3,5; all if not given",
        ),
    ] = None,
    prose: Annotated[Prose, Query(description="Whether to read the prose")] = "auto",
) -> Response:
    """Read a file: a PDF, a picture, a text, a saved web page or a Word document.

    The body is the file. The answer is its result file ("gouji/1"), messages in the language
    that ``Accept-Language`` likes best. Nothing of the file is kept.
    """
    office: Office = request.app.state.office
    await run_in_threadpool(_let_in, office, request.headers.get("authorization", ""))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _CONTENT:
        # forms and plain text may be sent by pages of any site, without asking us first
        raise _Refusal(415, f"send the file as {_CONTENT}")
    try:
        with office.posted.place() as folder:
            path = folder / plain_name(name)
            await _receive(request, path)
            content = await run_in_threadpool(office.posted.read, path, pages, prose, language)
    except CrowdedError as error:
        retry = {"Retry-After": str(SECONDS_TO_WAIT)}
        raise _Refusal(503, "busy; come again later", **retry) from error
    except UnreadError as error:
        raise _Refusal(500, str(error)) from error
    failed = WireReport.model_validate_json(content).status == "failed"
    return Response(content, 422 if failed else 200, media_type="application/json")


async def _receive(request: Request, path: Path) -> None:
    """Put the body of a request into a file; its length was looked at before."""
    held = 0
    with path.open("wb") as stream:
        async for chunk in request.stream():
            held += len(chunk)
            if held > LARGEST_FILE:
                raise _Refusal(413, "too large")
            stream.write(chunk)


def _let_in(office: Office, said: str) -> None:
    """Raise a refusal unless a request knows what the screen asks for."""
    sessions = office.sessions
    if sessions.access.is_open:
        return
    if sessions.exhausted:
        raise _Refusal(429, "too many failures", **{"Retry-After": "60"})
    scheme, _, value = said.partition(" ")
    wanted = "Basic" if sessions.access.accounts else "Bearer"
    name, secret = "api", value.strip()
    if wanted == "Basic":
        try:
            name, _, secret = base64.b64decode(secret, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = ""
    if scheme.lower() != wanted.lower() or not sessions.knows(name, secret):
        raise _Refusal(401, "not let in", **{"WWW-Authenticate": f'{wanted} realm="gouji"'})


def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, _Refusal):  # pragma: no cover - the handler of nothing else
        raise error
    return JSONResponse({"detail": error.detail}, error.status, error.headers)


def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):  # pragma: no cover - likewise
        raise error
    return JSONResponse({"detail": str(error.detail)}, error.status_code, error.headers)


def _wrong(_: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else ()
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in faults)
    return JSONResponse({"detail": said}, 422)
