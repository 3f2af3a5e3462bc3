"""The addresses of cards and pictures on the screen's own server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

if TYPE_CHECKING:
    from review.leases import Spot


def _query(spot: Spot) -> str:
    row, column = spot.address
    return str(QueryParams({"table": spot.table, "row": row, "column": column}))


def card_url(spot: Spot) -> str:
    """Return the address of a card."""
    return f"/card/{spot.sha256}?{_query(spot)}"


def skip_url(spot: Spot) -> str:
    """Return where to say that a card is left for later."""
    return f"/skip/{spot.sha256}?{_query(spot)}"


def crop_url(spot: Spot, result: int | None, *, close: bool = False) -> str:
    """Return the address of a figure's picture."""
    return f"/crop/{spot.sha256}?{_query(spot)}&close={int(close)}&result={result or 0}"


def digit_url(spot: Spot, result: int | None, at: int) -> str:
    """Return the address of the picture of one digit of a figure, counted from 0."""
    return f"/digit/{spot.sha256}?{_query(spot)}&at={at}&result={result or 0}"


def page_url(sha256: str, number: int, turns: int, result: int | None) -> str:
    """Return the address of a page's picture."""
    return f"/page/{sha256}/{number}?turns={turns}&result={result or 0}"
