"""The commands of a batch, as the command line names them: what to do with what came of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.batch_options import batch
from cli.options import LanguageOption, TemplateOption  # noqa: TC001 - typer reads them
from cli.speech import chosen, here
from document.message import Language, Message

RunArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help=here("批处理的文件夹", "the folder of a batch"))
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of a batch to the door."""
    for command, words in (
        (batch, here("读取成批文件，可随时中断、继续", "Read thousands of files; stop and go on.")),
        (status, here("批处理进行到哪里", "Say how far a batch is.")),
        (export, here("导出一批的全部数字", "Export all figures of a batch.")),
        (findings, here("列出一批中的问题", "List what is wrong in a batch.")),
        (diff, here("两批结果有何不同", "Show what changed between two batches.")),
        (backup, here("备份一批的记录，可在运行中进行", "Copy a batch's journal, even in use.")),
        (rescue, here("抢救损坏的记录", "Get out of a damaged journal what can be had.")),
        (review, here("打开核对界面，由人决定存疑的数", "Let people decide what is in doubt.")),
        (reviewer, here("添加核对界面的账户", "Add an account for the review screen.")),
    ):
        app.command(help=words)(command)


def status(
    run: RunArgument,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help=here("以 JSON 输出", "answer in JSON"))
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Say how far a batch is, what failed, and with which settings it was read."""
    from cli.after import status as go  # noqa: PLC0415 - start fast

    raise typer.Exit(go(run, chosen(lang), as_json=as_json))


def export(
    run: RunArgument,
    *,
    to: Annotated[
        Literal["xlsx", "csv", "json", "parquet", "html", "md", "pdf"],
        typer.Option("--to", help=here("格式", "format")),
    ] = "xlsx",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help=here("写入此文件夹（默认：DIR/export）", "write here (default: DIR/export)"),
        ),
    ] = None,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """Export all figures of a batch: a row a figure, and a row a report."""
    from cli.after import export as go  # noqa: PLC0415 - start fast

    raise typer.Exit(go(run, to, output, tuple(template or ()), chosen(lang)))


def findings(
    run: RunArgument,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help=here("以 JSON 输出", "answer in JSON"))
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help=here(
                "另写网页 DIR/findings.html，附所涉数字的截图",
                "also write a page, DIR/findings.html, with pictures of the figures in question",
            ),
        ),
    ] = None,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """List sums that do not add up, breaks across years, missing tables, copies, failures."""
    from cli.after import findings as go  # noqa: PLC0415 - start fast

    raise typer.Exit(go(run, tuple(template or ()), output, chosen(lang), as_json=as_json))


def diff(
    first: Annotated[
        Path, typer.Argument(metavar="DIR1", help=here("前一批的文件夹", "a batch's folder"))
    ],
    second: Annotated[
        Path, typer.Argument(metavar="DIR2", help=here("后一批的文件夹", "another one's"))
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help=here("以 JSON 输出", "answer in JSON"))
    ] = False,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show the documents, tables and figures that differ; exits with 1 if any do."""
    from cli.difference import run as go  # noqa: PLC0415 - start fast

    raise typer.Exit(go(first, second, tuple(template or ()), chosen(lang), as_json=as_json))


def backup(
    run: RunArgument,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=here("备份文件", "the copy"))
    ],
    lang: LanguageOption = None,
) -> None:
    """Copy a batch's journal, with all that people decided, as it stands at one moment."""
    from cli.keeping import run_backup  # noqa: PLC0415 - start fast

    raise typer.Exit(run_backup(run, output, chosen(lang)))


def rescue(
    run: RunArgument,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help=here("新文件夹", "a new folder"))
    ],
    lang: LanguageOption = None,
) -> None:
    """Get out of a damaged journal whatever can still be read, into a new folder."""
    from cli.keeping import run_rescue  # noqa: PLC0415 - start fast

    raise typer.Exit(run_rescue(run, output, chosen(lang)))


def review(  # noqa: PLR0913 - an option is an argument
    run: RunArgument,
    *,
    host: Annotated[
        str, typer.Option(help=here("监听地址", "the address to listen at"))
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
    behind: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=here("TLS 代理对外的名称", "the name of the TLS proxy that leads here"),
        ),
    ] = None,
    second_keying: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help=here(
                "这一比例的决定由他人盲录复核", "have this share of answers keyed again, blind"
            ),
        ),
    ] = 0.0,
    accounts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=here(
                "账户文件（见 gouji reviewer）；监听其他机器时必须有它或 GOUJI_REVIEW_TOKEN",
                "a file of accounts (see gouji reviewer); beyond this machine it or "
                "GOUJI_REVIEW_TOKEN is needed",
            ),
        ),
    ] = None,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """Serve the screen on which people decide what is in doubt."""
    language = chosen(lang)
    try:
        from cli.review import Options  # noqa: PLC0415 - start fast
        from cli.review import run as go  # noqa: PLC0415
    except ImportError as error:
        raise typer.Exit(_not_installed(error, language)) from error
    files = tuple(template or ())
    raise typer.Exit(go(Options(run, host, port, behind, second_keying, accounts, files, language)))


def reviewer(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    accounts: Annotated[
        Path, typer.Option(metavar="FILE", help=here("账户文件", "the file of accounts"))
    ],
    lang: LanguageOption = None,
) -> None:
    """Add an account, or change its password, which is asked for or read from standard input."""
    language = chosen(lang)
    try:
        from cli.review import account  # noqa: PLC0415 - start fast
    except ImportError as error:
        raise typer.Exit(_not_installed(error, language)) from error
    raise typer.Exit(account(accounts, name, language))


def _not_installed(error: ImportError, language: Language) -> int:
    said = Message(
        f"没有安装核对界面（{error}）：pip install 'gouji[review]'",
        f"the review screen is not installed ({error}): pip install 'gouji[review]'",
    )
    print(said.say(language), file=sys.stderr)  # noqa: T201
    return 1
