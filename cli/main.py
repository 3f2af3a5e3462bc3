"""The command ``gouji``. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads it from the annotations
from typing import Annotated

import typer

from cli import many, single
from cli.options import IN_EARNEST, LanguageOption
from cli.speech import chosen, here

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


single.add_commands(app)
many.add_commands(app)


@app.command(help=here("检查安装是否完整", "Say what is installed, and what is missing."))
def doctor(*, lang: LanguageOption = None) -> None:
    """Say what is installed, and what is missing."""
    from cli.doctor import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(chosen(lang)))


@app.command(help=here("列出各部分的许可证", "List under which licence everything stands."))
def licences(
    *, as_json: Annotated[bool, typer.Option("--json", help=here("输出 JSON", "as JSON"))] = False
) -> None:
    """List under which licence everything stands that Gouji is made of."""
    from cli.licences import run  # noqa: PLC0415 - start fast

    raise typer.Exit(run(as_json=as_json))


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
    app(obj=IN_EARNEST)


if __name__ == "__main__":
    main()
