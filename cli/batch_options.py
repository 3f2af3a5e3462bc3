"""``gouji batch`` as the command line names it: every option, with its words."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it from the annotations
from typing import Annotated, Literal

import typer

from cli.options import LanguageOption, LimitOption, TemplateOption  # noqa: TC001 - typer reads them
from cli.speech import chosen, here


def batch(  # noqa: PLR0913 - an option is an argument
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help=here(
                "文件、文件夹、通配符、zip 压缩包，或列有 path、agency、year 的 CSV",
                "files, folders, patterns, zip archives, or a CSV with path, agency, year",
            ),
        ),
    ],
    *,
    run: Annotated[
        Path,
        typer.Option("--run", metavar="DIR", help=here("此批的文件夹", "the folder of the run")),
    ],
    journal: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help=here(
                "记录存入此数据库：postgresql+psycopg://用户@主机/数据库（默认：DIR 中的 SQLite）",
                "keep the journal in this database: postgresql+psycopg://user@host/database "
                "(default: SQLite in DIR)",
            ),
        ),
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="N|ray",
            help=here(
                "工作进程数；ray：在 Ray 集群上读", "worker processes; ray: read on a Ray cluster"
            ),
        ),
    ] = None,
    ray_address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help=here(
                "Ray 集群的地址，或 auto（默认：只在本机）",
                "where the Ray cluster is, or auto (default: on this machine alone)",
            ),
        ),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(min=1, metavar="SECONDS", help=here("每份文件的时限", "for one document")),
    ] = 600,
    memory_limit: Annotated[
        int,
        typer.Option(min=256, metavar="MIB", help=here("每个进程的内存上限", "for one worker")),
    ] = 6144,
    limit: LimitOption = None,
    retry: Annotated[
        Literal["failed"] | None,
        typer.Option(help=here("重读失败的文件", "read again what failed")),
    ] = None,
    redo: Annotated[
        Literal["changed-settings"] | None,
        typer.Option(
            help=here(
                "重读以其他设置、版本或模板读出的文件",
                "read again what was read with other settings, versions or templates",
            )
        ),
    ] = None,
    dpi: Annotated[
        int | None,
        typer.Option(
            min=72, max=1200, help=here("以此分辨率渲染 PDF 页面", "render PDF pages at this dpi")
        ),
    ] = None,
    template: TemplateOption = None,
    prose: Annotated[
        Literal["auto", "always", "never"],
        typer.Option(help=here("是否读正文并与表格核对", "hold the prose against the tables")),
    ] = "auto",
    log: Annotated[
        Literal["bar", "json"] | None,
        typer.Option(
            help=here(
                "进度条或 JSON 行（默认：终端上为进度条）",
                "a bar or lines of JSON (default: a bar on a terminal)",
            )
        ),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Read thousands of files; stops at any moment and goes on."""
    number = _number(workers)
    if ray_address is not None and workers != "ray":
        wants = here("--ray-address 须与 --workers ray 同用", "--ray-address wants --workers ray")
        raise typer.BadParameter(wants)
    from cli.batch import Options  # noqa: PLC0415 - start fast
    from cli.batch import run as go  # noqa: PLC0415

    options = Options(
        inputs=tuple(inputs),
        run=run,
        workers=number,
        time_limit=time_limit,
        memory_limit=memory_limit,
        limits=tuple(limit or ()),
        retry_failed=retry is not None,
        redo_changed=redo is not None,
        dpi=dpi,
        templates=tuple(template or ()),
        prose=prose,
        log=log,
        language=chosen(lang),
        journal=journal,
        ray_address=(ray_address or "") if workers == "ray" else None,
    )
    raise typer.Exit(go(options))


def _number(workers: str | None) -> int | None:
    """Return the number of workers, None where it is left to Gouji or to a cluster."""
    if workers is None or workers == "ray":
        return None
    if workers.isascii() and workers.isdigit() and 1 <= int(workers) <= 256:
        return int(workers)
    raise typer.BadParameter(
        here("--workers 应为 1 到 256，或 ray", "--workers is 1 to 256, or ray")
    )
