"""What is compared for speed: each engine in a process of its own, fed one document at a time.

All of them read with PP-OCRv6-small weights on onnxruntime, with the same number of threads.
RapidOCR and PaddleOCR detect and recognise the text of every page, and do nothing else; they are
given the pages decoded, whereas Gouji opens, decodes and finishes the documents itself.

"PaddleOCR, lean" is what can be had from it: pages shrunk to 1280 pixels as Gouji's own detection
would, and waiting threads put to sleep, which onnxruntime lets spin unless it is told.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np

from benchmarks.clock import cpu_seconds
from document.page import Page
from models.weights import find
from pipeline.intake import open_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    Reader: TypeAlias = Callable[[Path], None]

DETECTION, RECOGNITION = "PP-OCRv6_small_det", "PP-OCRv6_small_rec"


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: CPU and wall seconds, and the most memory so far, in MiB."""

    cpu: float
    wall: float
    peak: float


class EngineError(Exception):
    """An engine that could not be started, or has died."""


class Engine:
    """A process that reads documents one after another. ``start`` is what starting it took."""

    def __init__(self, name: str, threads: int) -> None:
        """Start the process. Raises EngineError where it does not come up."""
        self.name = name
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, threads, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.start = self._answer()

    def read(self, path: Path) -> Cost:
        """Read all pages of a document. Raises EngineError where the process dies of it."""
        self._ours.send(path)
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._ours.close()
        self._process.terminate()
        self._process.join()

    def _answer(self) -> Cost:
        try:
            cost: Cost = self._ours.recv()
        except EOFError:
            message = f"{self.name} has died; its last words are above"
            raise EngineError(message) from None
        return cost


def _serve(name: str, threads: int, pipe: Connection) -> None:
    logging.disable(logging.WARNING)
    begun = time.perf_counter()
    if name in ENGINES:
        prepare, read = ENGINES[name](threads)
    else:
        from benchmarks.peers import PEERS  # noqa: PLC0415 - that builds on this module

        prepare, read = PEERS[name](threads)
    pipe.send(_cost(0.0, begun))
    while True:
        try:
            path = pipe.recv()
        except EOFError:
            return
        given = prepare(path)
        cpu, begun = cpu_seconds(), time.perf_counter()
        read(given)
        pipe.send(_cost(cpu, begun))


def _cost(cpu: float, begun: float) -> Cost:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(cpu_seconds() - cpu, time.perf_counter() - begun, peak)


def _pages(path: Path) -> list[Any]:
    pages = open_document(path).pages()
    return [page.image for page in pages if isinstance(page, Page)]


def _each(read: Callable[[Any], object], pages: list[Any]) -> None:
    for page in pages:
        read(page)


def _same(path: Path) -> Path:
    return path


def _gouji(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    from ocr.digits import read_figures  # noqa: PLC0415 - none of this is for the other engines
    from pipeline.recover import Readers, load_readers, recover  # noqa: PLC0415
    from reconstruct.templates import builtin  # noqa: PLC0415

    cv2.setNumThreads(threads)
    readers = Readers(load_readers(threads).labels, partial(read_figures, threads=threads))
    # Start-up ends where a first page could be read: the networks are loaded too.
    paper = np.full((48, 96, 3), 255, np.uint8)
    readers.labels.read([paper])
    readers.figures([paper])

    def read(path: Path) -> None:
        recover(open_document(path), templates=builtin(), readers=readers)

    return _same, read


def _rapidocr(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    from rapidocr import RapidOCR  # noqa: PLC0415

    engine = RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return _pages, partial(_each, engine)


def _paddleocr(
    threads: int, **settings: Any
) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    from paddleocr import PaddleOCR  # noqa: PLC0415 - reads the above while it is imported

    with tempfile.TemporaryDirectory(prefix="gouji-bench-") as folder:
        detection, recognition = Path(folder) / "det", Path(folder) / "rec"
        lay_out(detection, find("ppocr-v6-small-det"), _detection())
        lay_out(recognition, find("ppocr-v6-small-rec"), _recognition())
        engine = PaddleOCR(
            text_detection_model_name=DETECTION,
            text_detection_model_dir=str(detection),
            text_recognition_model_name=RECOGNITION,
            text_recognition_model_dir=str(recognition),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": threads, "inter_op_num_threads": 1},
            device="cpu",
            **settings,
        )
    return _pages, partial(_each, engine.predict)


def _paddleocr_lean(threads: int) -> tuple[Callable[[Path], Any], Callable[[Any], object]]:
    import onnxruntime  # noqa: PLC0415

    _recognition()  # opens a session of ours, which is quiet already

    class Sleeping(onnxruntime.InferenceSession):  # type: ignore[misc]
        """A session whose waiting threads sleep."""

        def __init__(self, path: Any, sess_options: Any, **others: Any) -> None:
            sess_options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            super().__init__(path, sess_options=sess_options, **others)

    onnxruntime.InferenceSession = Sleeping
    return _paddleocr(threads, text_det_limit_side_len=1280, text_det_limit_type="max")


def lay_out(folder: Path, weights: Path, settings: dict[str, Any]) -> None:
    """Write a model folder as PaddleOCR wants it; JSON is YAML too."""
    folder.mkdir()
    (folder / "inference.onnx").symlink_to(weights)
    text = json.dumps(settings, ensure_ascii=False)
    (folder / "inference.yml").write_text(text, encoding="utf-8")


def _detection() -> dict[str, Any]:
    normal = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
    return {
        "Global": {"model_name": DETECTION},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": None},
                {"NormalizeImage": normal | {"scale": "1./255.", "order": "hwc"}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.2,
            "box_thresh": 0.45,
            "max_candidates": 3000,
            "unclip_ratio": 1.4,
        },
    }


def _recognition() -> dict[str, Any]:
    from models.sessions import session  # noqa: PLC0415 - loads the inference engine

    characters = session("ppocr-v6-small-rec", 1).get_modelmeta().custom_metadata_map["character"]
    return {
        "Global": {"model_name": RECOGNITION},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters.split("\n")},
    }


ENGINES: dict[str, Callable[[int], tuple[Callable[[Path], Any], Callable[[Any], object]]]] = {
    "Gouji": _gouji,
    "RapidOCR": _rapidocr,
    "PaddleOCR": _paddleocr,
    "PaddleOCR, lean": _paddleocr_lean,
}
