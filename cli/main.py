"""The command ``gouji``. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads it from the annotations
from typing import Annotated, Literal

import typer

from cli import many
from cli.options import LanguageOption  # noqa: TC001 - typer reads it from the annotations
from cli.speech import chosen, here
from document.message import Message

app = typer.Typer(
    name="gouji",
    help=here(
        "勾稽：把扫描的报表变成勾稽平衡的表格；每个数字要么正确，要么明说存疑。",
        "Gouji turns scanned report pages into tables whose every figure is right, "
        "or openly in doubt.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
template_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    template_app,
    name="template",
    help=here("表单模板：检查、画出、起草", "Templates of forms: check, draw, draft them."),
)
app.add_typer(template_app, name="templates", hidden=True)  # as it was called at first


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - start fast

        try:
            print("gouji", version("gouji"))  # noqa: T201 - this is what the option is for
        except PackageNotFoundError:
            print("gouji (not installed)")  # noqa: T201
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=here("版本", "show the version")
        ),
    ] = False,
) -> None:
    """Take the options that come before a command."""
    del version


@app.command(help=here("读取扫描件，写出结果", "Read scans and write the results."))
def read(  # noqa: PLR0913 - an option is an argument
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help=here("PDF、PNG、JPEG、TIFF 等文件", "PDF, PNG, JPEG, TIFF … files"),
        ),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help=here("结果文件夹", "result folder")),
    ],
    pages: Annotated[
        str | None,
        typer.Option(metavar="1-3,5", help=here("只读这些页", "read only these pages")),
    ] = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="json,xlsx,csv",
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
    template: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=here("另加的表单模板", "a further form's template")),
    ] = None,
    prose: Annotated[
        Literal["auto", "always", "never"],
        typer.Option(
            help=here(
                "是否读正文并与表格核对；auto：有数字存疑时才读",
                "read the prose and hold it against the tables; auto: where a figure is in doubt",
            ),
        ),
    ] = "auto",
    lang: LanguageOption = None,
) -> None:
    """Read scans and write the results."""
    try:
        from cli.read import Options, run  # noqa: PLC0415 - start fast
    except ImportError as error:
        said = Message(
            f"安装不完整（{error}）：请运行 gouji doctor",
            f"the installation is not complete ({error}): run gouji doctor",
        )
        print(said.say(chosen(lang)), file=sys.stderr)  # noqa: T201
        raise typer.Exit(1) from error
    options = Options(
        inputs=tuple(inputs),
        output=output,
        pages=pages,
        formats=formats,
        debug=debug,
        strict=strict,
        dpi=dpi,
        templates=tuple(template or ()),
        language=chosen(lang),
        prose=prose,
    )
    raise typer.Exit(run(options))


@app.command(help=here("在终端里显示结果文件中的表格", "Print the tables of a result file."))
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE.json")],
    *,
    template: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=here("另加的表单模板", "a further form's template")),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Print the tables of a result file."""
    from cli.show import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(file, tuple(template or ()), chosen(lang)))


many.add_commands(app)


@app.command(help=here("检查安装是否完整", "Say what is installed, and what is missing."))
def doctor(*, lang: LanguageOption = None) -> None:
    """Say what is installed, and what is missing."""
    from cli.doctor import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(chosen(lang)))


@template_app.command(help=here("检查模板文件，列出全部错误", "Report all faults of templates."))
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    *,
    lang: LanguageOption = None,
) -> None:
    """Report all faults of template files together."""
    from cli.templates import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(tuple(files), chosen(lang)))


@template_app.command(help=here("画出模板的空白表", "Draw the empty form of a template."))
def draw(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=here(
                "写到 .html、.png 或 .pdf（默认：同名 .html）",
                "a .html, .png or .pdf file (default: the same name with .html)",
            ),
        ),
    ] = None,
    font: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=here("图片所用字体", "the font of a picture")),
    ] = None,
    blank: Annotated[
        bool,
        typer.Option("--blank", help=here("不写地址与等式", "leave addresses and equations out")),
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Draw the empty form of a template."""
    from cli.templates import draw as run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(file, output, font, chosen(lang), blank=blank))


@template_app.command(
    help=here(
        "由空白表或填好的表起草模板，供人修改",
        "Draft a template from scans of a form, blank or filled in, for a person to edit.",
    )
)
def new(
    scans: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCAN...",
            help=here("同一种表的扫描件，一份或多份", "scans of one form; more prove more sums"),
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=here("写到此文件（默认：标准输出）", "write it here (default: standard output)"),
        ),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Draft a template from scans of a form."""
    from cli.templates import new as run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(scans, output, chosen(lang)))


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character gets a question mark instead of a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
