"""A run as Parquet: figures are exact decimals, and memory holds a part of the rows only."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from document.errors import OutputError
from pipeline.decisions import all_holding
from pipeline.faults import cause, sentence
from pipeline.journal import guarded
from pipeline.journal_queries import latest
from pipeline.journal_schema import CELLS
from pipeline.panel import PANEL, WIDE, panel, wide, wide_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from document.template import Template
    from pipeline.panel import Field

DIGITS, DECIMALS = 38, 6
"""Of figures: what 128 bits hold; so many of them after the point, more where a figure has more."""

_ROWS_AT_ONCE = 50_000
_REPORTS_AT_ONCE = 1_000
_WHOLE = frozenset({"year", "page", "pages", "repaired", "to_review"})


def to_panel(engine: Engine, templates: Sequence[Template]) -> Iterator[bytes]:
    """Yield the parts of a Parquet file with a row a figure. Raises OutputError."""
    pa = arrow()
    kinds = {"value": pa.decimal128(DIGITS, _decimals(engine)), "confidence": pa.float64()}
    kinds["needs_review"] = pa.bool_()
    schema = pa.schema([(name, kinds.get(name, _kind(pa, name))) for name in PANEL])
    yield from _parts(schema, panel(engine, templates), _ROWS_AT_ONCE)


def to_reports(engine: Engine, templates: Sequence[Template]) -> Iterator[bytes]:
    """Yield the parts of a Parquet file with a row a report. Raises OutputError."""
    pa = arrow()
    keys = wide_keys(engine, templates)
    figure = pa.decimal128(DIGITS, _decimals(engine))
    facts = [(name, _kind(pa, name)) for name in WIDE]
    schema = pa.schema([*facts, *((".".join(key), figure) for key in keys)])
    rows = (
        (*row.facts, *(row.cells[key].value if key in row.cells else None for key in keys))
        for row in wide(engine, templates)
    )
    yield from _parts(schema, rows, _REPORTS_AT_ONCE)


def arrow() -> Any:
    """Return pyarrow. Raises OutputError where it is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - 170 MB that few need
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise OutputError("no-parquet", sentence("no-parquet")) from error
    return pa


def _kind(pa: Any, name: str) -> Any:
    return pa.int32() if name in _WHOLE else pa.string()


def _decimals(engine: Engine) -> int:
    """Return how many digits after the point the figures of a run need."""
    newest = latest()
    wanted = (
        select(CELLS.c.value)
        .join(newest, newest.c.id == CELLS.c.result)
        .where(CELLS.c.value.like("%.%"))
        .distinct()
    )
    with guarded(), engine.connect() as connection:
        texts = [str(row[0]) for row in connection.execute(wanted)]
    decided = (one.value for said in all_holding(engine).values() for one in said)
    texts += [format(value, "f") for value in decided if value is not None]
    return max([DECIMALS, *(len(text.partition(".")[2]) for text in texts)])


def _parts(schema: Any, rows: Iterable[Sequence[Field]], at_once: int) -> Iterator[bytes]:
    pa = arrow()
    sink = _Sink()
    numbered = iter(rows)
    try:
        with pa.parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as to:
            while batch := list(islice(numbered, at_once)):
                columns = [
                    pa.array([_storable(value) for value in column], type=field.type)
                    for column, field in zip(zip(*batch, strict=True), schema, strict=True)
                ]
                to.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
                yield sink.taken()
    except pa.ArrowInvalid as error:
        raise OutputError("unfit-figure", sentence("unfit-figure", cause=cause(error))) from error
    yield sink.taken()


def _storable(value: Field) -> Field:
    """Replace what is no UTF-8: names of files may hold such bytes."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


class _Sink(io.RawIOBase):
    """A file that forgets what was taken from it, and still knows its place."""

    def __init__(self) -> None:
        super().__init__()
        self._held, self._gone = io.BytesIO(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return self._held.write(bytes(content))

    def tell(self) -> int:
        return self._gone + self._held.tell()

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        content = self._held.getvalue()
        self._gone += len(content)
        self._held.seek(0)
        self._held.truncate()
        return content

    def close(self) -> None:
        """Keep what is left: it is taken after the end of the file was written."""
