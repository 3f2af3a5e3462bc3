"""The committed documents: complete, small, and true to what they say of themselves."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageSequence

from reconstruct.templates import builtin
from samples.truth import path_of

FOLDER = Path(__file__).parents[2] / "samples" / "documents"
DOCUMENTS = sorted(p for p in FOLDER.iterdir() if p.suffix in {".pdf", ".png", ".jpg", ".tiff"})
NAMES = [path.name for path in DOCUMENTS]
FORMS = {(form.id, table.id): table for form in builtin() for table in form.tables}


def truth(document: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(document).read_text(encoding="utf-8"))
    return found


def pages(document: Path) -> list[np.ndarray]:
    """Every page as grey levels; of a PDF, the picture embedded in it."""
    if document.suffix != ".pdf":
        with Image.open(document) as file:
            return [np.asarray(f.convert("L")) for f in ImageSequence.Iterator(file)]
    with pikepdf.open(document) as pdf:
        return [
            np.asarray(pikepdf.PdfImage(page.Resources.XObject.Im).as_pil_image().convert("L"))
            for page in pdf.pages
        ]


def test_there_are_enough_of_them_and_they_stay_small() -> None:
    assert len(DOCUMENTS) >= 16
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 12_000_000


def test_every_document_has_its_truth_and_every_truth_its_document() -> None:
    assert {path_of(d).name for d in DOCUMENTS} == {p.name for p in FOLDER.glob("*.json")}


def test_the_readme_says_of_each_what_it_is_for() -> None:
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_figures_add_up_except_where_the_page_is_wrong(document: Path) -> None:
    known = truth(document)
    wrong = {(w["table"], *w["cell"]) for w in known["page_is_wrong_at"]}
    for name, table in known["tables"].items():
        form = FORMS[table["template"], name]
        value = {(c["row"], c["column"]): Decimal(c["value"] or 0) for c in table["cells"]}
        assert list(value) == [cell.address for cell in form.figures]
        for equation in form.equations:
            holds = sum(value[a] for a in equation.left) == sum(value[a] for a in equation.right)
            assert holds is not any((name, *a) in wrong for a in equation.cells), equation.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_polygons_surround_ink_where_something_is_printed(document: Path) -> None:
    known = truth(document)
    images = pages(document)
    assert len(images) == known["pages"]
    for table in known["tables"].values():
        for cell in table["cells"]:
            image = images[cell["page"] - 1]
            polygon = np.array(cell["polygon"])
            low = np.floor(polygon.min(axis=0)).astype(int)
            high = np.ceil(polygon.max(axis=0)).astype(int)
            assert (low >= 0).all()
            assert (high <= [image.shape[1], image.shape[0]]).all()
            inside = image[low[1] : high[1], low[0] : high[0]]
            if cell["printed"]:
                assert int(np.median(inside)) - int(inside.min()) > 40, cell


def test_the_set_shows_what_it_is_meant_to_show() -> None:
    known = {d.stem: truth(d) for d in DOCUMENTS}
    assert known["letter"]["expect"] == "none"
    assert known["statistics-2018"]["expect"] == "unknown-form"
    assert known["split-label"]["tables"]["t3"]["pages"] == [2, 3]
    assert known["mixed-2023"]["tables"]["t2"]["template"] == "cn-foi/2021"
    assert known["mixed-2023"]["tables"]["t3"]["template"] == "cn-foi/2019"
    assert {len(known[n]["page_is_wrong_at"]) for n in ("wrong-sums", "demo")} == {1, 2}
    printed = {n: {c["printed"] for c in known[n]["tables"]["t3"]["cells"]} for n in known
               if "t3" in known[n]["tables"]}  # fmt: skip
    assert "" in printed["blanks"]
    assert "0" not in printed["blanks"]
    assert "—" in printed["dashes"]
    assert max(len(p) for p in printed["city-poor"]) == 5
