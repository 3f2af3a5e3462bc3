"""What goes beyond a limit, and the option that raises it."""

from __future__ import annotations

from document.message import Message

OF_LIMITS = {
    "limit-option": Message(
        zh="“{text}”不是可用的限额：请写成 名称=整数，名称有 {names}",
        en="“{text}” is no limit: write NAME=NUMBER, where the names are {names}",
    ),
    "limit-range": Message(
        zh="限额 {name} 不在 {least} 到 {most} 之间：请改正 --limit",
        en="the limit {name} is not between {least} and {most}: correct --limit",
    ),
    "file-too-large": Message(
        zh="文件有 {size} MiB，超过上限 {limit} MiB：如确为报告，请加 --limit file-mib=N",
        en="the file has {size} MiB, more than the limit of {limit} MiB: if it is a report, raise "
        "--limit file-mib=N",
    ),
    "too-many-pages": Message(
        zh="文件有 {pages} 页，超过上限 {limit} 页：请用 --pages 选出报告的页，"
        "或加 --limit pages=N",
        en="the file has {pages} pages, more than the limit of {limit}: name those of the report "
        "with --pages, or raise --limit pages=N",
    ),
    "too-many-pictures": Message(
        zh="文档中的图片超过上限 {limit} 幅：请只保留报告本身，或加 --limit pictures=N",
        en="the document holds more than {limit} pictures: keep the report alone, or raise "
        "--limit pictures=N",
    ),
    "too-many-elements": Message(
        zh="文档中的标记超过上限 {limit} 个：请只保留报告本身，或加 --limit elements=N",
        en="the document holds more than {limit} elements: keep the report alone, or raise "
        "--limit elements=N",
    ),
    "endless-page": Message(
        zh="此页的内容展开后没有止境（可能有意为害），未读取：请把此页另存为图像",
        en="this page unpacks to no end, perhaps made to harm, and was not read: save the page as "
        "an image",
    ),
    "too-deep": Message(
        zh="文档的标记嵌套超过 {limit} 层：请另存为 PDF，或加 --limit depth=N",
        en="the document's elements are nested more than {limit} deep: save it as a PDF, or raise "
        "--limit depth=N",
    ),
    "nested-archive": Message(
        zh="压缩包内又有压缩包，嵌套超过 {limit} 层：请解压后再给出，或加 --limit "
        "archive-nesting=N",
        en="an archive lies in an archive, more than {limit} deep: unpack it and name the folder, "
        "or raise --limit archive-nesting=N",
    ),
    "linked-folder": Message(
        zh="这个文件夹是一个链接，未进入：如需读取，请直接给出它所指的文件夹",
        en="this folder is a link and was not entered: name the folder that it leads to, if wanted",
    ),
    "link-outside": Message(
        zh="这是一个指向所给文件夹之外的链接，未读取：如需读取，请直接给出该文件",
        en="this is a link that leads out of the folder that was given, and was not followed: name "
        "the file itself, if wanted",
    ),
}
