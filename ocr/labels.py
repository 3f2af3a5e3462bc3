"""Labels by PaddleOCR: its text recognition, offline, on ONNX weights that are installed."""

from __future__ import annotations

import math
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.sessions import DEFAULT_THREADS, session
from models.weights import find
from ocr.strips import HEIGHT, batches, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WEIGHTS = "ppocr-v6-small-rec"
MODEL_NAME = "PP-OCRv6_small_rec"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as read: ``confidence`` is the recogniser's own, 0 to 1, uncalibrated."""

    text: str
    confidence: float


class LabelReader:
    """Reads single lines of any text with PaddleOCR's ``TextRecognition`` on onnxruntime.

    Give it the whole interior of a label cell, or of one line of it: cropping to the ink drops
    一 and 、 at the edges.
    """

    def __init__(self, threads: int = DEFAULT_THREADS) -> None:
        """Load the recogniser. Raises WeightsError where its weights are missing or altered."""
        self._recogniser = _text_recognition(threads)

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Read single-line crops, each (H, W, 3) uint8 blue-green-red, in their order.

        A crop with no pixels reads as "" with confidence 0.
        """
        lines = [TextLine("", 0.0)] * len(crops)
        places = [place for place, crop in enumerate(crops) if crop.size]
        strips = [strip(crops[place]) for place in places]
        for batch in batches(strips):
            images = [np.ascontiguousarray(strips[index]) for index in batch]
            results = self._recogniser.predict(images, batch_size=len(images))
            for index, result in zip(batch, results, strict=True):
                score = float(result["rec_score"])
                lines[places[index]] = TextLine(
                    str(result["rec_text"]).strip(), 0.0 if math.isnan(score) else score
                )
        return tuple(lines)


def _text_recognition(threads: int) -> Any:
    """Build PaddleOCR's recogniser on the installed ONNX file; opens no connection."""
    # Must stand before the import: paddlex probes its model hosts while it is imported.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    # urllib3, imported with it, opens a socket to learn whether there is IPv6; no socket is
    # opened in Gouji, so it is told that there is none.
    has_ipv6, socket.has_ipv6 = socket.has_ipv6, False
    try:
        from paddleocr import TextRecognition  # noqa: PLC0415 - costs seconds, and reads the above
    finally:
        socket.has_ipv6 = has_ipv6

    opened = session(WEIGHTS, threads)
    with tempfile.TemporaryDirectory(prefix="gouji-rec-") as folder:
        _lay_out(Path(folder), opened.get_modelmeta().custom_metadata_map["character"])
        recogniser = TextRecognition(
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
