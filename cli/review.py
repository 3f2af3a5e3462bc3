"""``gouji review`` and ``gouji reviewer``: the screen where people decide, and who may use it."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.speech import plain
from document.errors import GoujiError, TemplateError
from document.message import Language, Message
from pipeline.journal import old_journal
from pipeline.run_templates import templates_of
from review.access import Access, add_account, read_accounts, token_of

if TYPE_CHECKING:
    from pathlib import Path

    from document.template import Template
    from review.settlers import Settlers

DONE, FAILED, WRONG_CALL = 0, 1, 2
TOKEN = "GOUJI_REVIEW_TOKEN"  # noqa: S105 - the name of a variable, not a secret


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of ``gouji review``."""

    run: Path
    host: str
    port: int
    behind: str | None
    share: float
    accounts: Path | None
    template_files: tuple[Path, ...]
    language: Language


def run(options: Options) -> int:
    """Serve the review screen until it is stopped; returns the exit code."""
    from review.settlers import Settlers  # noqa: PLC0415 - accounts need no server

    try:
        accounts = read_accounts(options.accounts) if options.accounts else {}
        access = Access(accounts, token_of(os.environ.pop(TOKEN, None)))
        engine = old_journal(options.run)
        templates = templates_of(options.template_files, engine)
        engine.dispose()
    except GoujiError as error:
        return _complain(error, options.language)
    settle = Settlers(options.run, templates)  # they load while this process does
    try:
        return _serve(options, access, templates, settle)
    except GoujiError as error:
        return _complain(error, options.language)
    finally:
        settle.end()


def _serve(
    options: Options, access: Access, templates: tuple[Template, ...], settle: Settlers
) -> int:
    from review.serve import Door, application, serve  # noqa: PLC0415 - accounts need no server

    door = Door(
        options.host, options.port, access, options.behind, options.share, options.template_files
    )
    app = application(options.run, templates, door, settle, settle.count)
    settle.wait()
    shown = f"[{door.host}]" if ":" in door.host else door.host
    said = Message(
        f"核对界面：http://{shown}:{door.port}/  按 Ctrl-C 停止",
        f"review screen: http://{shown}:{door.port}/  Ctrl-C stops it",
    )
    print(said.say(options.language), flush=True)  # noqa: T201 - the command's answer
    return DONE if serve(app, door) else FAILED


def account(path: Path, name: str, language: Language) -> int:
    """Ask for a password and keep its hash in a file of accounts; returns the exit code."""
    said = Message(f"{name} 的口令：", f"password of {name}: ")
    if sys.stdin.isatty():
        password = getpass.getpass(said.say(language))
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        add_account(path, name, password)
    except GoujiError as error:
        return _complain(error, language)
    return DONE


def _complain(error: GoujiError, language: Language) -> int:
    print(plain(error.message.say(language)), file=sys.stderr)  # noqa: T201
    return WRONG_CALL if isinstance(error, TemplateError) else FAILED
