"""The story of one document: its pages are seen, its tables registered, read and settled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from document.message import Message
from document.report import Finding, ReadCell, ReadTable, Report
from pipeline.doubled import doubled
from pipeline.figures import read_cells
from pipeline.flow_words import with_words
from pipeline.misplaced import (
    beside,
    beside_doubt,
    beside_gap,
    misplaced,
    swallowed,
)
from pipeline.poor_pages import poor_pages
from pipeline.prose import weigh_prose
from pipeline.second_tables import unlike
from pipeline.seeing import TITLED, see_all
from pipeline.strays import strays_of
from pipeline.typed_part import TypedPart
from pipeline.unlike_cells import in_other_cells, one_column_off, one_row_off
from pipeline.unplaced import unplaced
from reconstruct.editions import contested
from reconstruct.repair import settle
from reconstruct.stitch import stitch
from reconstruct.strangers import (
    doubtful_edition,
    figures_left_over,
    left_over,
    missing_tables,
    unknown_fragments,
)
from reconstruct.title import title

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from document.geometry import Polygon
    from document.reading import Reading
    from document.report import Table
    from document.template import Address, TableTemplate, Template
    from ocr.labels import LabelReader
    from ocr.pool import Engine
    from pipeline.intake import Document
    from pipeline.leaf import Glance
    from pipeline.overlay import Overlay
    from pipeline.prose import Prose
    from pipeline.sight import Part, Sight
    from reconstruct.hints import Hint
    from reconstruct.stitch import Stitched


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of a process, their weights loaded once.

    ``figures`` takes crops of cell interiors, each (H, W, 3) uint8, to their readings;
    ``glance`` says at a fraction of the cost what crops seem to say whose ink stands in the
    boxes given, where something is to be borne out.
    """

    labels: LabelReader
    figures: Callable[[Sequence[NDArray[np.uint8]]], tuple[Reading, ...]]
    glance: Glance | None = None


def load_readers(threads: int = 2, engine: Engine = "both") -> Readers:
    """Return all readers, whose weights are loaded at a first use.

    ``engine`` names the readers that figures are shown to; with "paddle" labels are read by the
    PaddleOCR package itself, which reads the same and takes seconds to load. Raises WeightsError
    where weights are missing or altered.
    """
    from ocr.digits import read_figures  # noqa: PLC0415 - start fast
    from ocr.labels import LabelReader  # noqa: PLC0415
    from ocr.own import glimpse  # noqa: PLC0415

    recogniser = None
    if engine == "paddle":
        from ocr.paddle import paddle_recogniser  # noqa: PLC0415

        recogniser = paddle_recogniser(threads)
    labels = LabelReader(threads, recogniser)
    read = partial(read_figures, threads=threads, engine=engine)
    glance = partial(glimpse, threads=threads) if engine == "both" else None
    return Readers(labels, read, glance)


def recover(  # noqa: PLR0913 - what may be wanted besides the report
    document: Document,
    *,
    templates: Sequence[Template],
    readers: Readers,
    debug: Overlay | None = None,
    progress: Callable[[int, int], None] | None = None,
    prose: Prose = "auto",
    witness: Callable[[Sequence[Sight]], None] | None = None,
) -> Report:
    """Read a document: every table of a known form, every figure of it with its status.

    ``witness`` is told what was seen on the pages, before its figures are read.
    """
    sights, findings = see_all(document, readers, templates, debug, progress)
    if witness is not None:
        witness(sights)
    parts = [part for sight in sights for part in sight.parts]
    stitched, strangers = stitch([part.fragment for part in parts], templates)
    chosen, doubles = _one_of_each(stitched, parts)
    others = [one for one in stitched if one not in chosen]
    readings = _readings([*chosen, *others], parts, readers)
    filled = [
        _filled(one, [parts[index] for index in one.fragments], read)
        for one, read in zip([*chosen, *others], readings, strict=True)
    ]
    settled, again = [], []
    for one, read in zip(chosen, filled, strict=False):
        mine = [parts[index] for index in one.fragments]
        alone = unlike(read, filled[len(chosen) :])
        again.append(partial(_settle, alone, one.registration.table))
        settled.append(again[-1](()))
        table = settled[-1][0]
        findings += left_over(table.table, one.registration.left_over, table.pages[0])
        findings += figures_left_over(table.table, unplaced(one, parts), table.pages[0])
        findings += doubtful_edition(one.registration, table.pages[0])
        for number, part in enumerate(mine) if debug else ():
            debug.figures(part, number, table)  # type: ignore[union-attr]
    findings += doubles
    tables, said = weigh_prose(settled, again, sights, readers.labels, prose)
    findings += said
    findings += poor_pages(sights, tables)
    fragments = [(parts[i].page, parts[i].fragment) for i in strangers]
    findings += unknown_fragments(fragments, templates)
    lines = [(sight.page, line) for sight in sights for line in sight.lines]
    agency, year = title([line for sight in sights[:TITLED] for line in sight.lines])
    found = [table.table for table in tables]
    whole = agency is not None or len(found) > 1
    findings += missing_tables(lines, found, templates, whole=whole)
    if not tables and sights:
        findings.append(_nothing(sights))
    report = Report(document.source, agency, year, tuple(tables), tuple(findings), not tables)
    if document.flow is None:
        return report
    return with_words(report, document.flow, document.wanted, templates)


def see(document: Document, templates: Sequence[Template], readers: Readers) -> tuple[Sight, ...]:
    """Look at the pages of a document as ``recover`` does, without reading their figures."""
    return tuple(see_all(document, readers, templates, None, None)[0])


def _settle(
    read: ReadTable, form: TableTemplate, hints: Sequence[Hint]
) -> tuple[Table, tuple[Finding, ...]]:
    return settle(read, form, hints=hints)


def _one_of_each(
    stitched: Sequence[Stitched], parts: Sequence[Part]
) -> tuple[list[Stitched], list[Finding]]:
    """Keep the fullest table of each kind, in the form's order; name the others."""
    best: dict[str, Stitched] = {}
    for one in stitched:
        kind = one.registration.table.id
        if kind not in best or _fullness(one) > _fullness(best[kind]):
            best[kind] = one
    findings = [
        Finding(
            "second-table",
            Message(
                f"又一张 {one.registration.table.id} 表，未采用；请核对文件是否合并了多份报告",
                f"another table {one.registration.table.id} was found and left out; "
                "check whether the file holds more than one report",
            ),
            table=one.registration.table.id,
            page=parts[one.fragments[0]].page,
            wants_person=True,
        )
        for one in stitched
        if best[one.registration.table.id] is not one
    ]
    return sorted(best.values(), key=lambda one: one.registration.table.id), findings


def _fullness(one: Stitched) -> tuple[int, float]:
    return len(one.registration.places), one.registration.score


def _readings(
    chosen: Sequence[Stitched], parts: Sequence[Part], readers: Readers
) -> list[dict[Address, Reading]]:
    """Read the figures of all registered tables in their pixels, by their address.

    Those of parts that hold their own words are left out.
    """
    seen = [
        {
            place.address: (part, place.polygon)
            for place in one.registration.places
            if not isinstance(part := parts[one.fragments[place.fragment]], TypedPart)
        }
        for one in chosen
    ]
    read = iter(read_cells([cell for cells in seen for cell in cells.values()], readers.figures))
    return [{address: next(read) for address in cells} for cells in seen]


def _filled(one: Stitched, parts: Sequence[Part], readings: Mapping[Address, Reading]) -> ReadTable:
    """Fill a registered table in; the template's other cells stay without reading."""
    places = {place.address: place for place in one.registration.places}
    on: dict[int, dict[Address, Polygon]] = {}
    for one_place in places.values():
        on.setdefault(one_place.fragment, {})[one_place.address] = one_place.polygon
    strays = {n: strays_of(parts[n].fragment, mine.values()) for n, mine in on.items()}
    seen = {n: mine for n, mine in on.items() if not isinstance(parts[n], TypedPart)}
    twins = {n: doubled(parts[n], mine.values()) for n, mine in seen.items()}
    elsewhere = {
        address for n, mine in seen.items() for address in in_other_cells(parts[n], mine, readings)
    }
    cells: list[ReadCell] = []
    unframed: set[Address] = set()
    exposed = beside_gap(one.registration.table, places)
    for figure in one.registration.table.figures:
        if figure.address is None or figure.type is None:
            continue
        place = places.get(figure.address)
        if place is None:
            cells.append(ReadCell(figure.address, figure.type, None, 0, None, reliable=False))
            continue
        part = parts[place.fragment]
        if isinstance(part, TypedPart):
            reading, single = part.says(place.polygon)
            sure = place.reliable and single
        else:
            reading = readings[figure.address]
            stray = strays[place.fragment]
            sure = place.reliable and not misplaced(part, place.polygon, reading, stray)
            sure = sure and figure.address not in elsewhere
            sure = sure and not beside(place.polygon, twins[place.fragment])
            if sure and figure.address in exposed:
                sure = not swallowed(part, place.polygon)
            if not part.framed(place.polygon):
                unframed.add(figure.address)
        polygon = part.on_page(place.polygon) if part.placed else None
        cells.append(ReadCell(figure.address, figure.type, reading, part.page, polygon, sure))
    if not any(isinstance(part, TypedPart) for part in parts):
        doubted = beside_doubt(cells, one.registration.table, unframed)
        form = one.registration.table
        if one_column_off(cells, form) or one_row_off(cells, form):
            doubted = frozenset(places)
        cells = [replace(c, reliable=c.reliable and c.address not in doubted) for c in cells]
    other = contested(one.registration)
    cells = [replace(c, reliable=c.reliable and c.address not in other) for c in cells]
    pages = tuple(sorted({part.page for part in parts}))
    return ReadTable(one.registration.table.id, one.registration.template.id, pages, tuple(cells))


def _nothing(sights: Sequence[Sight]) -> Finding:
    legible = max((sight.legible for sight in sights), default=0.0)
    if legible < 0.5:
        why = Message("页面上读不出文字", "no text could be read on its pages")
    elif not any(sight.parts for sight in sights):
        why = Message("页面上没有找到表格线", "no ruled table was found on its pages")
    else:
        why = Message("找到的表格与已知表样不符", "the tables found on it fit no known form")
    return Finding(
        "unknown-form",
        Message(
            f"未识别出任何已知表格：{why.zh}；请确认是政府信息公开工作年度报告，"
            "或用 --template 提供表样",
            f"no known form was recognised: {why.en}; check that it is such a report, "
            "or give its form with --template",
        ),
        wants_person=True,
    )
