"""Keying a second time: by somebody else, blind, and counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from document.decision import Answer
from pipeline.decisions import decisions_of
from pipeline.journal import old_journal
from reconstruct.templates import builtin
from review.access import Access
from review.desk import Desk
from review.keying import all_entries, key_again, keyed, keyings, wanted
from review.leases import Spot
from review.serve import Door, application
from tests.pipeline import runs
from tests.pipeline.runs import T3, T4
from tests.reconstruct.readings import SUQIAN_2023
from tests.review.test_app import csrf_of, enter
from tests.review.test_desk import DOUBTS, RIGHT

if TYPE_CHECKING:
    from pathlib import Path

SHA = f"{1:064x}"
PERSON = Spot(SHA, "t3", ("new", "person"))


@pytest.fixture
def desk(run: Path) -> Desk:
    report = runs.report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], DOUBTS)
    runs.begin(run, report).dispose()
    return Desk(old_journal(run), builtin(), run, 1.0)


def test_what_is_keyed_again_follows_from_the_figure_alone(desk: Desk) -> None:
    for address, value in ((("new", "person"), 3402), (("carry", "person"), 91)):
        desk.decide((Spot(SHA, "t3", address),), Answer.VALUE, value, "李", (0,))
    entries = all_entries(desk.engine)[SHA]
    assert len(wanted(entries, 1.0)) == 2
    assert wanted(entries, 0.0) == ()
    some = wanted(entries, 0.5)
    assert wanted(entries, 0.5) == some
    assert set(wanted(entries, 0.1)) <= set(some)
    desk.undo("李")
    assert [one.address for one in wanted(all_entries(desk.engine)[SHA], 1.0)] == [
        ("new", "person")
    ]


def test_a_figure_that_no_reader_saw_is_always_keyed_again(desk: Desk) -> None:
    desk.decide((PERSON,), Answer.VALUE, 3407, "李", (0,))
    (entry,) = wanted(all_entries(desk.engine)[SHA], 1e-12)
    assert entry.person == "李"


def test_second_answers_decide_nothing_and_are_counted(desk: Desk) -> None:
    effect = desk.decide((PERSON,), Answer.VALUE, 3402, "李", (0,))
    assert effect is not None
    assert key_again(desk.engine, effect.entry, Answer.VALUE, 3402, "王")
    assert not key_again(desk.engine, effect.entry, Answer.BLANK, None, "张")
    assert keyed(desk.engine) == {effect.entry.id}
    first, second = keyings(desk.engine)
    assert (first.agrees, first.person, first.first_person) == (True, "王", "李")
    assert (second.agrees, second.value, second.first_value) == (False, None, "3402")
    assert len(decisions_of(desk.engine, SHA)) == 1


def test_the_second_person_sees_nothing_of_the_first_until_they_differ(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    report = runs.report_of(1, [(T3, SUQIAN_2023), (T4, RIGHT)], DOUBTS)
    runs.begin(folder, report).dispose()
    app = application(folder, builtin(), Door("127.0.0.1", 8765, Access(), share=1.0))
    li, wang = (
        TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=False) for _ in range(2)
    )
    enter(li, "李")
    enter(wang, "王")
    for row, value in (("new", "3402"), ("carry", "91")):
        path = f"/card/{SHA}?table=t3&row={row}&column=person"
        data = {"csrf": csrf_of(li), "turn": "0", "value": value}
        assert li.post(path, data=data).status_code == 200
    assert "/second/" not in li.get("/second").text  # nobody checks their own answers
    page = wang.get("/second").text
    for told in ("3402", "3482", "李", "read as"):
        assert told not in page
    (first,) = re.findall(r'action="(/second/\d+)"', page)
    data = {"csrf": csrf_of(wang), "value": "3402"}
    assert wang.post(first, data=data).headers["location"] == "/second"
    (other,) = re.findall(r'action="(/second/\d+)"', wang.get("/second").text)
    answer = wang.post(other, data={"csrf": csrf_of(wang), "value": "97"})
    assert answer.status_code == 200
    assert "differ" in answer.text
    assert "李: reads 91" in answer.text
    assert wang.post(other, data=data).status_code == 404  # once
    page = wang.get("/agreement").text
    assert "50.0 %" in page
    assert "李: 91" in page
    assert "王: 97" in page
