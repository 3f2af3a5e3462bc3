"""The door of the screen: who comes in, what a request must carry, and what a page may do."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from document.errors import InputError
from pipeline.journal import old_journal
from pipeline.journal_queries import filed
from reconstruct.templates import builtin
from review.access import Access, add_account, check_reach, is_loopback, read_accounts, token_of
from review.serve import Door, application
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4
from tests.reconstruct.readings import SUQIAN_2023
from tests.review.made import SAMPLES, make
from tests.review.test_desk import DOUBTS, WRONG

if TYPE_CHECKING:
    from pathlib import Path

NASTY = "<script>alert('机关')</script>\"'&"
OPEN = Access()
SECRET = "correct horse battery"  # noqa: S105 - of these tests only
WITH_TOKEN = Access(token=SECRET)


def serve(
    run: Path, access: Access = OPEN, host: str = "127.0.0.1", behind: str | None = None
) -> TestClient:
    app = application(run, builtin(), Door(host, 8765, access, behind))
    return TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=False)


def enter(client: TestClient, name: str = "李", secret: str = "") -> int:
    answer = client.post("/sign-in", data={"name": name, "secret": secret})
    return int(answer.status_code)


def csrf_of(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    report = runs.report_of(1, [(T3, SUQIAN_2023), (T4, WRONG)], DOUBTS, agency=NASTY)
    source = replace(report.source, file="<img src=x onerror=alert(1)>.pdf")
    runs.begin(folder, replace(report, source=source)).dispose()
    return folder


@pytest.fixture
def client(run: Path) -> TestClient:
    client = serve(run)
    assert enter(client) == 303
    return client


SHA = f"{1:064x}"
CARD = f"/card/{SHA}?table=t3&row=carry&column=total"


def test_nobody_sees_anything_without_signing_in(run: Path) -> None:
    client = serve(run)
    for path in (
        "/",
        "/next",
        CARD,
        f"/report/{SHA}",
        "/alike",
        "/alike?single=1",
        "/mistakes",
        f"/several/{SHA}",
        f"/page/{SHA}/1",
    ):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
    for path in (CARD, "/undo", f"/skip/{SHA}?table=t3&row=a&column=b", f"/mistakes/{SHA}"):
        data = {"csrf": "", "turn": "0", "table": "t4", "row": "a", "column": "b"}
        assert client.post(path, data=data).status_code == 303, path
    assert client.get("/static/review.js").status_code == 200
    assert enter(client, "  \n ") == 403
    assert enter(client, "a\u202eb") == 403


def test_a_server_that_stops_leaves_documents_as_they_were_decided(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.settlements._SECONDS_GATHERED", 60.0)  # it stops before that
    engine = old_journal(run)
    (before,) = filed(engine)
    engine.dispose()
    with serve(run) as client:
        enter(client)
        data = {"csrf": csrf_of(client), "turn": "0", "value": "96", "standing": ""}
        assert client.post(CARD, data=data).status_code == 200
    engine = old_journal(run)
    (after,) = filed(engine)
    engine.dispose()
    assert after.review < before.review


def test_a_card_is_decided_and_the_next_one_comes(client: TestClient) -> None:
    assert client.get("/next").status_code == 303
    data = {"csrf": csrf_of(client), "turn": "0", "value": "９６", "standing": ""}
    answer = client.post(CARD, data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text  # a part of the page, to be put in place
    assert "asked no more" in answer.text
    assert "/card/" in answer.headers["hx-push-url"]
    again = client.post(CARD, data=data)
    assert again.status_code == 409
    assert "decided it meanwhile" in again.text
    assert "<html" in again.text  # works without a script as well
    undone = client.post("/undo", data={"csrf": csrf_of(client)})
    assert undone.status_code == 200
    assert "Taken back" in undone.text


def test_what_is_no_figure_is_not_taken(client: TestClient) -> None:
    for value in ("12a", "x", "１ ２ 3 四", "9" * 199, "<b>"):
        data = {"csrf": csrf_of(client), "turn": "0", "value": value, "standing": ""}
        status = client.post(CARD, data=data).status_code
        assert status == (200 if value[0] == "9" else 422), value
        if status == 200:
            client.post("/undo", data={"csrf": csrf_of(client)})
    for data in ({"value": ""}, {"value": "1" * 201}, {"answer": "human"}, {"turn": "-1"}):
        whole = {"csrf": csrf_of(client), "turn": "0", **data}
        assert client.post(CARD, data=whole).status_code in {403, 422}, data
    assert client.get(f"/card/{SHA}?table=t3&row=no&column=such").status_code == 404


def test_requests_of_other_sites_are_refused(client: TestClient) -> None:
    data = {"csrf": csrf_of(client), "turn": "0", "value": "96"}
    assert client.post(CARD, data={**data, "csrf": "x"}).status_code == 403
    assert client.post(CARD, data={"turn": "0", "value": "96"}).status_code == 403
    evil = {"Origin": "http://evil.example"}
    assert client.post(CARD, data=data, headers=evil).status_code == 403
    assert client.post(CARD, data=data, headers={"Origin": "null"}).status_code == 403
    own = {"Origin": "http://127.0.0.1:8765"}
    assert client.post(CARD, data=data, headers=own).status_code == 200


def test_a_name_that_leads_here_is_no_way_in(client: TestClient) -> None:
    """DNS rebinding: another site's name, resolved to this machine."""
    assert client.get("/", headers={"Host": "evil.example:8765"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:8765"}).status_code == 200


def test_large_and_endless_bodies_are_refused(client: TestClient) -> None:
    big = {"csrf": csrf_of(client), "value": "1" * 70_000}
    assert client.post(CARD, data=big).status_code == 413
    chunks = (b"csrf=" for _ in range(2))
    assert client.post(CARD, content=chunks).status_code == 411


def test_what_scans_and_file_names_say_is_text(client: TestClient) -> None:
    for path in ("/", f"/report/{SHA}", CARD, "/mistakes", "/alike?text=<script>", "/next"):
        page = client.get(path, follow_redirects=True).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "text=<script>" not in page, path
    assert "&lt;script&gt;alert" in client.get("/").text
    assert "&lt;img src=x onerror" in client.get(f"/report/{SHA}").text


def test_every_answer_is_guarded(client: TestClient) -> None:
    for path in ("/", CARD, "/static/review.js", "/nowhere", "/sign-in", f"/page/{SHA}/1"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert client.get("/").headers["cache-control"] == "no-store"


def test_the_session_is_kept_from_scripts_and_other_sites(run: Path) -> None:
    client = serve(run)
    cookie = client.post("/sign-in", data={"name": "李"}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    client = serve(run)
    client.base_url = "https://127.0.0.1:8765"
    cookie = client.post("/sign-in", data={"name": "李"}).headers["set-cookie"].lower()
    assert "secure" in cookie
    before = client.cookies["gouji-review"]
    csrf = csrf_of(client)
    assert client.post("/sign-out", data={"csrf": csrf}).status_code == 303
    client.cookies.set("gouji-review", before)
    assert client.get("/").status_code == 303


def test_paths_lead_nowhere_else(client: TestClient) -> None:
    for path in (
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/page/../../etc/passwd/1",
        "/page/%2e%2e%2f%2e%2e%2fetc%2fpasswd/1",
        f"/page/{SHA}/0",
        f"/page/{SHA}/99",
        f"/page/{'f' * 64}/1",
        f"/crop/{SHA}?table=../..&row=/etc/passwd&column=x",
        "/docs",
        "/openapi.json",
    ):
        assert client.get(path).status_code in {403, 404}, path


def test_after_signing_in_one_stays_here(run: Path) -> None:
    client = serve(run)
    for to in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/a\nb",
    ):
        answer = client.post("/sign-in", data={"name": "李", "to": to})
        assert answer.headers["location"] == "/", to
    answer = client.post("/sign-in", data={"name": "李", "to": CARD})
    assert answer.headers["location"] == CARD


def test_both_languages_by_the_browser_and_by_choice(client: TestClient) -> None:
    def heading(accepts: str) -> str:
        page = client.get("/", headers={"Accept-Language": accepts}).text
        return str(re.findall(r'<html lang="([^"]+)"', page)[0])

    assert heading("zh-CN,zh;q=0.9,en;q=0.8") == "zh-CN"
    assert heading("en-GB,en;q=0.9,zh;q=0.2") == "en"
    assert heading("fr;q=x,de") == "en"
    client.post("/language", data={"language": "zh", "to": "/"})
    assert heading("en") == "zh-CN"
    assert client.post("/language", data={"language": "tlh"}).status_code == 403


def test_beyond_this_machine_a_secret_is_needed(run: Path) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.2", "review.example"):  # noqa: S104
        assert not is_loopback(host)
        with pytest.raises(InputError, match="accounts"):
            serve(run, host=host)
        check_reach(host, None, WITH_TOKEN)
    for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8"):
        check_reach(host, None, OPEN)
    with pytest.raises(InputError, match="at least 10"):
        token_of("short")
    with pytest.raises(InputError, match="accounts"):
        serve(run, behind="review.example")
    client = serve(run, WITH_TOKEN, behind="review.example")
    assert client.get("/sign-in", headers={"Host": "review.example"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_a_token_opens_and_nothing_else_does(run: Path) -> None:
    client = serve(run, WITH_TOKEN, "0.0.0.0")  # noqa: S104
    assert enter(client, "李", "wrong horse") == 403
    assert enter(client, "李", "") == 403
    assert client.get("/").status_code == 303
    assert enter(client, "李", SECRET) == 303
    assert client.get("/").status_code == 200


def test_accounts_have_passwords_that_are_kept_as_hashes(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    add_account(path, "李", "correct horse")
    add_account(path, "王", "battery staple")
    assert path.stat().st_mode & 0o077 == 0
    assert b"horse" not in path.read_bytes()
    accounts = read_accounts(path)
    assert PasswordHasher().verify(accounts["李"], "correct horse")
    client = serve(run, Access(accounts), "0.0.0.0")  # noqa: S104
    assert enter(client, "李", "battery staple") == 403
    assert enter(client, "张", "correct horse") == 403
    assert enter(client, "王", "battery staple") == 303
    assert "王" in client.get("/").text
    with pytest.raises(InputError, match="at least 10"):
        add_account(path, "张", "short")
    path.write_text("{}")
    with pytest.raises(InputError, match="no file of accounts"):
        read_accounts(path)


def test_guessing_is_slowed_down(run: Path) -> None:
    client = serve(run, WITH_TOKEN, "0.0.0.0")  # noqa: S104
    answers = [enter(client, "李", f"guess {n}") for n in range(12)]
    assert set(answers[:8]) == {403}
    assert set(answers[8:]) == {429}
    assert enter(client, "李", SECRET) == 429


def test_no_secret_is_logged(run: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client = serve(run, WITH_TOKEN, "0.0.0.0")  # noqa: S104
    enter(client, "李", "correct horse batterz")
    enter(client, "李", SECRET)
    client.post(CARD, data={"csrf": csrf_of(client), "turn": "0", "value": "96"})
    mine = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    for secret in ("horse", client.cookies["gouji-review"], csrf_of(client)):
        assert secret not in mine


def test_the_list_is_filtered(client: TestClient) -> None:
    def shown(query: str) -> int:
        return client.get(f"/?{query}").text.count(f'href="/report/{SHA}"')

    assert shown("") == 1
    assert shown("status=review") == 1
    assert shown("status=clean") == 0
    assert shown("year=2021") == 1
    assert shown("year=1999") == 0
    assert shown("finding=source-arithmetic") == 1
    assert shown("finding=left-blank") == 0
    assert shown("agency=alert") == 1
    assert shown("agency=乙") == 0


def test_the_pages_own_mistakes_are_confirmed_from_their_list(client: TestClient) -> None:
    page = client.get("/mistakes").text
    (form,) = re.findall(r'<form method="post" action="/mistakes.*?</form>', page, re.DOTALL)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    assert client.post(f"/mistakes/{SHA}", data=data).headers["location"] == "/mistakes?from=0"
    after = client.get("/mistakes").text
    assert "confirmed" in after
    assert 'action="/mistakes' not in after
    assert client.post(f"/mistakes/{SHA}", data={**data, "turn": ["0", "0", "0"]}).status_code in {
        303,
        404,
    }


def test_pictures_come_from_the_very_file_that_was_read(tmp_path: Path) -> None:
    made = make(tmp_path / "run", ["rotated-90"])
    client = serve(made.folder)
    enter(client)
    ((sha256, table, (row, column)), *_) = made.truth
    crop = client.get(f"/crop/{sha256}?table={table}&row={row}&column={column}")
    assert crop.headers["content-type"] == "image/png"
    page = client.get(f"/page/{sha256}/1?turns=3")
    assert page.headers["content-type"] == "image/jpeg"
    assert len(page.content) > 20_000
    assert client.get(f"/page/{sha256}/2").status_code == 404


def test_a_run_that_lost_its_scans_is_still_reviewed(client: TestClient) -> None:
    assert client.get(f"/page/{SHA}/1").status_code == 404
    assert client.get(CARD).status_code == 200


def test_a_page_is_read_again_as_the_command_line_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "run", ["rotated-90"])
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\nsleep 0.5\nfor one in "$@"; do echo "<$one>"; done\n')
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    client = serve(made.folder)
    enter(client)
    sha256 = next(iter(made.truth))[0]
    data = {"csrf": csrf_of(client), "page": "1", "turn": "90", "dpi": "300", "reader": "own"}
    assert client.post(f"/again/{sha256}", data={**data, "csrf": ""}).status_code == 403
    for bad in ({"page": "2"}, {"turn": "45"}, {"dpi": "5000"}, {"reader": "rm -rf"}):
        assert client.post(f"/again/{sha256}", data={**data, **bad}).status_code in {403, 404}
    assert "Reading" in client.post(f"/again/{sha256}", data=data).text
    assert "Another page" in client.post(f"/again/{sha256}", data=data).text
    told = ""
    for _ in range(100):
        told = client.get(f"/again/{sha256}").text
        if "&lt;read&gt;" in told:
            break
        time.sleep(0.1)
    for word in ("read", "--pages", "1", "--rotate", "90", "--dpi", "300", "--engine", "own"):
        assert f"&lt;{word}&gt;" in told
    assert f"&lt;{SAMPLES / 'rotated-90.png'}&gt;" in told


def test_a_page_whose_scan_is_lost_is_not_read_again(client: TestClient) -> None:
    data = {"csrf": csrf_of(client), "page": "1"}
    answer = client.post(f"/again/{SHA}", data=data)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_there_must_be_a_run(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        serve(tmp_path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError):
        old_journal(tmp_path / "none")
