"""The review server against people who mean harm; more of it is in test_app and test_api."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconstruct.templates import builtin
from review import patience
from review.access import Access
from review.serve import Door, application
from tests.pipeline import runs
from tests.reconstruct.readings import T4
from tests.review.test_app import SHA, csrf_of, enter, serve
from tests.review.test_desk import WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
PATHS = [f"/card/{SHA}", f"/skip/{SHA}", f"/again/{SHA}", "/undo", "/sign-in", "/language"]
WORDS = st.text(max_size=220) | st.sampled_from(["0", "-1", "９", "../../etc/passwd", "\0", "1e9"])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    runs.begin(folder, runs.report_of(1, [(T4, WRONG)])).dispose()
    return folder


@pytest.fixture
def port(run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that is really there, and soon out of patience."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.6)
    app = application(run, builtin(), Door("127.0.0.1", 8765, Access()))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, http=patience.Patience, log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
        )
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join()


def closed_within(one: socket.socket, seconds: float, drip: bytes = b"") -> bool:
    end = time.monotonic() + seconds
    one.settimeout(0.2)
    while time.monotonic() < end:
        try:
            if drip:
                one.sendall(drip)
            if one.recv(1000) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    ("begin", "drip"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\n", b"X-a: b\r\n"),
        (BODY, b"x"),
    ],
    ids=["says-nothing", "head-by-drips", "body-by-drips"],
)
def test_who_keeps_the_server_waiting_is_shown_the_door(
    port: int, begin: bytes, drip: bytes
) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
    for one in held:
        one.sendall(begin)
    asked = socket.create_connection(("127.0.0.1", port))
    asked.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert asked.recv(15).startswith(b"HTTP/1.1 200"), "others are served meanwhile"
    assert closed_within(held[0], 5, drip)
    time.sleep(1.5)
    assert all(closed_within(one, 0.5) for one in held)


def test_a_session_that_somebody_else_chose_is_none(run: Path) -> None:
    client = serve(run)
    client.cookies.set("gouji-review", "chosen-by-somebody-else")
    assert enter(client) == 303
    (mine,) = [one.value for one in client.cookies.jar if one.value != "chosen-by-somebody-else"]
    other = serve(run)
    other.cookies.set("gouji-review", "chosen-by-somebody-else")
    assert other.get("/").status_code == 303, "it did not become a session by signing in with it"
    assert mine is not None
    assert len(mine) > 40


def test_no_address_in_a_request_is_ever_fetched(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(run)
    enter(client)
    csrf = csrf_of(client)
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *said: asked.append(said))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *said, **_: asked.append(said))
    for place in ("http://169.254.169.254/", "file:///etc/passwd", "//localhost:1/", "gopher://x"):
        client.get("/sign-in", params={"to": place})
        client.get("/alike", params={"text": place})
        client.get(f"/crop/{SHA}", params={"table": place, "row": place, "column": place})
        client.post("/language", data={"csrf": csrf, "language": "zh", "to": place})
    assert not asked


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=st.sampled_from(PATHS),
    where=st.fixed_dictionaries({"table": WORDS, "row": WORDS, "column": WORDS}),
    form=st.dictionaries(
        st.sampled_from(["turn", "value", "standing", "answer", "language", "to", "name", "pages"]),
        WORDS,
        max_size=5,
    ),
    known=st.booleans(),
)
def test_no_form_breaks_the_server(
    client: TestClient, path: str, where: dict[str, str], form: dict[str, str], *, known: bool
) -> None:
    if known:
        where = {"table": "t4", "row": "review", "column": "total"}
    data = {"csrf": client.headers["x-csrf"], **form}
    assert client.post(path, params=where, data=data).status_code < 500


@pytest.fixture
def client(run: Path) -> TestClient:
    client = serve(run)
    assert enter(client) == 303
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    client.headers["x-csrf"] = found[1]
    return client
