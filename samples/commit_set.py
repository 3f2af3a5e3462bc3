"""Draws the documents that are committed: each shows one thing that real reports do.

python -m samples.commit_set            draws all of them into samples/documents
python -m samples.commit_set demo fax   draws those two
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from samples import damage
from samples import seed_figures as seeds
from samples.generate import generator, save, scan
from samples.ink import stamp
from samples.printing import Habits, make_wrong, write_figures
from samples.scene import (
    DIGITAL,
    FAX,
    GOOD,
    PHONE,
    POOR,
    Scene,
    draw_scene,
    figures_of,
    plain_style,
)
from samples.sheet import Draft, Sheet, Text
from samples.style import Border, available
from samples.truth import Known
from samples.write_html import Browser

FOLDER = Path(__file__).parent / "documents"
DEMO_DAMAGE = (
    (("d8", "person"), 1, "close"),  # 13 towards 18
    (("granted", "person"), 0, "wipe"),  # the 5 of 52
    (("o1", "business"), 0, "wipe"),  # a lone 5
)
LETTER = (
    ("title", "关于征求意见的复函"),
    ("paragraph", "市发展改革委员会："),
    ("paragraph", "你委来函收悉。经研究，对《全市数据共享实施方案（征求意见稿）》提出如下意见："),
    ("paragraph", "一、建议在第二章增加数据更新频次的要求，明确每季度至少核对1次。"),
    ("paragraph", "二、其余内容无不同意见。联系人：办公室，电话：0000-3120 4457。"),
    ("sign", "云溪市水利局"),
    ("sign", "2023年4月18日"),
)


def real_reports() -> list[Scene]:
    """Return the tables of five published reports, drawn anew."""
    song = plain_style("song", "Noto Serif CJK SC", "")
    return [
        Scene(
            "shanzhou-2022.pdf",
            seeds.SHANZHOU,
            replace(song, top_total=True, variants=True, half_width=True),
            GOOD,
            ("三门峡市陕州区司法局", 2022),
        ),
        Scene(
            "lianhu-2021.pdf",
            seeds.LIANHU,
            replace(plain_style("lianhu", "AR PL UMing CN", ""), breaks=True, half_width=True),
            replace(GOOD, skew=-0.5),
            ("西安市莲湖区司法局", 2021),
        ),
        Scene(
            "luolong-2024.tiff",
            seeds.LUOLONG,
            replace(plain_style("luolong"), top_total=True, item_mark=". ", breaks=True),
            replace(GOOD, bilevel=True, quality=0, noise=1.0, dpi=200, drawn_dpi=200),
            ("洛阳市洛龙区司法局", 2024),
            word=True,
        ),
        Scene(
            "qijiang-2022.pdf",
            seeds.QIJIANG,
            replace(plain_style("qijiang"), breaks=True),
            replace(DIGITAL, quality=80),
            ("重庆市綦江区司法局", 2022),
            word=True,
        ),
        Scene(
            "wendeng-2022.pdf",
            seeds.WENDENG,
            plain_style("wendeng", "Noto Sans CJK SC", ""),
            replace(POOR, machine="flatbed", edges=0.0),
            ("威海市文登区司法局", 2022),
        ),
        Scene(
            "wendeng-2022-t4.png",
            (seeds.WENDENG[2],),
            replace(plain_style("wendeng", "FandolSong", ""), row_padding=2.2, breaks=True),
            replace(DIGITAL, machine="picture", dpi=94, drawn_dpi=188, blur=0.3),
            cut_out=True,
        ),
    ]


def oriented(name: str, turns: int, skew: float, seed: str) -> Scene:
    """Return a page of 表三 that was laid on the glass in some odd way."""
    tables = (figures_of(seed, "district")[1],)
    recipe = replace(GOOD, turns=turns, skew=skew, dpi=150, drawn_dpi=150)
    return Scene(name, tables, plain_style(name, "Noto Serif CJK SC"), recipe)


def layouts() -> list[Scene]:
    """Return documents whose layout or wording is the point."""
    narrow = replace(
        plain_style("narrow", "FandolSong", "DejaVu Sans"),
        t3_widths=(0.045, 0.09, 0.515, *(0.05,) * 7),
        padding=0.2,
        border=Border(0.4, "solid", "#222", 0.5),
        figure_size=10.0,
    )
    mixed = figures_of("mixed", "district", ("2021", "2019"))
    blanks = figures_of("blanks", "district")
    dashes = figures_of("dashes", "district")
    rng = generator("habits")
    return [
        Scene(
            "split-label.pdf",
            figures_of("split", "district"),
            plain_style("split"),
            replace(GOOD, dpi=160, drawn_dpi=160),
            ("永兴区人民政府", 2023),
            break_rows=(16,),
        ),
        oriented("rotated-90.png", 1, 0.2, "rotated"),
        oriented("upside-down.jpg", 2, 0.6, "upside"),
        oriented("skewed-4.pdf", 0, 4.0, "skewed"),
        Scene(
            "report-2019.pdf",
            tuple(
                write_figures(figures, Habits(plus=True), rng)
                for figures in figures_of("2019", "district", ("2019", "2019"))
            ),
            plain_style("2019", "AR PL UMing CN"),
            GOOD,
            ("长泽县人民政府", 2019),
            word=True,
        ),
        Scene(
            "mixed-2023.pdf",
            mixed,
            replace(plain_style("mixed"), fill="#c6d9f1", hand_split=True),
            replace(GOOD, dpi=160, drawn_dpi=160, colour=True),
            ("新塘县人民政府", 2023),
        ),
        Scene("narrow.png", (figures_of("narrow", "city")[1],), narrow, DIGITAL),
        Scene(
            "blanks.pdf",
            tuple(write_figures(f, Habits(zero=""), rng) for f in blanks),
            plain_style("blanks", "Noto Serif CJK SC"),
            replace(GOOD, dpi=150, drawn_dpi=150),
            ("城北区人民政府", 2024),
        ),
        Scene(
            "dashes.jpg",
            (write_figures(dashes[1], Habits(zero="—", scope="legal"), rng),),
            plain_style("dashes"),
            replace(GOOD, dpi=150, drawn_dpi=150),
        ),
        Scene(
            "uneven-t2.png",
            (
                write_figures(figures_of("uneven", "city")[0], Habits(remark=True), rng),
                figures_of("uneven", "bureau")[2],
            ),
            replace(plain_style("uneven"), uneven_t2=True),
            replace(GOOD, dpi=150, drawn_dpi=150),
        ),
        Scene(
            "screenshot.png",
            figures_of("screenshot", "bureau"),
            replace(plain_style("screenshot", "WenQuanYi Zen Hei", ""), fill="#e7e6e6"),
            DIGITAL,
            ("东湾区统计局", 2025),
            seen_as="screenshot",
        ),
    ]


def scans() -> list[Scene]:
    """Return documents whose scan, or whose arithmetic, is the point."""
    t2, t3, t4 = figures_of("wrong", "district")
    stated = ("total", "person")
    t3, first = make_wrong(t3, stated, int(t3.entry(stated).value or 0) - 6)
    t4, second = make_wrong(t4, ("review", "total"), 0)
    return [
        Scene(
            "wrong-sums.pdf",
            (t2, t3, t4),
            plain_style("wrong"),
            replace(GOOD, dpi=160, drawn_dpi=160),
            ("槐林县人民政府", 2023),
            (first, second),
        ),
        Scene(
            "city-poor.pdf",
            figures_of("city-32", "city"),
            plain_style("city", "Noto Serif CJK SC"),
            replace(POOR, dpi=120, drawn_dpi=168, blur=0.8, spread=0.6, quality=42),
            ("宁川市人民政府", 2022),
        ),
        Scene("phone.jpg", (figures_of("phone", "district")[1],), plain_style("phone"), PHONE),
        Scene(
            "fax.tiff",
            figures_of("fax", "district"),
            plain_style("fax", "Noto Sans CJK SC", ""),
            FAX,
            ("高桥区人民政府", 2022),
        ),
        demo(),
    ]


def demo() -> Scene:
    """Return the report for the demonstration.

    A 3 of 表三 is smeared a little, and two digits are wiped half away; rows and columns still
    say what stood there. One total of 表四 is wrong on the page itself.
    """
    t2, t3, t4 = figures_of("demo-214", "district")
    wrong = int(t4.entry(("suit_direct", "total")).value or 0) + 3
    t4, mistake = make_wrong(t4, ("suit_direct", "total"), wrong)

    def harm(sheets: list[Sheet]) -> list[Sheet]:
        done = []
        for sheet in sheets:
            new = sheet
            for address, index, kind in DEMO_DAMAGE:
                try:
                    box = damage.glyph_box(new, "t3", address, index)
                except ValueError:
                    continue  # on another page
                half = (0.0, 0.12, 0.5, 0.5)
                closing = kind == "close"
                new = damage.close_left(new, box, 150) if closing else damage.wipe(new, box, half)
            done.append(new)
        return done

    return Scene(
        "demo.pdf",
        (t2, t3, t4),
        plain_style("demo"),
        replace(POOR, dpi=170, drawn_dpi=170, peel=0.004, rule_share=0.25, ink_patchy=0.03),
        ("云溪市河东区人民政府", 2023),
        (mistake,),
        harm=harm,
    )


def no_report(browser: Browser) -> tuple[list[Sheet], Known]:
    """Draw a letter, photographed."""
    blocks = tuple(Text(kind, text) for kind, text in LETTER)
    sheets = browser.draw(Draft(blocks, plain_style("letter")), PHONE.drawn_dpi)
    known = Known(None, None, (), expect="none")
    rng = generator("letter")
    size = sheets[0].image.shape
    sealed = stamp(sheets[0], rng, (size[1] * 0.72, size[0] * 0.5), "云溪市水利局")
    return scan([sealed], PHONE, rng, known), known


def old_form(browser: Browser) -> tuple[list[Sheet], Known]:
    """Draw the statistics of a report as they were up to 2018."""
    blocks = (Text("title", "政府信息公开工作情况统计表（2018年度）"), seeds.old_statistics())
    sheets = browser.draw(Draft(blocks, plain_style("old")), GOOD.drawn_dpi)
    known = Known("安陵市人民政府", 2018, (), expect="unknown-form")
    return scan(sheets, GOOD, generator("old"), known), known


def main() -> None:
    """Draw the documents named on the command line, or all; fail where a font is missing."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(exist_ok=True)
    scenes = [*real_reports(), *layouts(), *scans()]
    for scene in scenes:  # a missing font would silently be replaced by another
        for font in {scene.style.cjk, scene.style.heading_font, scene.style.latin} - {""}:
            available((font,))
    with Browser() as browser:
        for scene in scenes:
            if wanted and Path(scene.name).stem not in wanted:
                continue
            sheets, known = draw_scene(scene, browser)
            seen_as = scene.seen_as or scene.recipe.machine
            truth = save(FOLDER / scene.name, sheets, scene.recipe, known, seen_as)
            print(scene.name, truth["pages"], (FOLDER / scene.name).stat().st_size // 1024, "KiB")
        others = (("letter.jpg", no_report, PHONE), ("statistics-2018.pdf", old_form, GOOD))
        for name, draw, recipe in others:
            if not wanted or Path(name).stem in wanted:
                sheets, known = draw(browser)
                save(FOLDER / name, sheets, recipe, known, recipe.machine)
                print(name, len(sheets), (FOLDER / name).stat().st_size // 1024, "KiB")


if __name__ == "__main__":
    main()
