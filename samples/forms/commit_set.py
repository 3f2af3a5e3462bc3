"""Makes the committed documents of the forms in this folder: small, plainly scanned.

python -m samples.forms.commit_set
"""

from __future__ import annotations

from pathlib import Path

from samples.forms.generate import compose, form
from samples.generate import generator, save, scan
from samples.scene import GOOD
from samples.write_html import Browser

FOLDER = Path(__file__).parents[1] / "documents" / "other-forms"
SCENES = (
    ("enrolment.pdf", "school-enrolment", "enrolment"),
    ("income.jpg", "financial-statements", "income"),
    ("balance.pdf", "financial-statements", "balance"),
)


def main() -> None:
    """Write all documents with their truth."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        for file, name, wanted in SCENES:
            rng = generator("other-forms", file)
            template = form(name)
            table = next(one for one in template.tables if one.id == wanted)
            draft, known = compose(template, table, rng, "develop")
            sheets = scan(browser.draw(draft, GOOD.drawn_dpi), GOOD, rng, known)
            save(FOLDER / file, sheets, GOOD, known, GOOD.machine)
            print(file)


if __name__ == "__main__":
    main()
