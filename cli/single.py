"""The commands of single documents, as the command line names them: read one, and show it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.options import IN_EARNEST, LanguageOption, LimitOption, TemplateOption
from cli.speech import chosen, here
from document.errors import InputError
from document.message import Message


def add_commands(app: typer.Typer) -> None:
    """Add the commands of single documents to the door."""
    app.command(help=here("读取扫描件，写出结果", "Read scans and write the results."))(read)
    app.command(help=here("在终端里显示结果文件中的表格", "Print the tables of a result file."))(
        show
    )
    app.command(
        help=here(
            "核对录入的表格（文本、CSV、XLSX、结果文件）是否勾稽，并指出最可能的错误；"
            "全部成立才返回 0",
            "Check whether tables that somebody typed (text, CSV, XLSX, result files) add up, and "
            "name the likeliest mistake; exits with 0 only if all equations hold.",
        )
    )(check)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    *,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """Check tables that somebody typed."""
    from cli.check import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(tuple(files), tuple(template or ()), chosen(lang)))


def read(  # noqa: PLR0913 - an option is an argument
    context: typer.Context,
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help=here(
                "PDF、PNG、JPEG、TIFF、文本等文件；- 为标准输入",
                "PDF, PNG, JPEG, TIFF, text … files; - is standard input",
            ),
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help=here("结果文件夹", "result folder")),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=here(
                "把这些页重读进此批的结果，其余各页与人工决定不变",
                "read the pages again into this batch's result; other pages and what people "
                "decided stay",
            ),
        ),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(metavar="1-3,5", help=here("只读这些页", "read only these pages")),
    ] = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="json,xlsx,csv,html,md,pdf",
            help=here(
                "结果格式，逗号分隔；json 总会写出",
                "result formats, with commas; json is always written",
            ),
        ),
    ] = "json",
    debug: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=here("把每一步所见画在页面上，存入此文件夹", "draw what every stage saw, here"),
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help=here("有待核对的数字时返回 3", "exit with 3 if in doubt")),
    ] = False,
    dpi: Annotated[
        int | None,
        typer.Option(
            min=72,
            max=1200,
            help=here(
                "以此分辨率渲染 PDF 页面（默认用扫描件自身的分辨率）",
                "render PDF pages at this resolution (default: the scan's own)",
            ),
        ),
    ] = None,
    rotate: Annotated[
        Literal["0", "90", "180", "270"] | None,
        typer.Option(
            help=here(
                "把页面顺时针转这么多度再读（默认：自动判断）",
                "turn pages clockwise by so many degrees first (default: found out)",
            ),
        ),
    ] = None,
    engine: Annotated[
        Literal["both", "paddle", "own"],
        typer.Option(
            help=here(
                "由谁读数字：两者、只用 PP-OCRv6、只用自带网络（只用其一则不会确信）",
                "who reads figures: both, PP-OCRv6 alone, our own network alone (one alone is "
                "never sure)",
            ),
        ),
    ] = "both",
    template: TemplateOption = None,
    prose: Annotated[
        Literal["auto", "always", "never"],
        typer.Option(
            help=here(
                "是否读正文并与表格核对；auto：有数字存疑时才读",
                "read the prose and hold it against the tables; auto: where a figure is in doubt",
            ),
        ),
    ] = "auto",
    memory_limit: Annotated[
        int,
        typer.Option(min=2048, metavar="MIB", help=here("内存上限", "memory that may be taken")),
    ] = 6144,
    time_limit: Annotated[
        float,
        typer.Option(
            min=1,
            metavar="SECONDS",
            help=here("每个文件的时间上限", "time that a document may take"),
        ),
    ] = 600,
    limit: LimitOption = None,
    lang: LanguageOption = None,
) -> None:
    """Read scans and write the results."""
    if (output is None) == (into is None):
        both = Message("请给出 -o 或 --into，二者取一", "give either -o or --into")
        print(both.say(chosen(lang)), file=sys.stderr)  # noqa: T201
        raise typer.Exit(2)
    try:
        if into is not None:
            from cli import again  # noqa: PLC0415 - it loads what a batch's journal needs
        from cli.read import Options, run  # noqa: PLC0415 - start fast
        from pipeline.allowance import parse_limits  # noqa: PLC0415
        from pipeline.intake import Handling  # noqa: PLC0415
    except ImportError as error:
        said = Message(
            f"安装不完整（{error}）：请运行 gouji doctor",
            f"the installation is not complete ({error}): run gouji doctor",
        )
        print(said.say(chosen(lang)), file=sys.stderr)  # noqa: T201
        raise typer.Exit(1) from error
    try:
        allowance, _ = parse_limits(limit or ())
    except InputError as error:
        print(error.message.say(chosen(lang)), file=sys.stderr)  # noqa: T201
        raise typer.Exit(2) from error
    handling = Handling(dpi, None if rotate is None else int(rotate) // 90, allowance)
    if into is not None:
        wish = again.Options(
            tuple(inputs), into, pages, handling, engine, tuple(template or ()), chosen(lang)
        )
        raise typer.Exit(again.run(wish, strict=strict))
    options = Options(
        inputs=tuple(inputs),
        output=output or Path(),
        pages=pages,
        formats=formats,
        debug=debug,
        strict=strict,
        handling=handling,
        templates=tuple(template or ()),
        language=chosen(lang),
        prose=prose,
        engine=engine,
        memory_limit=memory_limit if context.obj == IN_EARNEST else None,
        time_limit=time_limit if context.obj == IN_EARNEST else None,
    )
    raise typer.Exit(run(options))


def show(
    file: Annotated[Path, typer.Argument(metavar="FILE.json")],
    *,
    template: TemplateOption = None,
    lang: LanguageOption = None,
) -> None:
    """Print the tables of a result file."""
    from cli.show import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(file, tuple(template or ()), chosen(lang)))
