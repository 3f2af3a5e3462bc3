"""Serves the review screen of a run until it is stopped."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from document.errors import GoujiError
from pipeline.journal import old_journal
from review.access import Sessions, check_reach, is_loopback
from review.again import Rereading
from review.app import build
from review.desk import Desk
from review.office import Office
from review.patience import Patience
from review.pictures import Pictures
from review.posted import Posted

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from document.template import Template
    from review.access import Access
    from review.settlers import Settle

MOST_AT_ONCE = 400
"""Connections and requests; whoever comes then is told to come again."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the screen is served, behind which proxy's name, and who may come in.

    ``share`` of what people decide is keyed a second time, blind, by somebody else.
    """

    host: str
    port: int
    access: Access
    behind: str | None = None
    share: float = 0.0
    template_files: tuple[Path, ...] = ()


def application(
    run: Path,
    templates: tuple[Template, ...],
    door: Door,
    settle: Settle | None = None,
    beforehand: int = 0,
) -> FastAPI:
    """Return the application of a run; ``settle`` settles its reports, else this process.

    ``beforehand`` says how many at the same time while people still look.

    Raises InputError where there is no run, or where others could come in without a secret, and
    OutputError where the journal fails.
    """
    check_reach(door.host, door.behind, door.access)
    engine = old_journal(run)
    # Any page a browser shows may ask for a name that leads here; with a name alone as the key,
    # only those of this machine are listened to.
    local = is_loopback(door.host)
    names = {"127.0.0.1", "localhost", "::1", door.host, (door.behind or door.host).lower()}
    hosts = frozenset(names if local else ())
    desk = Desk(engine, templates, run, door.share, settle, beforehand)
    return build(
        Office(
            desk,
            Pictures(engine, run),
            Sessions(door.access),
            Rereading(run, door.template_files),
            Posted(door.template_files),
            hosts,
        )
    )


def _closed(app: FastAPI) -> None:
    office: Office = app.state.office
    with suppress(GoujiError):  # it is worked out when the run is opened again
        office.desk.close()


def serve(app: FastAPI, door: Door) -> bool:
    """Serve until stopped; False where the port cannot be had.

    What is asked for is not logged: addresses name documents.
    """
    # Reports are kept for long and hold no cycles: to look through all of them again and again
    # costs a fifth of a second each time, in which nobody gets a card.
    gc.freeze()
    gc.set_threshold(10_000, 10, 1000)
    # Who waits for the disk gets the interpreter back sooner while others compute.
    sys.setswitchinterval(0.001)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=door.host,
            port=door.port,
            http=Patience,
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=15,
            log_level="warning",
            access_log=False,
            server_header=False,
            forwarded_allow_ips="127.0.0.1",
        )
    )
    try:
        server.run()
    except SystemExit:  # uvicorn has said why
        return False
    except KeyboardInterrupt:  # this is how it is stopped
        return True
    finally:
        _closed(app)
    return server.started
