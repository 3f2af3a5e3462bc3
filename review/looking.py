"""Pictures: pages, and figures cut out of them. They are named by content, never by path."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from review.leases import Spot
from review.office import NotHereError, OfficeHeld, SignedIn
from review.pictures import CLOSE, WIDE
from review.queries import DIGITS

router = APIRouter()

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Key = Annotated[str, Query(max_length=200)]
_KEPT = {"Cache-Control": "private, max-age=86400"}


@router.get("/page/{sha256}/{number}")
def page_picture(
    sha256: Digest,
    number: Annotated[int, Path(ge=1, le=100_000)],
    office: OfficeHeld,
    session: SignedIn,
    turns: Annotated[int, Query(ge=0, le=3)] = 0,
    result: int = 0,
) -> Response:
    """Show a page. ``result`` only keeps browsers from showing that of an earlier reading."""
    del session, result
    dossier = office.desk.dossier(sha256)
    if dossier is None or number > max(1, dossier.report.source.pages):
        raise NotHereError
    content = office.pictures.page(dossier.filed, number, turns)
    if content is None:
        raise NotHereError
    return Response(content, media_type="image/jpeg", headers=_KEPT)


@router.get("/crop/{sha256}")
def crop_picture(  # noqa: PLR0913 - a figure has so many parts
    sha256: Digest,
    table: Key,
    row: Key,
    column: Key,
    office: OfficeHeld,
    session: SignedIn,
    *,
    close: bool = False,
    result: int = 0,
) -> Response:
    """Show a figure, alone or with what is around it."""
    del session, result
    dossier = office.desk.dossier(sha256)
    cell = dossier.cell(Spot(sha256, table, (row, column))) if dossier else None
    if dossier is None or cell is None or cell.polygon is None or not cell.page:
        raise NotHereError
    margin = CLOSE if close else WIDE
    content = office.pictures.crop(dossier.filed, cell.page, cell.polygon, margin)
    if content is None:
        raise NotHereError
    return Response(content, media_type="image/png", headers=_KEPT)


@router.get("/digit/{sha256}")
def digit_picture(  # noqa: PLR0913, PLR0917 - a figure has so many parts
    sha256: Digest,
    table: Key,
    row: Key,
    column: Key,
    at: Annotated[int, Query(ge=0, le=50)],
    office: OfficeHeld,
    session: SignedIn,
    *,
    result: int = 0,
) -> Response:
    """Show one digit of a figure as it was read; the whole figure where it cannot be cut."""
    del session, result
    dossier = office.desk.dossier(sha256)
    found = dossier.read_cell(Spot(sha256, table, (row, column))) if dossier else None
    count = sum(one in DIGITS for one in found.printed) if found else 0
    if dossier is None or found is None or found.polygon is None or not found.page or at >= count:
        raise NotHereError
    content = office.pictures.digit(dossier.filed, found.page, found.polygon, count, at)
    if content is None:
        raise NotHereError
    return Response(content, media_type="image/png", headers=_KEPT)
