"""The tables of the journal. Rows are only ever added; what holds now is the latest of them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = "2"
"""Raised when the tables change their meaning; a journal of another version is refused."""

_SERIAL = BigInteger().with_variant(Integer, "sqlite")
_DIGEST = String(64)

_HEAP = False
"""SQLite keeps these rows in the order of their key, once, and not in a second tree beside it."""

METADATA = MetaData()

ABOUT = Table(
    "about",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("text", Text, nullable=False),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("sha256", _DIGEST, primary_key=True),
    Column("size", BigInteger, nullable=False),
)
"""What was given, by content: a renamed copy is the same document."""

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", _DIGEST, ForeignKey("documents.sha256"), nullable=False),
    Column("place", Text, nullable=False),
    Column("agency", Text),
    Column("year", Integer),
    Index("sightings_of", "sha256"),
)
"""The paths a document came by, in the order they came; what a list said of it."""

REFUSALS = Table(
    "refusals",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("place", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    UniqueConstraint("place", "code"),
)
"""Inputs whose bytes could not be had at all: missing, forbidden, a hostile archive."""

SETTINGS = Table(
    "settings",
    METADATA,
    Column("key", _DIGEST, primary_key=True),
    Column("json", Text, nullable=False),
)
"""Whatever a result depends on besides the document: options, versions, weights, templates."""

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", _DIGEST, ForeignKey("documents.sha256"), nullable=False),
    Column("settings", _DIGEST, ForeignKey("settings.key"), nullable=False),
    Column("ended", String(32), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("trace", Text),
    Index("attempts_of", "sha256"),
)
"""Every time a worker was given a document, and how that ended: "read" or a fault's code."""

RESULTS = Table(
    "results",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", _DIGEST, ForeignKey("documents.sha256"), nullable=False),
    Column("settings", _DIGEST, ForeignKey("settings.key"), nullable=False),
    Column("attempt", _SERIAL, ForeignKey("attempts.id"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("agency", Text),
    Column("year", Integer),
    Column("repaired", Integer, nullable=False),
    Column("review", Integer, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Index("results_of", "sha256", "id"),
)
"""Reports in the shape "gouji/1", deflated; the one with the highest id is a document's result."""

CELLS = Table(
    "cells",
    METADATA,
    Column("result", _SERIAL, ForeignKey("results.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("table", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("column", Text, nullable=False),
    Column("printed", Text, nullable=False),
    Column("value", Text),
    Column("status", String(12), nullable=False),
    Column("needs_review", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("page", Integer),
    sqlite_with_rowid=_HEAP,
)
"""The figures of a result, in its order, for queries."""

CHECKS = Table(
    "checks",
    METADATA,
    Column("result", _SERIAL, ForeignKey("results.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("table", Text, nullable=False),
    Column("equation", Text, nullable=False),
    Column("holds", Boolean),
    Column("expected", Text),
    Column("found", Text),
    sqlite_with_rowid=_HEAP,
)
"""The verdicts on a result's equations."""

FINDINGS = Table(
    "findings",
    METADATA,
    Column("result", _SERIAL, ForeignKey("results.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("table", Text),
    Column("page", Integer),
    Column("wants_person", Boolean, nullable=False),
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    sqlite_with_rowid=_HEAP,
)
"""What a person should know about a result."""

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", _DIGEST, ForeignKey("documents.sha256"), nullable=False),
    Column("table", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("column", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("answer", String(12), nullable=False),
    Column("value", Text),
    Column("person", Text, nullable=False),
    Column("decided", String(32), nullable=False),
    Column("undoes", _SERIAL, ForeignKey("decisions.id")),
    Column("result", _SERIAL, ForeignKey("results.id")),
    Column("page", Integer),
    Column("shown", Text, nullable=False),
    UniqueConstraint("sha256", "table", "row", "column", "turn"),
)
"""What people decided about figures, and what they were shown: the result and what it said.

The turns of a figure count from 1, so that of two who decide at once the second is told. An
answer "undo" takes back the decision it names.
"""

SETTLEMENTS = Table(
    "settlements",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", _DIGEST, ForeignKey("documents.sha256"), nullable=False),
    Column("result", _SERIAL, ForeignKey("results.id"), nullable=False),
    Column("decision", _SERIAL, ForeignKey("decisions.id"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("repaired", Integer, nullable=False),
    Column("review", Integer, nullable=False),
    Index("settlements_of", "sha256", "id"),
)
"""How a document stands with a result and the decisions up to one; it follows from both."""

KEYINGS = Table(
    "keyings",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("first", _SERIAL, ForeignKey("decisions.id"), nullable=False),
    Column("answer", String(12), nullable=False),
    Column("value", Text),
    Column("person", Text, nullable=False),
    Column("keyed", String(32), nullable=False),
    Column("agrees", Boolean, nullable=False),
    Index("keyings_of", "first"),
)
"""Second answers, entered without seeing the decision they are held against; they decide nothing.

Journals of before lack the table; the review screen adds it.
"""
