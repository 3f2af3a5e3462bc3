"""What can be wrong, with cause and remedy: sentences on inputs here, on runs beside."""

from __future__ import annotations

from document.errors import InputError
from document.message import Message
from pipeline.limit_faults import OF_LIMITS
from pipeline.run_faults import OF_RUNS

_OF_INPUTS = {
    "missing-file": Message(
        zh="没有这个文件：请检查路径", en="there is no such file: check the path"
    ),
    "is-a-folder": Message(
        zh="这是文件夹，不是文件：请逐个给出其中的文件",
        en="this is a folder, not a file: name the files in it one by one",
    ),
    "not-a-file": Message(
        zh="这不是普通文件（而是设备或管道）：请先另存为文件",
        en="this is no regular file (a device or a pipe): save it as a file first",
    ),
    "no-permission": Message(
        zh="没有权限读取此文件：请用 chmod +r 允许读取",
        en="no permission to read this file: allow it with chmod +r",
    ),
    "unreadable-file": Message(
        zh="无法读取此文件（{cause}）：请检查路径和存储设备",
        en="this file cannot be read ({cause}): check the path and the disk",
    ),
    "empty-file": Message(
        zh="文件是空的（0 字节）：请重新复制或导出",
        en="the file is empty (0 bytes): copy or export it again",
    ),
    "not-supported": Message(
        zh="内容既不是 PDF、网页、Word 文档或文本，也不是 PNG、JPEG、TIFF、BMP、WebP 图像（看来是{"
        "looks_zh}）：请先另存为 PDF 或图像",
        en="the content is neither a PDF, a web page, a Word document or a text nor a PNG, JPEG, "
        "TIFF, BMP or WebP image (it looks like {looks_en}): save it as a PDF or an image first",
    ),
    "text-encoding": Message(
        zh="文本不是有效的 {name}（{cause}）：请另存为 UTF-8",
        en="the text is no valid {name} ({cause}): save it as UTF-8",
    ),
    "not-a-text": Message(
        zh="文本第 {line} 行有控制字符（0x{byte}），不像文本：请另存为 UTF-8 文本",
        en="line {line} holds a control character (0x{byte}), which no text has: save it as "
        "UTF-8 text",
    ),
    "empty-text": Message(
        zh="文本里没有文字（{size} 字节，全是空白）：请重新复制或导出",
        en="the text says nothing ({size} bytes of white space): copy or export it again",
    ),
    "not-typed": Message(
        zh="既不是文本、CSV、XLSX，也不是 Gouji 的结果文件：扫描件请先用 gouji read 读取",
        en="this is neither a text, CSV or XLSX nor a result file of Gouji: read scans with "
        "gouji read first",
    ),
    "not-csv": Message(
        zh="无法作为 CSV 读取（{cause}）：请重新导出",
        en="this cannot be read as CSV ({cause}): export it again",
    ),
    "ragged-line": Message(
        zh="CSV 第 {line} 行有 {count} 格，首行有 {wanted} 列：带千位逗号的数字须加引号",
        en="line {line} of the CSV has {count} cells, the first line names {wanted}: figures with "
        "a comma between thousands must be quoted",
    ),
    "figure-twice": Message(
        zh="CSV 第 {line} 行再次给出 {what}，且数值不同：请确认是否混入了另一份报告"
        "（可用 file 列区分）",
        en="line {line} of the CSV gives {what} again, with another value: see whether another "
        "report got in (a column named file keeps them apart)",
    ),
    "unknown-figures": Message(
        zh="表样中没有 {first} 等 {count} 处，未核对；请检查行名和列名",
        en="{count} figure(s) have no place in the form and were not checked, {first} first; see "
        "how rows and columns are named",
    ),
    "not-xlsx": Message(
        zh="无法作为 XLSX 读取（{cause}）：请用电子表格软件另存为 .xlsx",
        en="this cannot be read as XLSX ({cause}): save it as .xlsx with a spreadsheet program",
    ),
    "no-tables": Message(
        zh="没有找到已知表样的表格：请确认行名和列名与表样一致，或用 --template 提供表样",
        en="no table of a known form was found: see that rows and columns are named as in the "
        "form, or give the form with --template",
    ),
    "text-too-large": Message(
        zh="文本有 {size} MiB，超过上限 {limit} MiB：请只给出报告本身",
        en="the text has {size} MiB, more than the limit of {limit} MiB: give the report alone",
    ),
    "damaged-html": Message(
        zh="网页无法解析（{cause}）：请重新保存网页",
        en="the web page cannot be parsed ({cause}): save it again",
    ),
    "damaged-docx": Message(
        zh="Word 文档已损坏或设有密码（{cause}）：请在 Word 或 WPS 中打开后另存为 .docx",
        en="the Word document is damaged or locked ({cause}): open it in Word and save it as .docx",
    ),
    "docx-bomb": Message(
        zh="Word 文档展开后过大或结构可疑（{cause}），未读取：请另存为 .docx 或 PDF",
        en="the Word document is too large unpacked, or made to harm ({cause}), and was not read: "
        "save it anew as .docx or PDF",
    ),
    "damaged-doc": Message(
        zh="LibreOffice 无法转换此 .doc（{cause}）：请在 Word 或 WPS 中另存为 .docx",
        en="LibreOffice cannot convert this .doc ({cause}): save it as .docx in Word",
    ),
    "doc-wants-libreoffice": Message(
        zh="旧版 .doc 须用 LibreOffice 转换，而系统没有安装：请另存为 .docx，"
        "或运行 apt-get install libreoffice-writer",
        en="an old .doc is converted by LibreOffice, which is missing: save it as .docx, "
        "or run apt-get install libreoffice-writer",
    ),
    "ofd": Message(
        zh="这是 OFD 文件，Gouji 不能直接读取：请在 OFD 阅读器（如数科、福昕、WPS）中"
        "另存或打印为 PDF，再读取 PDF",
        en="this is an OFD file, which Gouji does not read: export or print it as PDF in an OFD "
        "viewer (Suwell, Foxit, WPS) and read that",
    ),
    "picture-format": Message(
        zh="文档中的图片 {name} 不是 PNG、JPEG、GIF、TIFF、BMP、WebP（可能是 EMF、WMF）："
        "请把它另存为 PNG 后单独读取",
        en="the picture {name} is no PNG, JPEG, GIF, TIFF, BMP or WebP (perhaps EMF or WMF): save "
        "it as PNG and read that",
    ),
    "picture-absent": Message(
        zh="页面引用的 {count} 幅图片或框架页不在文件中（如 {name}），不会联网获取："
        "如表格在其中，请连同图片保存网页（“网页，全部”或 .mhtml）",
        en="{count} picture(s) or frame(s) that the page shows are not here (such as {name}) and "
        "nothing is fetched: if a table is among them, save the page with its files (or as .mhtml)",
    ),
    "encrypted": Message(
        zh="此 PDF 设有打开密码：请用 PDF 阅读器输入密码后另存为不加密的文件",
        en="this PDF wants a password to be opened: open it in a PDF viewer and save it "
        "without encryption",
    ),
    "damaged-pdf": Message(
        zh="PDF 已损坏或不完整（{cause}）：请重新复制、下载或导出",
        en="the PDF is damaged or cut short ({cause}): copy, download or export it again",
    ),
    "mended-pdf": Message(
        zh="此 PDF 已损坏，重建索引后找到 {pages} 页，可能缺页：请核对页数，或重新获取文件",
        en="this PDF is damaged; its index was rebuilt and {pages} page(s) were found, some "
        "may be missing: compare the number of pages, or get the file again",
    ),
    "no-pages": Message(
        zh="此 PDF 没有页面：请重新导出", en="this PDF has no pages: export it again"
    ),
    "damaged-page": Message(
        zh="此页的扫描图像已损坏或不完整（{cause}）：请重新复制或扫描",
        en="the scan on this page is damaged or cut short ({cause}): copy or scan it again",
    ),
    "unrendered-page": Message(
        zh="poppler 无法渲染此页（{cause}）：请重新导出 PDF，或把此页另存为图像",
        en="poppler cannot render this page ({cause}): export the PDF again, or save the "
        "page as an image",
    ),
    "poppler-missing": Message(
        zh="此页需要渲染，但系统没有 poppler：请运行 apt-get install poppler-utils",
        en="this page has to be rendered and poppler is missing: run apt-get install poppler-utils",
    ),
    "damaged-image": Message(
        zh="{format} 图像已损坏或不完整（{cause}）：请重新复制、扫描或导出",
        en="the {format} image is damaged or cut short ({cause}): copy, scan or export it again",
    ),
    "empty-image": Message(
        zh="图像大小为 {width}×{height}，没有内容：请重新扫描或导出",
        en="the image measures {width}×{height} and holds nothing: scan or export it again",
    ),
    "too-large": Message(
        zh="图像大小为 {width}×{height} 像素，超过上限（{limit} 百万像素）"
        "：请以 200–400 dpi 重新扫描；确实如此之大，请加 --limit megapixels=N",
        en="the image measures {width}×{height} pixels, "
        "more than the limit of {limit} million: scan"
        " it again at 200-400 dpi, or raise --limit megapixels=N",
    ),
    "too-small": Message(
        zh="页面图像只有 {width}×{height} 像素，容不下表格：请以 200–400 dpi 重新扫描",
        en="the page image measures {width}×{height} pixels, too small for any table: scan it "
        "again at 200-400 dpi",
    ),
    "bomb": Message(
        zh="图像过大，可能是解压炸弹（{cause}）：请以 200–400 dpi 重新扫描",
        en="the image is too large, perhaps a decompression bomb ({cause}): scan it again at"
        " 200-400 dpi",
    ),
    "out-of-time": Message(
        zh="{seconds} 秒内未能读完：请加大 --time-limit，或用 --pages 分开读",
        en="not read within {seconds} seconds: raise --time-limit, or read some pages at a time "
        "with --pages",
    ),
    "out-of-memory": Message(
        zh="内存不足，无法解码此页：请关闭其他程序，或以较低分辨率重新扫描",
        en="there is not enough memory to decode this page: close other programs, or scan it"
        " at a lower resolution",
    ),
    "no-such-page": Message(
        zh="要求读取第 {page} 页，但文件只有 {pages} 页：请改正 --pages",
        en="page {page} was asked for and the file has {pages}: correct --pages",
    ),
    "pages-option": Message(
        zh="“{text}”不是页码列表：请写成 1-3,5 或 4- 的形式，页码从 1 开始",
        en="“{text}” is no list of pages: write 1-3,5 or 4-, counting from 1",
    ),
    "not-a-result": Message(
        zh="这不是 Gouji 的结果文件（{cause}）：请给出 gouji read 写出的 .json 文件",
        en="this is no result file of Gouji ({cause}): name a .json file that gouji read wrote",
    ),
    "internal-error": Message(
        zh="程序内部错误（{cause}）：这是 Gouji 的缺陷，请把 {log} 连同文件一起报告",
        en="an internal error ({cause}): this is a fault of Gouji, please report it with {log} "
        "and the file",
    ),
}

_SENTENCES = {**_OF_INPUTS, **OF_LIMITS, **OF_RUNS}

PAGE_FAULTS = frozenset(
    {
        "damaged-page",
        "unrendered-page",
        "poppler-missing",
        "damaged-image",
        "empty-image",
        "too-large",
        "endless-page",
        "too-small",
        "picture-format",
        "bomb",
        "out-of-memory",
        "no-such-page",
        "internal-error",
    }
)
"""Codes of faults that can befall one page and leave the others."""


def sentence(code: str, **facts: object) -> Message:
    """Return what there is to say about a fault; ``facts`` fill its blanks."""
    template = _SENTENCES[code]
    return Message(zh=template.zh.format(**facts), en=template.en.format(**facts))


def fault(code: str, **facts: object) -> InputError:
    """Return the fault of that code, to be raised; ``facts`` fill the blanks of its sentence."""
    return InputError(code, sentence(code, **facts))


def cause(error: BaseException) -> str:
    """Return the last line of what a library says, which holds the cause."""
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__
