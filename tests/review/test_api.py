"""The door for other systems: a file comes in, its report goes out, and nothing else happens."""

from __future__ import annotations

import base64
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from pipeline.export_json import parse, to_json
from reconstruct.templates import builtin
from review.access import Access, add_account, read_accounts
from review.posted import LARGEST_FILE, MOST_WAITING, Posted, UnreadError, plain_name
from review.serve import Door, application
from tests.pipeline import runs
from tests.pipeline.runs import T4
from tests.pipeline.test_texts import FOLDER as TEXTS
from tests.review.test_desk import WRONG

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

RAW = {"content-type": "application/octet-stream"}
SECRET = "correct horse battery"  # noqa: S105 - of these tests only
HOST = "http://127.0.0.1:8765"
REPORTS = "/api/v1/reports"
CALLED = {"host": "127.0.0.1:8765"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api") / "run"
    runs.begin(folder, runs.report_of(1, [(T4, WRONG)])).dispose()
    return folder


def app_of(run: Path, access: Access | None = None, host: str = "127.0.0.1") -> FastAPI:
    return application(run, builtin(), Door(host, 8765, access or Access()))


def client_of(run: Path, access: Access | None = None, host: str = "127.0.0.1") -> TestClient:
    return TestClient(app_of(run, access, host), base_url=HOST, follow_redirects=False)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes, Any]]:
    """Put a stand-in where files are read, and note what it is given."""
    given: list[tuple[str, bytes, Any]] = []
    result = to_json(runs.report_of(1, [(T4, WRONG)]), "en")

    def read(_: Posted, path: Path, *rest: Any) -> bytes:
        given.append((path.name, path.read_bytes(), rest))
        return result

    monkeypatch.setattr(Posted, "read", read)
    return given


def test_a_file_is_read_as_the_command_line_reads_it(run: Path) -> None:
    client = client_of(run)
    content = (TEXTS / "escaped-row.md").read_bytes()
    answer = client.post(
        REPORTS,
        params={"name": "报告.md"},
        content=content,
        headers=RAW | {"accept-language": "zh"},
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    report = parse(answer.content)
    assert (report.source.file, report.status) == ("报告.md", "clean")
    assert [table.table for table in report.tables] == ["t2", "t3", "t4"]
    answer = client.post(REPORTS, content=b"\0\0\0", headers=RAW)
    assert answer.status_code == 422
    assert parse(answer.content).status == "failed"
    assert "not-supported" in answer.text


def test_what_is_asked_for_is_what_is_read(run: Path, seen: list[Any]) -> None:
    client = client_of(run)
    query = {"name": "../../x/..\\a b.pdf", "pages": "1-3,5", "prose": "never"}
    answer = client.post(REPORTS, params=query, content=b"x" * 100_000, headers=RAW)
    assert answer.status_code == 200
    assert seen == [("a b.pdf", b"x" * 100_000, ("1-3,5", "never", "en"))]
    for wrong in ({"pages": "0"}, {"pages": "1; rm"}, {"prose": "x"}, {"name": "n" * 1001}):
        answer = client.post(REPORTS, params=wrong, content=b"x", headers=RAW)
        assert (answer.status_code, len(seen)) == (422, 1)
        assert next(iter(wrong)) in answer.json()["detail"]


def test_pages_of_other_sites_cannot_post(run: Path, seen: list[Any]) -> None:
    client = client_of(run)
    for kind in ("text/plain", "multipart/form-data; boundary=x", "", "application/json"):
        answer = client.post(REPORTS, content=b"x", headers={"content-type": kind})
        assert answer.status_code == 415
    other = RAW | {"origin": "http://evil.example"}
    assert client.post(REPORTS, content=b"x", headers=other).status_code == 403
    alias = RAW | {"host": "evil.example:8765"}
    assert client.post(REPORTS, content=b"x", headers=alias).status_code == 400
    preflight = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = client.options(REPORTS, headers=preflight)
    assert answer.status_code in {403, 405}
    assert "access-control-allow-origin" not in answer.headers
    assert seen == []


def test_the_length_is_said_and_bounded(run: Path, seen: list[Any]) -> None:
    client = client_of(run)
    large = RAW | {"content-length": str(LARGEST_FILE + 1)}
    assert client.post(REPORTS, content=b"x", headers=large).status_code == 413
    assert client.post(REPORTS, content=iter([b"x"]), headers=RAW).status_code == 411
    assert client.post("/sign-in", content=b"x" * 70_000).status_code == 413
    assert seen == []


def test_a_token_is_asked_for_where_the_screen_has_one(run: Path, seen: list[Any]) -> None:
    client = client_of(run, Access(token=SECRET), "0.0.0.0")  # noqa: S104 - nothing listens
    right = {"authorization": f"Bearer {SECRET}"}
    assert client.post(REPORTS, content=b"x", headers=RAW | right).status_code == 200
    client.post("/sign-in", data={"name": "李", "secret": SECRET})
    assert client.cookies
    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {SECRET}"}):
        answer = client.post(REPORTS, content=b"x", headers=RAW | wrong)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert len(seen) == 1
    guessed = RAW | {"authorization": "Bearer guessed"}
    told = [client.post(REPORTS, content=b"x", headers=guessed).status_code for _ in range(30)]
    assert 429 in told
    answer = client.post(REPORTS, content=b"x", headers=RAW | right)
    assert (answer.status_code, len(seen)) == (429, 1)


def test_an_account_is_asked_for_where_the_screen_has_them(
    run: Path, seen: list[Any], tmp_path: Path
) -> None:
    add_account(tmp_path / "accounts.json", "王 芳", SECRET)
    client = client_of(run, Access(read_accounts(tmp_path / "accounts.json")), "0.0.0.0")  # noqa: S104

    def basic(text: str) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}

    post = client.post
    assert post(REPORTS, content=b"x", headers=RAW | basic(f"王 芳:{SECRET}")).status_code == 200
    for wrong in (basic("王 芳:x"), basic(f"x:{SECRET}"), {"authorization": "Basic ???"}, {}):
        assert post(REPORTS, content=b"x", headers=RAW | wrong).status_code == 401
    assert len(seen) == 1


def test_one_is_read_at_a_time_few_wait_and_the_screen_goes_on(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, inside, most = threading.Event(), [0], [0]
    result = to_json(runs.report_of(1, [(T4, WRONG)]), "en")

    def read(posted: Posted, *_: Any) -> bytes:
        with posted._turn:  # noqa: SLF001 - what the real one holds
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            go_on.wait(60)
            inside[0] -= 1
        return result

    monkeypatch.setattr(Posted, "read", read)
    app = app_of(run)
    places = app.state.office.posted._places  # noqa: SLF001 - to know when all are taken
    with TestClient(app, base_url=HOST) as client:
        answers: list[int] = []

        def post() -> None:
            answers.append(client.post(REPORTS, content=b"x", headers=RAW).status_code)

        threads = [threading.Thread(target=post) for _ in range(1 + MOST_WAITING)]
        for one in threads:
            one.start()
        until = time.monotonic() + 30
        while places._value and time.monotonic() < until:  # noqa: SLF001
            time.sleep(0.02)
        refused = client.post(REPORTS, content=b"x", headers=RAW)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert client.get("/sign-in").status_code == 200
        go_on.set()
        for one in threads:
            one.join(60)
    assert answers == [200] * len(threads)
    assert most[0] == 1


def test_a_reading_that_dies_is_told(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> bytes:
        told = "the reading ended without a result"
        raise UnreadError(told)

    monkeypatch.setattr(Posted, "read", read)
    answer = client_of(run).post(REPORTS, content=b"x", headers=RAW)
    assert (answer.status_code, answer.json()["detail"]) == (
        500,
        "the reading ended without a result",
    )


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("/etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("C:\\x\\报告.pdf", "报告.pdf"),
        ("-", "-"),
        ("报" * 80 + ".pdf", "报" * 32 + ".pdf"),
    ],
)
def test_names_of_files_stay_in_their_folder(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_openapi_names_the_one_thing_that_can_be_done(run: Path) -> None:
    document = client_of(run).get("/api/v1/openapi.json").json()
    assert {path: set(held) for path, held in document["paths"].items()} == {"/reports": {"post"}}
    assert "security" not in document["paths"]["/reports"]["post"]
    closed = client_of(run, Access(token=SECRET), "0.0.0.0").get("/api/v1/openapi.json").json()  # noqa: S104
    assert closed["paths"]["/reports"]["post"]["security"]


def test_every_answer_is_as_openapi_says(run: Path, seen: list[Any]) -> None:
    address = "/api/v1/openapi.json"
    described = schemathesis.openapi.from_asgi(address, app_of(run), headers=CALLED)
    operations = [one.ok() for one in described.get_all_operations()]  # type: ignore[union-attr]
    assert [one.path for one in operations] == ["/reports"]
    told: set[int] = set()
    for mode in schemathesis.GenerationMode:
        for operation in operations:

            @settings(
                max_examples=40,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case: schemathesis.Case[Any]) -> None:
                answer = case.call_and_validate(headers=CALLED)
                told.add(answer.status_code)

            check()
    assert 200 in told
    assert seen
