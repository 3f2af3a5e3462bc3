"""What can be wrong with a run: its workers, journal, machines, decisions, exports."""

from __future__ import annotations

from document.message import Message

OF_RUNS = {
    "worker-died": Message(
        zh="读取此文件时进程两次异常终止（{cause}）：已搁置；请报告此文件，或重新扫描后再试",
        en="the process reading this file died twice ({cause}): it is set aside; report the file, "
        "or scan it again and retry",
    ),
    "time-limit": Message(
        zh="两次都未能在 {seconds} 秒内读完：已搁置；可加大 --time-limit 后用 --retry failed 重试",
        en="not read within {seconds} seconds, twice: it is set aside; raise --time-limit and run "
        "again with --retry failed",
    ),
    "memory-limit": Message(
        zh="读取时两次超出内存上限（{mib} MiB）：已搁置；可加大 --memory-limit 后用 "
        "--retry failed 重试",
        en="reading it took more than {mib} MiB of memory, twice: it is set aside; raise "
        "--memory-limit and run again with --retry failed",
    ),
    "nonsense": Message(
        zh="读取结果不可用（{cause}）：这是 Gouji 的缺陷，请把文件报告给我们",
        en="what came of reading it is no result ({cause}): this is a fault of Gouji, please "
        "report it with the file",
    ),
    "reader-error": Message(
        zh="程序内部错误（{cause}）：这是 Gouji 的缺陷，请把文件和 gouji status --json "
        "给出的 trace 一起报告",
        en="an internal error ({cause}): this is a fault of Gouji, please report it with the file "
        "and the trace that gouji status --json shows",
    ),
    "changed-file": Message(
        zh="文件在读取过程中被改动：请再次运行同一命令",
        en="the file was changed while it was read: run the same command again",
    ),
    "no-match": Message(
        zh="没有与此匹配的文件：请检查路径和通配符",
        en="nothing matches this: check the path and its wildcards",
    ),
    "damaged-archive": Message(
        zh="压缩包已损坏或不完整（{cause}）：请重新复制或下载",
        en="the archive is damaged or cut short ({cause}): copy or download it again",
    ),
    "archive-stopped": Message(
        zh="解开此压缩包的进程被终止（{cause}）：请自行解压后给出文件夹",
        en="the process that unpacked the archive was ended ({cause}): unpack it yourself and "
        "name the folder",
    ),
    "locked-archive": Message(
        zh="压缩包内的文件设有密码：请解压后再给出",
        en="this file of the archive wants a password: unpack it and name the folder",
    ),
    "archive-bomb": Message(
        zh="解压后过大（{cause}），可能是解压炸弹：请自行解压并核对后再给出，"
        "或加 --limit archive-files、archive-gib、archive-ratio",
        en="it would unpack to too much ({cause}), perhaps a bomb: unpack it yourself, look, and "
        "name the folder, or raise --limit archive-files, archive-gib or archive-ratio",
    ),
    "not-a-list": Message(
        zh="不是可用的文件清单（{cause_zh}）：首行应有列名 path，可另有 agency、year",
        en="this is no usable list of files ({cause_en}): its first line should name the columns "
        "path and, if wanted, agency and year",
    ),
    "not-a-run": Message(
        zh="这里没有批处理的记录：请给出 gouji batch --run 所用的文件夹",
        en="there is no journal of a batch here: name the folder that gouji batch --run was given",
    ),
    "other-journal": Message(
        zh="记录是另一版本的 Gouji 写的（{found}，需要 {wanted}）：请用该版本，或另选 --run 文件夹",
        en="the journal was written by another version of Gouji ({found}, wanted {wanted}): use "
        "that one, or another folder for --run",
    ),
    "journal": Message(
        zh="无法使用批处理的记录（{cause}）：请检查磁盘空间和权限，然后再次运行同一命令",
        en="the journal cannot be used ({cause}): check the disk's space and permissions, then "
        "run the same command again",
    ),
    "damaged-journal": Message(
        zh="批处理的记录已损坏：请运行 gouji rescue DIR -o 新文件夹，取回其中尚可读的部分",
        en="the journal is damaged: run gouji rescue DIR -o NEW-FOLDER, which gets out of it what "
        "can still be read",
    ),
    "journal-there": Message(
        zh="{place} 已存在：请用 -o 给出一个新文件夹",
        en="{place} exists already: name a new folder with -o",
    ),
    "backup-server": Message(
        zh="此批的记录在 PostgreSQL 数据库 {database} 中：请用 pg_dump 备份，用 pg_restore 恢复",
        en="the journal of this run is in the PostgreSQL database {database}: back it up with "
        "pg_dump, and restore it with pg_restore",
    ),
    "journal-server": Message(
        zh="无法使用数据库中的批处理记录（{cause}）：请检查服务器、用户、口令（PGPASSWORD 或 "
        "~/.pgpass）和磁盘空间，然后再次运行同一命令",
        en="the journal in the database cannot be used ({cause}): check the server, user and "
        "password (PGPASSWORD or ~/.pgpass) and its disk's space, then run the same command again",
    ),
    "no-driver": Message(
        zh="没有 PostgreSQL 的驱动：请运行 pip install 'gouji[postgresql]'",
        en="the driver of PostgreSQL is missing: pip install 'gouji[postgresql]'",
    ),
    "not-a-journal": Message(
        zh="--journal 不能是 {url}：请给出 postgresql+psycopg://用户@主机/数据库 或 sqlite:///文件",
        en="--journal cannot be {url}: give postgresql+psycopg://user@host/database, or "
        "sqlite:///file",
    ),
    "journal-elsewhere": Message(
        zh="此文件夹的记录在 {place}：请不用 --journal，或另选 --run 文件夹",
        en="the journal of this folder is {place}: leave --journal out, or take another folder "
        "for --run",
    ),
    "other-run": Message(
        zh="该数据库存有另一批的记录：请为每一批用各自的数据库，或各自的模式"
        "（?options=-csearch_path%3D模式名）",
        en="this database holds the journal of another run: give each run a database of its own, "
        "or a schema (?options=-csearch_path%3Dname)",
    ),
    "not-utf8": Message(
        zh="该数据库的编码是 {encoding}：请以 UTF8 编码新建数据库",
        en="the encoding of this database is {encoding}: make one in UTF8",
    ),
    "lost-journal": Message(
        zh="{file} 已损坏，不知记录在哪里：请恢复该文件",
        en="{file} is damaged, so that nobody knows where the journal is: restore that file",
    ),
    "not-in-run": Message(
        zh="此批中没有这份文件的结果：请先用 gouji batch 读入",
        en="this run holds no result of that file: read it with gouji batch first",
    ),
    "nothing-read": Message(
        zh="这样重读第 {pages} 页什么也没有读到，结果不变：请换一种 --rotate、--dpi 或 --engine",
        en="nothing was found on page {pages} this way, and the result stays as it was: try "
        "another --rotate, --dpi or --engine",
    ),
    "no-parquet": Message(
        zh="没有写 Parquet 的程序库：请运行 pip install 'gouji[parquet]'",
        en="what writes Parquet is missing: pip install 'gouji[parquet]'",
    ),
    "unfit-figure": Message(
        zh="有数字位数过多，Parquet 放不下（{cause}）：请用 --to csv",
        en="a figure has more digits than Parquet holds ({cause}): take --to csv",
    ),
    "lost-file": Message(
        zh="原文件已不在原处或已被改动：{place}",
        en="the file is there no more, or was changed: {place}",
    ),
    "no-pages-to-search": Message(
        zh="没有页面图像，未写出 pdf（可用 html、md）",
        en="it has no page images, and so no pdf (there are html, md)",
    ),
    "decided-meanwhile": Message(
        zh="{person} 刚刚已作出决定（{said}）：请核对后再定",
        en="{person} decided it meanwhile ({said}): look at it again",
    ),
    "no-such-decision": Message(
        zh="没有可撤销的这项决定：可能已被撤销，请刷新",
        en="there is no such decision to undo, or it was undone already: load the page again",
    ),
    "run-in-use": Message(
        zh="另一个 gouji batch 正在使用此文件夹：请等它结束",
        en="another gouji batch is using this folder: wait until it ends",
    ),
    "no-ray": Message(
        zh="没有 Ray：请运行 pip install 'gouji[ray]'",
        en="Ray is missing: pip install 'gouji[ray]'",
    ),
    "no-cluster": Message(
        zh="无法连接 Ray 集群（{cause}）：请检查 --ray-address",
        en="the Ray cluster does not answer ({cause}): check --ray-address",
    ),
    "other-gouji": Message(
        zh="集群中有机器的 Gouji 版本、权重或表样与此处不同：请在各机安装同一版本",
        en="a machine of the cluster has another version of Gouji, other weights or forms: install "
        "the same on all",
    ),
    "no-workers": Message(
        zh="工作进程无法启动（{cause}）：请运行 gouji doctor",
        en="the worker processes cannot start ({cause}): run gouji doctor",
    ),
}
