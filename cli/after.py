"""``gouji status``, ``gouji export`` and ``gouji findings``: what became of a batch."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from cli.speech import plain
from document.errors import GoujiError, TemplateError
from document.message import Language, Message
from pipeline.export_run import export as write_files
from pipeline.export_sheets import write_sheets
from pipeline.findings_pages import write_findings
from pipeline.journal import old_journal
from pipeline.journal_queries import (
    filed,
    refusals,
    report_of,
    seconds_by_settings,
    troubles,
)
from pipeline.run_findings import KINDS, RunFinding, run_findings
from pipeline.run_reports import settle_run
from pipeline.run_templates import templates_of
from pipeline.words import REPORT_STATUS
from pipeline.writing import prepare_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from document.template import Template
    from document.word import Transcript
    from pipeline.export_run import Form
    from pipeline.export_sheets import SheetForm
    from pipeline.intake import Document
    from pipeline.journal_queries import Filed

DONE, FAILED, WRONG_CALL = 0, 1, 2


def status(run: Path, language: Language, *, as_json: bool) -> int:
    """Say how far a batch is; returns the exit code."""
    try:
        engine = old_journal(run)
        settle_run(engine, templates_of((), engine))
        facts = _status(engine, language)
    except GoujiError as error:
        return _complain(error, language)
    if as_json:
        _print(json.dumps(facts, ensure_ascii=False, indent=2))
        return DONE
    counts = ", ".join(
        f"{said.say(language)} {facts[status]}" for status, said in REPORT_STATUS.items()
    )
    said = Message(
        f"文件 {facts['documents']}（重复 {facts['copies']}），未读 {facts['unread']}；{counts}；"
        f"无法打开 {len(facts['refusals'])}",
        f"{facts['documents']} documents ({facts['copies']} copies), {facts['unread']} unread; "
        f"{counts}; {len(facts['refusals'])} inputs refused",
    )
    _print(plain(said.say(language)))
    for one in facts["settings"]:
        pace, with_ = one["seconds"] / one["results"], one["settings"]
        what = f"gouji {with_['gouji']}, prose {with_['prose']}, dpi {with_['dpi'] or 'auto'}"
        said = Message(
            f"  {one['results']} 个结果，平均 {pace:.1f} 秒：{what}",
            f"  {one['results']} results, {pace:.1f} s each: {what}",
        )
        _print(plain(said.say(language)))
    for one in (*facts["failures"], *facts["refusals"]):
        _print(plain(f"  ✗ {one['file']}: {one['message']}  [{one['code']}]"))
    return DONE


def export(
    run: Path,
    form: Form | SheetForm | Literal["pdf"],
    output: Path | None,
    template_files: tuple[Path, ...],
    language: Language,
) -> int:
    """Write a batch's figures as files; returns the exit code."""
    try:
        engine = old_journal(run)
        templates = templates_of(template_files, engine)
        settle_run(engine, templates)
        folder = output or run / "export"
        match form:
            case "pdf":
                prepare_folder(folder)
                return _searchable(engine, run, folder, templates, language)
            case "html" | "md":
                prepare_folder(folder)
                paths = write_sheets(engine, run, folder, form, templates, language)
            case _:
                paths = write_files(engine, folder, form, templates, language)
    except GoujiError as error:
        return _complain(error, language)
    for path in paths:
        _print(plain(str(path)))
    return DONE


def _searchable(
    engine: Engine, run: Path, folder: Path, templates: Sequence[Template], language: Language
) -> int:
    """Write searchable PDFs, naming each as it is written; returns 1 where one could not be."""
    from pipeline.export_scans import write_searchable  # noqa: PLC0415 - reads pages, imports cv2
    from pipeline.recover import load_readers, see  # noqa: PLC0415
    from pipeline.transcript import transcribe  # noqa: PLC0415

    readers = load_readers()

    def transcribed(document: Document) -> Transcript:
        return transcribe(see(document, templates, readers), readers.labels)

    code = DONE
    for one in write_searchable(engine, run, folder, templates, transcribed):
        if one.file is not None:
            _print(plain(str(one.file)))
        elif one.why is not None:
            code = FAILED if one.failed else code
            print(plain(f"✗ {one.name}: {one.why.say(language)}"), file=sys.stderr)  # noqa: T201
    return code


def findings(
    run: Path,
    template_files: tuple[Path, ...],
    output: Path | None,
    language: Language,
    *,
    as_json: bool,
) -> int:
    """List what is wrong in a batch, with pictures if a folder is given; returns the exit code."""
    page, pictures = None, None
    try:
        engine = old_journal(run)
        templates = templates_of(template_files, engine)
        settle_run(engine, templates)
        found = run_findings(engine, templates)
        if output is not None:
            page, pictures = write_findings(engine, run, found, output, language)
    except GoujiError as error:
        return _complain(error, language)
    if as_json:
        listed = [asdict(one) | {"message": one.message.say(language)} for one in found]
        for content, names in zip(listed, pictures or (), strict=False):
            content["crops"] = names
        whole = {"schema": "gouji-findings/1", "findings": listed}
        _print(json.dumps(whole, ensure_ascii=False, indent=2))
        return DONE
    for kind, group in groupby(found, key=lambda one: one.kind):
        together = tuple(group)
        _print(f"{KINDS[kind].say(language)}: {len(together)}")
        for one in together:
            _print(plain(_line(one, language)))
    if not found:
        _print(Message("没有发现问题", "nothing found").say(language))
    if page is not None:
        _print(plain(str(page)))
    return DONE


def _status(engine: Engine, language: Language) -> dict[str, Any]:
    """Return the answer of ``status --json``."""
    documents, tried = filed(engine), troubles(engine)
    counts = Counter(one.status or "unread" for one in documents)
    return {
        "schema": "gouji-status/1",
        "documents": len(documents),
        "copies": sum(len(one.places) - 1 for one in documents),
        "unread": counts["unread"],
        **{status: counts[status] for status in REPORT_STATUS},
        "cells_repaired": sum(one.repaired for one in documents),
        "cells_to_review": sum(one.review for one in documents),
        "settings": [
            {"results": results, "seconds": round(seconds, 3), "settings": _brief(text)}
            for _, text, results, seconds in seconds_by_settings(engine)
        ],
        "failures": [
            _failure(engine, one, language) for one in documents if one.status == "failed"
        ],
        "refusals": [
            {"file": one.place, "code": one.code, "message": one.message.say(language)}
            for one in refusals(engine)
        ],
        "troubles": [asdict(one) for one in tried],
    }


def _brief(settings: str) -> dict[str, Any]:
    """Return settings without the text of forms, whose sha256 they hold as well."""
    held: dict[str, Any] = json.loads(settings)
    held.pop("forms", None)
    return held


def _failure(engine: Engine, document: Filed, language: Language) -> dict[str, str]:
    report = report_of(engine, document)
    reasons = report.findings if report else ()
    return {
        "file": document.path,
        "sha256": document.sha256,
        "code": reasons[0].code if reasons else "",
        "message": reasons[0].message.say(language) if reasons else "",
    }


def _line(one: RunFinding, language: Language) -> str:
    who = " ".join(str(part) for part in (one.agency, one.year, one.table) if part is not None)
    line = f"  {who or one.file}: {one.message.say(language)}"
    if one.difference is not None:
        line += Message(f"（差额 {one.difference}）", f" (difference {one.difference})").say(
            language
        )
    if one.page is not None:
        line += Message(f"，第 {one.page} 页", f", page {one.page}").say(language)
    return f"{line}  [{one.code}]" + (f"  {one.file}" if who else "")


def _complain(error: GoujiError, language: Language) -> int:
    for line in error.message.say(language).splitlines():
        print(plain(line), file=sys.stderr)  # noqa: T201
    return WRONG_CALL if isinstance(error, TemplateError) else FAILED


def _print(text: str) -> None:
    print(text.encode("utf-8", "replace").decode("utf-8"))  # noqa: T201 - the command's answer
