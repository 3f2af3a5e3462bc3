"""Finds what a batch is to read: files, folders, wildcards, archives and lists of files."""

from __future__ import annotations

import csv
import glob
import io
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from document.errors import InputError
from pipeline import unpacking
from pipeline.allowance import USUAL, USUAL_BOUNDS
from pipeline.archive import Member, Room
from pipeline.faults import fault
from pipeline.journal import Refusal, Sighting
from pipeline.ordinary_file import check_ordinary, read_through
from pipeline.unpacking import Unpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.allowance import Allowance, Bounds

KINDS = frozenset(
    {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}
    | {".html", ".htm", ".xhtml", ".mhtml", ".mht", ".docx", ".doc", ".txt", ".md"}
    | {".ofd"}  # of which it is said what to do with it
)
"""What is taken out of folders and archives; a file named on the command line is always taken."""

UNPACKED = "unpacked"
"""The folder inside a run's where the files of archives lie."""

_COLUMNS = {
    "path": ("path", "file", "路径", "文件"),
    "agency": ("agency", "机关", "单位"),
    "year": ("year", "年度", "年份"),
}
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Given:
    """A document of the batch, and the file that holds its bytes now."""

    sighting: Sighting
    path: Path


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder or an archive that is of no kind that can be read."""

    place: str


Found: TypeAlias = "Given | Refusal | PassedOver"


@dataclass(frozen=True, slots=True)
class _Search:
    run: Path
    allowance: Allowance
    bounds: Bounds
    unpacker: Unpacker


def gather(
    inputs: Sequence[Path],
    run: Path,
    bounds: Bounds = USUAL_BOUNDS,
    allowance: Allowance = USUAL,
) -> Iterator[Found]:
    """Yield every document of ``inputs``, in an order that depends on nothing but them.

    Args:
        inputs: Files, folders (searched in depth), patterns with * or ?, zip archives, and CSV
            files that list paths, with agency and year if wanted.
        run: The folder of the run: passed over in a search; archives are unpacked into it.
        bounds: What is let out of an archive.
        allowance: What a document may ask for; here, the size of its file counts.

    Raises:
        InputError: A list of files cannot be made sense of: nothing can be taken on trust then.
        OutputError: There is no room to unpack an archive.
    """
    kinds = KINDS | {".zip"}
    with Unpacker(run / UNPACKED, kinds, allowance.file_mib) as unpacker:
        search = _Search(run, allowance, bounds, unpacker)
        for one in map(_absolute, inputs):
            if _exists(one) or not glob.has_magic(str(one)):
                paths = [one]
            else:
                paths = [Path(name) for name in sorted(glob.glob(str(one), recursive=True))]  # noqa: PTH207 - the pattern may be absolute
                if not paths:
                    yield _refusal(str(one), fault("no-match"))
            for path in paths:
                yield from _one(path, search)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, or with a zero byte
        return True  # that it is no file is said where it is opened


def _one(path: Path, search: _Search) -> Iterator[Found]:
    if _is(path, Path.is_dir):
        yield from _folder(path, search)
    elif path.suffix.lower() == ".csv":
        for place, agency, year in _list(path):
            yield _file(place, search.allowance, agency, year)
    elif path.suffix.lower() == ".zip" or _is(path, _is_plain_zip):
        yield from _archive(path, search)
    else:
        yield _file(path, search.allowance)


def _is(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Tell whether a path is of a kind; what cannot be looked at is of none."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False


def _folder(folder: Path, search: _Search) -> Iterator[Found]:
    own = search.run.resolve()

    def failed(error: OSError) -> None:
        forbidden.append(str(error.filename))

    forbidden: list[str] = []
    for at, folders, files in os.walk(folder, onerror=failed):
        links = {name for name in folders if (Path(at) / name).is_symlink()}
        for name in sorted(links):
            yield _refusal(str(Path(at) / name), fault("linked-folder"))
        folders[:] = sorted(
            name
            for name in set(folders) - links
            if not name.startswith(".") and (Path(at) / name).resolve() != own
        )
        for name in sorted(files):
            path = Path(at) / name
            if name.startswith((".", "~$")):
                continue
            if path.is_symlink() and _leads_out(path, folder):
                yield _refusal(str(path), fault("link-outside"))
            elif path.suffix.lower() in KINDS:
                yield _file(path, search.allowance)
            elif path.suffix.lower() == ".zip":
                yield from _archive(path, search)
            else:
                yield PassedOver(str(path))
    for place in forbidden:
        yield _refusal(place, fault("no-permission"))


def _leads_out(link: Path, folder: Path) -> bool:
    """Tell whether a link leads out of a folder; one that leads nowhere or in a circle does not."""
    try:
        return not link.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _archive(path: Path, search: _Search) -> Iterator[Found]:
    try:
        check_ordinary(path)
    except InputError as error:
        yield _refusal(str(path), error)
        return
    (search.run / UNPACKED).mkdir(parents=True, exist_ok=True)
    room = Room.of(search.bounds, search.allowance.file_mib)
    yield from _unpacked(path, str(path), search, room, 0)


def _unpacked(path: Path, place: str, search: _Search, room: Room, depth: int) -> Iterator[Found]:
    """Yield what an archive holds; ``place`` is its name, and ``depth`` how many it lies in."""
    inside: list[tuple[str, Member]] = []
    over: list[str] = []
    try:
        for one in search.unpacker.unpack(path, room):
            if isinstance(one, unpacking.PassedOver):
                over.append(one.name)
            elif not isinstance(one, Member):
                name, error = one
                yield _refusal(f"{place}!{name}", error)
            elif one.path.suffix != ".zip":
                inner = f"{place}!{one.name}"
                yield Given(Sighting(one.sha256, one.size, inner), one.path)
            elif depth >= search.bounds.nesting:
                one.path.unlink()
                limit = search.bounds.nesting
                yield _refusal(f"{place}!{one.name}", fault("nested-archive", limit=limit))
            else:
                inside.append((f"{place}!{one.name}", one))
    except InputError as error:
        yield _refusal(place, error)
    for inner, member in inside:  # one archive is unpacked at a time
        yield from _unpacked(member.path, inner, search, room, depth + 1)
        member.path.unlink(missing_ok=True)
    for name in over:
        yield PassedOver(f"{place}!{name}")


def _absolute(path: Path) -> Path:
    """Name a place in one way only, wherever the command is run; links are left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute leaves ".." in


def _file(
    path: Path, allowance: Allowance, agency: str | None = None, year: int | None = None
) -> Given | Refusal:
    try:
        content = read_through(path, allowance.file_mib)
    except InputError as error:
        return _refusal(str(path), error)
    return Given(Sighting(content.sha256, content.size, str(path), agency, year), path)


def _refusal(place: str, error: InputError) -> Refusal:
    return Refusal(place, error.code, error.message)


def _is_plain_zip(path: Path) -> bool:
    """Tell a zip archive without its suffix from Office files, which are archives too."""
    return not path.suffix and zipfile.is_zipfile(path)


def _list(path: Path) -> Iterator[tuple[Path, str | None, int | None]]:
    """Yield the lines of a list of files; paths are taken from the list's own folder."""
    rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        columns = _columns(next(rows, []))
        for row in rows:
            fields = {name: row[at].strip() for name, at in columns.items() if at < len(row)}
            if not fields.get("path"):
                if any(field.strip() for field in row):
                    raise _unusable(rows.line_num, "没有路径", "no path")
                continue
            said = fields.get("year", "")
            match = _YEAR.fullmatch(said)
            if said and match is None:
                raise _unusable(rows.line_num, f"年度“{said}”", f"the year “{said}”")
            year = int(match[1]) if match else None
            yield _absolute(path.parent / fields["path"]), fields.get("agency") or None, year
    except csv.Error as error:
        raise _unusable(rows.line_num, str(error), str(error)) from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise fault("missing-file") from error
    except OSError as error:
        raise fault("no-permission") from error
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in Chinese saves CSV as the latter
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fault("not-a-list", cause_zh="编码既非 UTF-8 也非 GB18030", cause_en="its encoding")


def _columns(head: Sequence[str]) -> Mapping[str, int]:
    places = {name.strip().lower(): at for at, name in enumerate(head)}
    found = {
        column: places[name]
        for column, names in _COLUMNS.items()
        for name in names
        if name in places
    }
    if "path" not in found:
        raise fault("not-a-list", cause_zh="缺少 path 列", cause_en="no column path")
    return found


def _unusable(line: int, zh: str, en: str) -> InputError:
    return fault("not-a-list", cause_zh=f"第 {line} 行：{zh}", cause_en=f"line {line}: {en}")
