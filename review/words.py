"""What the screen says, in both languages."""

from __future__ import annotations

from document.decision import Answer
from document.message import Message

WORDS: dict[str, Message] = {
    "title": Message("勾稽 · 核对", "Gouji · review"),
    "reports": Message("报告", "Reports"),
    "next": Message("开始核对", "Start reviewing"),
    "alike": Message("同样的数", "Figures alike"),
    "mistakes": Message("原件差错", "The page's own mistakes"),
    "keys": Message("按键", "Keys"),
    "sign-out": Message("退出", "Sign out"),
    "sign-in": Message("进入", "Sign in"),
    "name": Message("您的姓名", "Your name"),
    "name-why": Message(
        "每个决定都会记下是谁作出的。", "Every decision is kept with the name of who made it."
    ),
    "password": Message("口令", "Password"),
    "token": Message("令牌", "Token"),
    "sign-in-wrong": Message(
        "姓名或口令不对，请再试。", "The name or the password is not right; try again."
    ),
    "sign-in-wait": Message(
        "失败次数过多，请过一分钟再试。", "Too many attempts; try again in a minute."
    ),
    "to-review": Message("待核对", "to review"),
    "left": Message("还剩", "left"),
    "done": Message("已全部核对", "Everything is reviewed"),
    "done-held": Message(
        "其余的格正由他人核对。", "What is left is before other people at this moment."
    ),
    "status": Message("状态", "Status"),
    "agency": Message("机关", "Agency"),
    "year": Message("年度", "Year"),
    "finding": Message("问题", "Finding"),
    "file": Message("文件", "File"),
    "figures": Message("待核对的数", "Figures to review"),
    "any": Message("全部", "any"),
    "filter": Message("筛选", "Filter"),
    "of": Message("共", "of"),
    "certain-reports": Message("份报告已确定", "reports are certain"),
    "page": Message("页", "page"),
    "table": Message("表", "table"),
    "candidates": Message("备选", "Candidates"),
    "implied": Message("按勾稽关系", "by the sums"),
    "stands": Message("现取值", "stands now"),
    "blank": Message("此处未填", "Nothing is printed"),
    "unreadable": Message("无法辨认", "Cannot be read"),
    "page-says": Message("原件即如此", "The page says so"),
    "accept": Message("接受", "Accept"),
    "skip": Message("跳过", "Skip"),
    "undo": Message("撤销", "Undo"),
    "previous": Message("上一个", "Previous"),
    "following": Message("下一个", "Next"),
    "value": Message("数值", "Figure"),
    "why": Message("为何存疑", "Why it is in doubt"),
    "equations": Message("所在等式", "Equations it stands in"),
    "no-equations": Message("没有等式涉及此数。", "No equation speaks of this figure."),
    "holds": Message("成立", "holds"),
    "fails": Message("不成立", "does not hold"),
    "unknown": Message("待定", "cannot tell yet"),
    "history": Message("经过", "History"),
    "read-as": Message("读作", "read as"),
    "undone": Message("撤销", "undone"),
    "no-picture": Message(
        "没有原件图像：文件已移走或改动。请放回原处。",
        "The scan is not at hand: it was moved or changed. Put it back where it was.",
    ),
    "not-found": Message(
        "页面上没有找到此格，请在原件上查找。",
        "This figure was not found on any page; look for it in the document.",
    ),
    "held": Message("正由他人核对：", "Before somebody else now: "),
    "conflict": Message(
        "他人刚刚决定了此数。看清后可再次决定。",
        "Somebody decided this figure just now. Look again; you may decide anew.",
    ),
    "said": Message("说", "said"),
    "followed": Message("随之确定，不再询问：", "Settled with it and asked no more: "),
    "opened": Message("因此又需核对：", "To be looked at because of it: "),
    "certain": Message("此报告已全部确定。", "This report is certain now."),
    "decided": Message("已记下", "Noted"),
    "taken-back": Message("已撤销", "Taken back"),
    "nothing-to-undo": Message("没有可撤销的决定", "There is nothing to undo"),
    "not-a-figure": Message(
        "这不是数字：请只输入数字、小数点、负号",
        "That is no figure: digits, a point and a minus only",
    ),
    "queue": Message("待问", "Queue"),
    "settles": Message("可确定", "settles"),
    "whole-page": Message("整页", "The page"),
    "zoom-in": Message("放大", "Zoom in"),
    "zoom-out": Message("缩小", "Zoom out"),
    "zoom-fit": Message("全页", "Whole page"),
    "zoom-cell": Message("此格", "This cell"),
    "crop-of": Message("此格图像", "Picture of the cell"),
    "findings": Message("问题", "Findings"),
    "nothing-found": Message("没有。", "None."),
    "confirm": Message("确认：原件即如此", "Confirm: the page says so"),
    "confirmed": Message("已确认", "confirmed"),
    "equation-off": Message("差额", "difference"),
    "read-text": Message("读作", "Read as"),
    "whole-figures": Message("整个数", "Whole figures"),
    "single-digits": Message("单个数字", "Single digits"),
    "digits-whole": Message(
        "虚线框：各位数字无法分开，显示整个数。",
        "In a dashed frame: its digits could not be told apart, so the figure is shown whole.",
    ),
    "key-wall": Message(
        "在图像间移动；数字键换一个数字", "move among pictures; a digit shows its own"
    ),
    "several": Message("几个一起", "Several at once"),
    "several-why": Message(
        "每个数与下面的大字相符吗？不符的按其数字键划去，稍后单独核对；回车接受其余各数。",
        "Does each figure say what stands large below it? Take those that do not off by their"
        " key, to be asked by themselves later; Enter accepts the rest.",
    ),
    "several-accept": Message("接受未划去的各数", "Accept all that are left"),
    "several-figures": Message("个数", "figures"),
    "show": Message("显示", "Show"),
    "only-doubtful": Message("只看存疑的", "only doubtful ones"),
    "close": Message("关闭", "Close"),
    "back": Message("返回报告", "Back to the report"),
    "second": Message("盲录复核", "Second keying"),
    "second-why": Message(
        "此数他人已录入一次。请只看图像，再录一次。",
        "Somebody entered this figure already. Enter it once more from the picture alone.",
    ),
    "second-done": Message("没有要复核的数", "There is nothing to key a second time"),
    "second-differs": Message(
        "两次录入不同，请看清后决定", "The two answers differ; look again and decide"
    ),
    "again": Message("重读一页", "Read a page again"),
    "again-why": Message(
        "其他页与人工决定不变。", "Other pages and what people decided stay as they are."
    ),
    "again-busy": Message("正在重读，请稍候……", "Reading; this takes a moment …"),
    "again-other": Message("另一页正在重读，请稍后再试", "Another page is being read; try later"),
    "again-start": Message("重读", "Read again"),
    "turn": Message("顺时针旋转", "Turn clockwise"),
    "resolution": Message("分辨率（dpi）", "Resolution (dpi)"),
    "reader": Message("由谁读", "Reader"),
    "by-itself": Message("自动", "by itself"),
    "both-readers": Message("两者", "both"),
    "see-result": Message("看结果", "See the result"),
    "agreement": Message("复核一致率", "Agreement"),
    "agree": Message("次一致，共", "agree, of"),
    "first-answer": Message("第一次", "First"),
    "second-answer": Message("第二次", "Second"),
    "key-candidates": Message("选备选 1–5", "choose candidate 1–5"),
    "key-digits": Message(
        "直接输入数字；以 1–5 开头的一位数先按空格",
        "type the figure; Space first for a lone digit 1–5",
    ),
    "key-enter": Message("接受大字显示的数", "accept the figure shown large"),
    "key-zoom": Message("缩放原件", "zoom the page"),
    "key-table": Message("整表", "the table"),
    "key-escape": Message("清除输入", "clear what was typed"),
    "not-here": Message("没有此页面", "There is no such page"),
    "refused": Message(
        "此请求未被接受：请重新载入页面", "The request was refused: load the page again"
    ),
    "fault": Message("出错", "Something went wrong"),
    "skip-to": Message("跳到内容", "Skip to the content"),
    "more": Message("更多", "More"),
    "earlier": Message("前一页", "Previous page"),
    "later": Message("后一页", "Next page"),
}

ANSWERS: dict[Answer, Message] = {
    Answer.VALUE: Message("读作", "reads"),
    Answer.BLANK: WORDS["blank"],
    Answer.UNREADABLE: WORDS["unreadable"],
    Answer.PAGE: WORDS["page-says"],
}

READERS = {
    "paddle": Message("读者一（PP-OCR）", "first reader (PP-OCR)"),
    "own": Message("读者二（数字网络）", "second reader (digit network)"),
}
