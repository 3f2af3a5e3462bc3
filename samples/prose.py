"""Words around the tables: agencies, titles, headings and paragraphs, all made up here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from samples.figures import Level

# Places that do not exist, so that no made-up figure is taken for a real agency's.
CITIES = ("云溪市", "临江市", "青屏市", "白河市", "宁川市", "石埠市", "安陵市", "北洛市")
DISTRICTS = ("河东区", "永兴区", "新塘县", "长泽县", "东湾区", "城北区", "槐林县", "高桥区")
OFFICES = (
    *("司法局", "财政局", "教育局", "民政局", "水利局", "城市管理局", "卫生健康局", "应急管理局"),
    *("市场监督管理局", "自然资源局", "统计局", "审计局"),
)
HEADINGS: dict[str, tuple[str, ...]] = {
    "general": ("一、总体情况",),
    "t2": ("二、主动公开政府信息情况", "二、主动公开政府信息情况"),
    "t3": ("三、收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请情况"),
    "t4": (
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、政府信息公开行政法复议、行政诉讼情况",
    ),
    "problems": (
        *("五、存在的主要问题及改进情况", "五、存在的主要问题及整改措施"),
        "五、政府信息公开工作存在的主要问题及改进情况",
    ),
    "other": ("六、其他需要报告的事项",),
}
OPENINGS = (
    "{year}年，{agency}依照条例规定推进公开工作，做到应公开的尽数公开、能公开的及时公开。",
    "过去一年，本单位把公开工作列入年度任务，由办公室牵头，各科室分工落实，按季度检查进度。",
    "{year}年度，{agency}围绕群众关心的事项调整公开目录，更新了机构职能、办事指南等栏目。",
)
ITEMS = (
    "（一）主动公开。全年通过门户网站发布信息{a}条，其中政策类{b}条，通过新媒体发布{c}条。",
    "（二）依申请公开。本年度登记申请{b}件，均在法定期限内答复，未发生逾期情形。",
    "（三）信息管理。发布前由经办人、科室负责人和分管领导依次审核，留存审核记录{a}份。",
    "（四）平台建设。网站栏目由{b}个合并为{c}个，失效链接每月清理一次。",
    "（五）监督保障。组织业务培训{c}次，参加{a}人次；接受社会评议，未发生责任追究。",
)
PROBLEMS = (
    "目前还存在更新不够及时、解读形式单一等不足。下一步将明确更新时限，增加图表与问答形式的解读。",
    "主要问题是部分科室对公开范围把握不准，答复文书格式不一。今后将编印范本，并逐件复核。",
    "公开内容与群众期待尚有差距，专职人员偏少。拟充实力量，把公开要求写进公文办理流程。",
)
OTHERS = (
    "本年度未收取信息处理费。无其他需要报告的事项。",
    "按照有关规定，本年度收取信息处理费0元。",
    "本报告数据统计期限为{year}年1月1日至12月31日。",
)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that does not exist."""

    name: str
    level: Level


def _pick(rng: np.random.Generator, items: Sequence[str]) -> str:
    return items[int(rng.integers(len(items)))]


def draw_agency(rng: np.random.Generator, level: Level) -> Agency:
    """Draw an agency of ``level``."""
    city = _pick(rng, CITIES)
    if level == "city":
        return Agency(f"{city}人民政府办公室" if rng.random() < 0.5 else f"{city}人民政府", level)
    place = _pick(rng, DISTRICTS)
    if rng.random() < 0.5:
        place = city + place
    return Agency(f"{place}人民政府" if level == "district" else place + _pick(rng, OFFICES), level)


def draw_title(rng: np.random.Generator, agency: str, year: int) -> tuple[str, ...]:
    """Return the title as one or two lines."""
    roll = rng.random()
    if roll < 0.45:
        return (agency, f"{year}年政府信息公开工作年度报告")
    if roll < 0.8:
        return (f"{agency}{year}年政府信息公开工作年度报告",)
    return (f"{agency}{year}年", "政府信息公开工作年度报告")


def heading(rng: np.random.Generator, section: str) -> str:
    """Return the heading of a section: general, t2, t3, t4, problems or other."""
    return _pick(rng, HEADINGS[section])


def paragraphs(rng: np.random.Generator, section: str, agency: str, year: int) -> tuple[str, ...]:
    """Return the text of a section of prose: general, problems or other."""

    def fill(text: str) -> str:
        a, b, c = (int(n) for n in rng.integers((60, 2, 1), (700, 60, 20)))
        return text.format(agency=agency, year=year, a=a, b=b, c=c)

    if section == "general":
        count = int(rng.integers(2, 6))
        return (fill(_pick(rng, OPENINGS)), *(fill(item) for item in ITEMS[:count]))
    return (fill(_pick(rng, PROBLEMS if section == "problems" else OTHERS)),)
