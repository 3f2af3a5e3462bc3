"""A person at the screen, in a real browser: by keyboard, by mouse, two at once, to the end."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from document.numeral import parse
from pipeline.decisions import all_holding
from pipeline.export_run import export
from pipeline.journal import old_journal
from pipeline.journal_queries import filed
from pipeline.run_reports import standings
from reconstruct.templates import builtin
from review.access import Access
from review.serve import Door, application
from tests.review.made import Made, make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Route

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here")


PORT = 20_000 + os.getpid() % 20_000


@contextmanager
def served(run: Path) -> Iterator[str]:
    """Serve a run in a thread of this process."""
    door = Door("127.0.0.1", PORT, Access())
    app = application(run, builtin(), door)
    server = uvicorn.Server(
        uvicorn.Config(app, host=door.host, port=door.port, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def commanded(run: Path) -> Iterator[subprocess.Popen[str]]:
    """Serve a run as people do, by the command; it is killed where it did not end."""
    command = [sys.executable, "-m", "cli.main", "review", str(run), "--port", str(PORT)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert f"127.0.0.1:{PORT}" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Person:
    """Somebody with a browser; whatever its console complains of fails the test."""

    def __init__(self, browser: Browser, url: str, name: str, locale: str = "en-GB") -> None:
        self.context: BrowserContext = browser.new_context(
            locale=locale, viewport={"width": 1280, "height": 800}
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        for _ in range(100):
            try:
                self.page.goto(url)
                break
            except Exception:  # noqa: BLE001 - the server is still starting
                time.sleep(0.2)
        self.url = url
        self.page.fill("[name=name]", name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".reports")

    def start(self) -> None:
        self.page.goto(f"{self.url}/next")
        self.page.wait_for_selector("#card, #done")

    def where(self) -> str:
        """The address of the card, or of the end."""
        self.page.wait_for_selector("#card, #done")
        if self.page.query_selector("#done"):
            return "done"
        return self.page.get_attribute("#answer", "action") or ""

    def press(self, *keys: str) -> str:
        """Press keys and wait until another card has come; returns it."""
        before = self.page.eval_on_selector("#screen", "one => (one.dataset.old = 1, 1)")
        assert before
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_selector("#screen:not([data-old])")
        return self.where()

    def decide(self, made: Made) -> str:
        """Enter what the page prints, with as few keys as do."""
        sha256, query = self.where().removeprefix("/card/").split("?")
        keys = dict(part.split("=") for part in query.split("&"))
        printed = made.printed(sha256, keys["table"], keys["row"], keys["column"])
        value = parse(printed, "decimal").value
        wanted = "" if value is None else f"{value:f}" if hasattr(value, "is_nan") else str(value)
        if not wanted:
            return self.press("b")
        if self.page.input_value("#value") == wanted:
            return self.press("Enter")
        return self.press("Space", *wanted, "Enter")


def left(run: Path) -> int:
    engine = old_journal(run)
    found = sum(one.review for one in filed(engine))
    engine.dispose()
    return found


def figures(run: Path) -> dict[tuple[str, str, str, str], tuple[str, str]]:
    engine = old_journal(run)
    tidy, _ = export(engine, run / "out", "csv", builtin(), "en")
    engine.dispose()
    rows = csv.DictReader(io.StringIO(tidy.read_text("utf-8-sig"), newline=""))
    return {
        (r["sha256"], r["table"], r["row"], r["column"]): (r["value"], r["status"]) for r in rows
    }


def settled(person: Person) -> int:
    """Return how many other cards the last answer settled, as the note says."""
    note = person.page.query_selector(".note .gone")
    return len(note.query_selector_all("del")) if note else 0


def test_a_person_reviews_a_run_by_keyboard_to_the_end(browser: Browser, tmp_path: Path) -> None:
    """Twenty cards and more; undone, reloaded, restarted in the middle; then exported."""
    made = make(tmp_path / "run", ["rotated-90", "wendeng-2022-t4"], doubtful=0.35, seed=5)
    before = left(made.folder)
    assert before >= 20
    with commanded(made.folder) as process:
        li = Person(browser, f"http://127.0.0.1:{PORT}", "Li")
        li.start()
        first = li.where()
        second = li.decide(made)
        assert second != first
        assert li.press("z") == first  # undone: the same card again
        assert "Taken back" in li.page.inner_text(".note")
        assert li.decide(made) == second
        li.page.reload()
        assert li.where() == second  # the card is in the address
        decided, gone = 1, 0
        while decided < 12:
            li.decide(made)
            decided += 1
            gone += settled(li)
        middle = li.where()
        li.context.close()
        assert not li.complaints
        process.send_signal(signal.SIGKILL)
        process.wait()
    with served(made.folder) as url:  # nothing that was said is lost
        li = Person(browser, url, "Li")
        li.start()
        while li.where() != "done":
            li.decide(made)
            decided += 1
            gone += settled(li)
            assert decided < 3 * before
        assert middle
        assert decided >= 20 or gone  # what an answer settled besides is told
        assert not li.complaints
        li.page.goto(url)
        assert "2/2" in li.page.inner_text(".progress")
    assert left(made.folder) == 0
    engine = old_journal(made.folder)
    assert all(one.report and one.report.status != "review" for one in standings(engine, builtin()))
    shown = figures(made.folder)
    for (sha256, table, address), printed in made.truth.items():
        value = parse(printed, "decimal").value
        assert shown[sha256, table, *address][0] == ("" if value is None else str(value))


def test_keys_fill_in_and_the_equations_follow(browser: Browser, tmp_path: Path) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.35, seed=5)
    with served(made.folder) as url:
        li = Person(browser, url, "Li")
        li.start()
        page = li.page
        while len(page.query_selector_all(".option")) < 2:
            li.press("j")
        stands = page.input_value("#value")
        picks = [one.get_attribute("data-pick") for one in page.query_selector_all(".option")]
        assert picks[0] == stands
        page.keyboard.press("2")
        assert page.input_value("#value") == picks[1]
        expect(page.locator(".option[aria-pressed=true]")).to_have_attribute("data-number", "2")
        page.keyboard.press("3")  # soon after: a number is meant
        assert page.input_value("#value") == "23"
        page.keyboard.press("7")
        assert page.input_value("#value") == "237"
        assert page.inner_text(".term.mine var") == "237"
        page.keyboard.press("Escape")
        assert page.input_value("#value") == stands
        page.keyboard.press("Space")
        page.keyboard.press("1")
        assert page.input_value("#value") == "1"
        page.keyboard.press("Escape")
        page.keyboard.press("8")
        page.keyboard.press("0")
        assert page.input_value("#value") == "80"
        card = li.where()
        page.fill("#value", "x")
        page.click("#accept")
        page.wait_for_timeout(300)
        assert li.where() == card  # what is no figure is not even sent
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        following = li.press("j")
        assert following != card
        assert li.press("k") == card
        assert li.press("s") != card
        page.keyboard.press("t")
        page.wait_for_selector("table.form")
        assert not li.complaints


def test_a_sum_turns_green_as_the_right_figure_is_typed(browser: Browser, tmp_path: Path) -> None:
    made = make(tmp_path / "run", ["wrong-sums"], doubtful=0.0)
    with served(made.folder) as url:
        li = Person(browser, url, "Li")
        li.start()
        page = li.page
        bad = page.locator(".balance.bad")
        expect(bad.first).to_contain_text("does not hold")
        off = bad.first.inner_text()
        assert "difference" in off
        page.keyboard.press("Space")
        expect(page.locator(".balance.bad")).to_have_count(0)
        page.keyboard.press("9")
        page.keyboard.press("9")
        page.keyboard.press("9")
        expect(page.locator(".balance.bad").first).to_contain_text("does not hold")
        page.keyboard.press("Escape")
        li.press("p")  # the page says so
        page.goto(f"{url}/mistakes")
        assert "confirmed" in page.inner_text("#screen")
        assert not li.complaints


def test_two_people_at_once(browser: Browser, tmp_path: Path) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.2, seed=6)
    with served(made.folder) as url:
        li, wang = Person(browser, url, "Li"), Person(browser, url, "王", "zh-CN")
        li.start()
        wang.start()
        assert li.where() != wang.where()
        wang.page.goto(url + li.where())
        assert "Li" in wang.page.inner_text(".held")
        assert wang.page.is_disabled("#accept")
        # Li goes on; Wang opens the card from before, Li decides it from a second window
        card = li.where()
        li.press("j")
        wang.page.reload()
        assert not wang.page.is_disabled("#accept")
        other = li.context.new_page()
        other.goto(url + card)
        token = other.input_value("#answer [name=csrf]")
        answered = li.context.request.post(
            url + card, form={"csrf": token, "turn": "0", "value": "77"}
        )
        assert answered.status == 200
        wang.press("Enter")
        assert "Li" in wang.page.inner_text(".note.wrong")
        assert "77" in wang.page.inner_text(".story")
        # having seen it, Wang may decide anew
        wang.press("Enter")
        assert wang.page.query_selector(".note.wrong") is None


def test_by_mouse_on_a_tablet_and_without_a_scan(browser: Browser, tmp_path: Path) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.2, seed=6)
    with served(made.folder) as url:
        context = browser.new_context(
            locale="zh-CN", viewport={"width": 820, "height": 1180}, has_touch=True
        )
        page = context.new_page()
        page.goto(url)
        page.fill("[name=name]", "李")
        page.tap("button.main")
        page.wait_for_selector(".reports")
        page.tap(".progress a.main")
        page.wait_for_selector("#card")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        small = page.eval_on_selector_all(
            ".entry button, .option, .answers button",
            "all => all.filter(b => b.offsetHeight < 40).length",
        )
        assert small == 0
        title = page.inner_text("#card-title")
        page.tap(".option >> nth=0")
        page.tap("#accept")
        page.wait_for_function(
            "title => document.getElementById('card-title').innerText !== title", arg=title
        )
        assert "已记下" in page.inner_text(".note")
        page.wait_for_function("() => document.querySelector('.viewer img').naturalWidth > 0")
        mark = page.get_attribute(".viewer .mark", "points")
        assert mark
        page.tap("[data-zoom=fit]")
        page.route("**/page/**", lambda route: route.abort())
        page.route("**/crop/**", lambda route: route.abort())
        page.reload()
        page.wait_for_selector(".viewer p.none")
        assert page.is_enabled("#accept")


def test_nothing_moves_away_from_under_a_finger_when_the_picture_comes(
    browser: Browser, tmp_path: Path
) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.2, seed=6)
    with served(made.folder) as url:
        li = Person(browser, url, "Li")
        waiting: list[Route] = []
        li.page.route("**/crop/**", lambda route: waiting.append(route))  # noqa: PLW0108 - it is marked
        li.page.click(".progress a.main", no_wait_after=True)
        button = li.page.locator("#accept")
        button.wait_for()
        # asked where it stands before its style is there, a browser says where it would without
        li.page.wait_for_function(
            "() => [...document.querySelectorAll('link[rel=stylesheet]')].every(one => one.sheet)"
        )
        before = button.bounding_box()
        assert waiting
        for route in waiting:
            route.continue_()
        li.page.wait_for_function("() => document.querySelector('.crop img').naturalWidth > 0")
        assert button.bounding_box() == before


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_every_control_has_a_name_and_enough_contrast(
    browser: Browser, tmp_path: Path, locale: str
) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.2, seed=6)
    with served(made.folder) as url:
        li = Person(browser, url, "Li", locale)
        sha256 = next(iter(made.truth))[0]
        for path in (
            "/",
            "/next",
            f"/report/{sha256}",
            "/alike",
            "/alike?single=true",
            "/mistakes",
        ):
            li.page.goto(url + path)
            assert li.page.evaluate(_NAMELESS) == [], path
            assert li.page.evaluate(_PALE) == [], path
            assert "[object" not in li.page.inner_text("body")


@pytest.mark.parametrize(
    ("locale", "whole"), [("en-GB", "told apart"), ("zh-CN", "无法分开")], ids=["en", "zh"]
)
def test_like_digits_are_looked_through_by_keyboard_and_lead_to_their_figure(
    browser: Browser, tmp_path: Path, locale: str, whole: str
) -> None:
    made = make(tmp_path / "run", ["demo"], doubtful=0.05, seed=3)
    with served(made.folder) as url:
        li = Person(browser, url, "Li", locale)
        page = li.page
        page.goto(f"{url}/alike")
        page.keyboard.press("d")
        page.wait_for_url("**single=true**")
        assert whole in page.inner_text(".manner")
        page.keyboard.press("0")
        page.wait_for_url("**text=0**")
        printed = [one.replace(",", "") for one in made.truth.values()]
        # what was misread is among them as well, and what was read as another is not
        assert page.locator(".wall li").count() > sum("0" in one for one in printed) * 0.8
        assert page.get_attribute(".digits [aria-current]", "data-digit") == "0"

        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        second = page.locator(".wall a").nth(1)
        expect(second).to_be_focused()
        picture = second.locator("img")
        expect(picture).to_have_js_property("complete", value=True)
        wide = picture.evaluate("one => one.naturalWidth / one.naturalHeight")
        assert 0 < wide < 1.2  # one digit, not the cell
        page.keyboard.press("ArrowDown")
        expect(second).not_to_be_focused()
        page.keyboard.press("ArrowUp")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("Enter")
        page.wait_for_selector("#card")
        assert li.where() == target
        keys = dict(part.split("=") for part in target.split("?")[1].split("&"))
        seen = page.inner_text(".options") if page.query_selector(".options") else ""
        shown = seen + page.input_value("#value")
        assert "0" in shown, keys
        assert not li.complaints


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"], ids=["en", "zh"])
def test_several_figures_are_accepted_at_once_and_none_that_was_taken_off_or_not_seen(
    browser: Browser, tmp_path: Path, locale: str
) -> None:
    made = make(tmp_path / "run", ["rotated-90"], doubtful=0.4, seed=9)
    with served(made.folder) as url:
        li = Person(browser, url, "Li", locale)
        li.start()
        li.page.keyboard.press("r")
        li.page.wait_for_selector("#sheet")
        items = li.page.locator(".several li")
        assert items.count() > 3
        sheet, off = [], set()
        for at in range(items.count()):
            one = items.nth(at)
            picture = one.locator("img")
            expect(picture).to_have_js_property("complete", value=True)
            named = {
                name: one.locator(f"[name={name}]").get_attribute("value") or ""
                for name in ("table", "row", "column", "standing")
            }
            (sha256,) = {key[0] for key in made.truth}
            printed = made.printed(sha256, named["table"], named["row"], named["column"])
            value = parse(printed, "decimal").value
            shown = parse(named["standing"], "decimal").value
            assert one.locator("b").inner_text()
            sheet.append((named["table"], named["row"], named["column"], shown))
            if (value or 0) != (shown or 0):
                off.add(at)
                li.page.keyboard.press(str(at + 1))
                expect(one.locator("[name=off]")).to_be_checked()
        assert len(off) < len(sheet)
        # one of the pictures is gone: nothing is accepted until that figure is taken off
        lost = max(set(range(len(sheet))) - off)
        items.nth(lost).locator("img").evaluate("one => { one.src = '/nothing'; }")
        expect(items.nth(lost).locator("p.none")).to_be_visible()
        li.page.keyboard.press("Enter")
        li.page.keyboard.press(str(lost + 1))
        expect(items.nth(lost).locator("[name=off]")).to_be_checked()
        assert not entries(made.folder)
        off.add(lost)
        li.page.eval_on_selector("#screen", "one => (one.dataset.old = 1, 1)")
        li.page.keyboard.press("Enter")
        li.page.wait_for_selector("#screen:not([data-old])")
        assert str(len(sheet) - len(off)) in li.page.inner_text(".note")
        decided = entries(made.folder)
        assert decided == {
            (table, row, column): value
            for at, (table, row, column, value) in enumerate(sheet)
            if at not in off
        }
        assert not [one for one in li.complaints if "404" not in one]


def entries(run: Path) -> dict[tuple[str, str, str], object]:
    engine = old_journal(run)
    held = all_holding(engine)
    engine.dispose()
    return {(d.table, *d.address): d.value for theirs in held.values() for d in theirs}


_NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, img")]
  .filter(one => one.type !== "hidden")
  .filter(one => !(one.innerText || one.getAttribute("aria-label") || one.alt ||
    one.querySelector("img[alt]") ||
    (one.labels && one.labels.length)))
  .map(one => one.outerHTML.slice(0, 120))"""

_PALE = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const found = parse(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter(one => [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(one => one.offsetHeight && !one.closest("[disabled]"))
    .filter(one => {
      const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    }).map(one => one.outerHTML.slice(0, 120));
}"""
