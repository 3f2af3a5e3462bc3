"""The PaddleOCR package as a reader of labels: offline, on ONNX weights that are installed."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.sessions import DEFAULT_THREADS, session
from models.weights import find
from ocr.general import WEIGHTS
from ocr.strips import HEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocr.labels import Recogniser

MODEL_NAME = "PP-OCRv6_small_rec"


def paddle_recogniser(threads: int = DEFAULT_THREADS) -> Recogniser:
    """Load PaddleOCR, which takes seconds, and return its ``TextRecognition`` of strips.

    Raises WeightsError where the weights are missing or altered.
    """
    recogniser = _text_recognition(threads)

    def recognised(strips: NDArray[np.uint8]) -> list[tuple[str, float]]:
        images = [np.ascontiguousarray(image) for image in strips]
        found = recogniser.predict(images, batch_size=len(images))
        return [(str(one["rec_text"]), float(one["rec_score"])) for one in found]

    return recognised


def _text_recognition(threads: int) -> Any:
    """Build PaddleOCR's recogniser on the installed ONNX file; opens no connection."""
    # Must stand before the import: paddlex probes its model hosts while it is imported.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    opened = session(WEIGHTS, threads)
    with tempfile.TemporaryDirectory(prefix="gouji-rec-") as folder:
        # It makes folders for what it might fetch, and may make none in a home that is not ours.
        os.environ.setdefault("PADDLE_PDX_CACHE_HOME", folder)
        _lay_out(Path(folder), opened.get_modelmeta().custom_metadata_map["character"])
        recogniser = _imported()(
            model_name=MODEL_NAME,
            model_dir=folder,
            engine="onnxruntime",
            device="cpu",
            engine_config={"intra_op_num_threads": 1},
        )
    # PaddleOCR offers no way to keep waiting threads from spinning; our session of the same
    # file does, at half the CPU, and is shared with the reader of figures.
    recogniser.paddlex_predictor.runner.session = opened
    return recogniser


def _imported() -> Any:
    # urllib3, imported with it, opens a socket to learn whether there is IPv6; no socket is
    # opened in Gouji, so it is told that there is none.
    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        from paddleocr import TextRecognition  # noqa: PLC0415 - costs seconds
    finally:
        socket.has_ipv6 = has_ipv6
    return TextRecognition


def _lay_out(folder: Path, characters: str) -> None:
    """Write a model folder as PaddleOCR wants it: inference.onnx beside inference.yml."""
    target = folder / "inference.onnx"
    source = find(WEIGHTS)
    try:
        target.symlink_to(source)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
    lines = [
        "Global:",
        f"  model_name: {MODEL_NAME}",
        "PreProcess:",
        "  transform_ops:",
        "  - DecodeImage: {channel_first: false, img_mode: BGR}",
        f"  - RecResizeImg: {{image_shape: [3, {HEIGHT}, 96]}}",
        "PostProcess:",
        "  name: CTCLabelDecode",
        "  character_dict:",
        *(f"  - {_quoted(character)}" for character in characters.split("\n")),
    ]
    (folder / "inference.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(character: str) -> str:
    return "'" + character.replace("'", "''") + "'"
