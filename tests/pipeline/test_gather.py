"""What a batch is to read is found wherever it lies; nothing hostile gets out of an archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from document.errors import InputError
from pipeline.allowance import USUAL_BOUNDS, Bounds
from pipeline.gather import Given, PassedOver, gather
from pipeline.journal import Refusal


def found(
    *inputs: Path, run: Path, bounds: Bounds = USUAL_BOUNDS
) -> tuple[list[Given], dict[str, str], list[str]]:
    """What is given, the codes of what is refused by place, and what is passed over."""
    given, refused, over = [], {}, []
    for one in gather(inputs, run, bounds):
        if isinstance(one, Given):
            given.append(one)
        elif isinstance(one, Refusal):
            refused[one.place] = one.code
        else:
            assert isinstance(one, PassedOver)
            over.append(Path(one.place).name)
    return given, refused, over


def names(given: list[Given]) -> list[str]:
    return [Path(one.sighting.place).name for one in given]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_folders_are_searched_in_depth_and_in_order(tmp_path: Path, run: Path) -> None:
    scans = tmp_path / "scans"
    (scans / "b").mkdir(parents=True)
    for name in ("z.PDF", "b/a.tif", "a.jpg", ".hidden.pdf", "notes.odt", "list.csv"):
        (scans / name).write_bytes(name.encode())
    given, refused, over = found(scans, run=run)
    assert names(given) == ["a.jpg", "z.PDF", "a.tif"]
    assert refused == {}
    assert over == ["list.csv", "notes.odt"]


def test_the_folder_of_the_run_is_not_searched(tmp_path: Path, run: Path) -> None:
    (run / "unpacked").mkdir()
    (run / "unpacked" / "x.pdf").write_text("x")
    (tmp_path / "a.pdf").write_text("a")
    assert names(found(tmp_path, run=run)[0]) == ["a.pdf"]


def test_patterns_and_single_files(tmp_path: Path, run: Path) -> None:
    for name in ("a.pdf", "b.pdf", "c.dat"):
        (tmp_path / name).write_text(name)
    assert names(found(tmp_path / "*.pdf", run=run)[0]) == ["a.pdf", "b.pdf"]
    assert names(found(tmp_path / "c.dat", run=run)[0]) == ["c.dat"]
    assert list(found(tmp_path / "*.tif", run=run)[1].values()) == ["no-match"]
    missing = tmp_path / "none.pdf"
    assert found(missing, run=run)[1] == {str(missing): "missing-file"}
    (tmp_path / "empty.pdf").touch()
    assert list(found(tmp_path / "empty.pdf", run=run)[1].values()) == ["empty-file"]


def test_archives_give_their_scans(tmp_path: Path, run: Path) -> None:
    path = archive(tmp_path / "a.zip", deep__one_pdf=b"1", two_png=b"2", read_dat=b"3")
    given, refused, over = found(path, run=run)
    assert [one.sighting.place for one in given] == [f"{path}!deep/one.pdf", f"{path}!two.png"]
    assert [one.path.read_bytes() for one in given] == [b"1", b"2"]
    assert refused == {}
    assert over == ["a.zip!read.dat"]


def test_a_name_that_leads_out_of_the_archive_leads_nowhere(tmp_path: Path, run: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in ("../../evil.pdf", "/tmp/evil.pdf", "C:\\evil.pdf"):  # noqa: S108
            target.writestr(name, name.encode())
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    before = set(tmp_path.rglob("*"))
    given, _, _ = found(path, run=run)
    assert len(given) == 4
    assert all(one.path.parent == run / "unpacked" for one in given)
    assert not any(one.path.is_symlink() for one in given)
    assert {one.parent for one in set(tmp_path.rglob("*")) - before} <= {run, run / "unpacked"}


def test_bombs_are_refused_and_leave_nothing(tmp_path: Path, run: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", big_pdf=bytes(8 << 20), small_pdf=b"s")
    given, refused, _ = found(bomb, run=run)
    assert names(given) == ["bomb.zip!small.pdf"]
    assert refused == {f"{bomb}!big.pdf": "archive-bomb"}
    assert len(list((run / "unpacked").iterdir())) == 1
    many = archive(tmp_path / "many.zip", **{f"f{n}_pdf": b"x%d" % n for n in range(5)})
    assert found(many, run=run, bounds=Bounds(files=4))[1] == {str(many): "archive-bomb"}
    given, refused, _ = found(many, run=run, bounds=Bounds(gib=6 / (1 << 30)))
    assert len(given) == 3
    assert set(refused.values()) == {"archive-bomb"}


def test_damaged_and_locked_archives_are_named(tmp_path: Path, run: Path) -> None:
    whole = archive(tmp_path / "whole.zip", one_pdf=b"12345678" * 100, two_pdf=b"x").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert found(cut, run=run)[1] == {str(cut): "damaged-archive"}
    spoilt = tmp_path / "spoilt.zip"
    spoilt.write_bytes(whole[:40] + b"\xff\xff\xff" + whole[43:])
    given, refused, _ = found(spoilt, run=run)
    assert refused == {f"{spoilt}!one.pdf": "damaged-archive"}
    assert names(given) == ["spoilt.zip!two.pdf"]
    locked = tmp_path / "locked.zip"
    locked.write_bytes(whole.replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"))
    assert set(found(locked, run=run)[1].values()) == {"locked-archive"}


def test_chinese_names_of_archives_made_by_windows(tmp_path: Path, run: Path) -> None:
    path = tmp_path / "windows.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("XXXXXX.pdf", b"1")
    path.write_bytes(path.read_bytes().replace(b"XXXXXX", "年报表".encode("gbk")))
    assert names(found(path, run=run)[0]) == ["windows.zip!年报表.pdf"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_lists_give_agency_and_year(tmp_path: Path, run: Path, encoding: str) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "甲.pdf").write_text("1")
    rows = "路径,机关,年度\r\nscans/甲.pdf,甲市“乙”局,2022年\r\n\r\nnone.pdf,丙,\r\n"
    (tmp_path / "list.csv").write_bytes(rows.encode(encoding))
    given, refused, _ = found(tmp_path / "list.csv", run=run)
    (one,) = given
    assert (one.sighting.agency, one.sighting.year) == ("甲市“乙”局", 2022)
    assert refused == {str(tmp_path / "none.pdf"): "missing-file"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file name,agency\na.pdf,x\n", "no column path"),
        ("", "no column path"),
        ("path,year\na.pdf,last year\n", "line 2: the year “last year”"),
        ("path,agency\n,x\n", "line 2: no path"),
        ('path\n"a.pdf"x\n', "line 2"),
    ],
)
def test_lists_that_make_no_sense_are_refused_as_a_whole(
    tmp_path: Path, run: Path, text: str, said: str
) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        found(tmp_path / "list.csv", run=run)
