"""Make the recogniser that glances at labels: PP-OCRv6-small in whole numbers of 8 bits.

``python -m benchmarks.quantise`` draws a few reports, cuts out what a glance is taken at, and
sees which values every layer takes on them; weights and values are then scaled to 8 bits
(onnxruntime's static quantisation, a scale for each channel). It writes ``models/weights/`` and
the sha256 into the manifest. Needs ``pip install onnx``. The same commit and versions give the
same bytes; another commit glances at other lines, and so gives slightly other scales. The file
in the repository was scaled at an earlier one and had its last layer pruned since: see
``docs/decisions/what-a-page-costs.md``.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime
from onnx import version_converter
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from benchmarks.documents import CACHE, Wish, made
from models.weights import MANIFEST, find
from ocr.general import WEIGHTS, characters
from ocr.labels import LabelReader
from ocr.strips import batches, narrowed
from pipeline.intake import open_document
from pipeline.recover import load_readers, recover
from reconstruct.templates import builtin
from reconstruct.wording import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ocr.labels import TextLine

TARGET = MANIFEST.parent / "weights" / "labels-int8.onnx"

OPSET = 17
"""The least whose quantised layers have a scale for each channel is 13."""

COMMON = b"\xd8\xa1"
"""Where GB 2312 begins with the characters of its second level, which are rare."""

KEPT_APART = [
    "ConvActivationFusion",
    "ConvAddActivationFusion",
    "MatmulTransposeFusion",
    "QuickGeluFusion",
    "SimplifiedLayerNormFusion",
    "SkipLayerNormFusion",
    "LayerNormFusion",
]
"""What onnxruntime joins before layers are quantised that could not be quantised then."""


class Kept(LabelReader):
    """Reads labels, and keeps what it was shown."""

    shown: list[NDArray[np.uint8]]

    def knowing(self, phrases: object) -> Kept:  # noqa: ARG002 - everything is read in full
        """Return itself: what is known changes nothing here."""
        return self

    def read_labels(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Keep the crops, and read them."""
        self.shown += [crop.copy() for crop in crops if crop.size]
        return self.read(crops)

    def skim(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """Do the same, in full: there is nothing to glance with yet."""
        return self.read_labels(crops)

    def glance(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[TextLine | None, ...]:
        """Find nothing plain, so that all is read."""
        return (None,) * len(crops)


class Strips(CalibrationDataReader):  # type: ignore[misc]  # it has no types
    """Batches of strips (n, 3, 48, width), as the network takes them."""

    def __init__(self, strips: Sequence[NDArray[np.uint8]]) -> None:
        """Take strips (48, width, 3) uint8."""
        self._batches = self._scaled(strips)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Return the next batch by the name of the network's input; None after the last."""
        return next(self._batches, None)

    @staticmethod
    def _scaled(strips: Sequence[NDArray[np.uint8]]) -> Iterator[dict[str, NDArray[np.float32]]]:
        for batch in batches(strips):
            stacked = np.stack([strips[index] for index in batch])
            scaled = (stacked.transpose(0, 3, 1, 2) / 255 - 0.5) / 0.5
            yield {"x": scaled.astype(np.float32)}


def main() -> None:
    """Draw, collect, quantise, and write the network and its sha256."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=3, help="reports to learn scales from")
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args()
    reader = Kept(1)
    reader.shown = []
    readers = load_readers(1)
    for truth in made(Wish("report", asked.documents, ("L0", "L1"), "develop"), asked.cache):
        kept = type(readers)(reader, readers.figures, readers.glance)
        recover(open_document(truth.path), templates=builtin(), readers=kept)
    strips = [strip for crop in reader.shown if (strip := narrowed(crop)) is not None]
    with tempfile.TemporaryDirectory() as folder:
        quantise(strips, Path(folder))
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    entry = re.compile(r'(name = "ppocr-v6-small-rec-int8"\n(?:.*\n)*?sha256 = ")[0-9a-f]*')
    manifest = MANIFEST.read_text(encoding="utf-8")
    MANIFEST.write_text(entry.sub(rf"\g<1>{digest}", manifest, count=1), encoding="utf-8")
    print(f"{len(strips)} lines seen; {TARGET}, {TARGET.stat().st_size} bytes, {digest}")


def quantise(strips: Sequence[NDArray[np.uint8]], folder: Path) -> None:
    """Quantise the recogniser by what its layers make of ``strips``."""
    newer, joined = folder / "newer.onnx", folder / "joined.onnx"
    onnx.save(version_converter.convert_version(onnx.load(find(WEIGHTS)), OPSET), newer)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(joined)
    onnxruntime.InferenceSession(
        str(newer),
        sess_options=options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=KEPT_APART,
    )
    quantize_static(
        str(joined),
        str(TARGET),
        Strips(strips),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "MatMul"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    onnx.save(pruned(onnx.load(TARGET)), TARGET)


def pruned(network: onnx.ModelProto) -> onnx.ModelProto:
    """Return the network without the classes of rare characters: a quarter of its price.

    What is left is what GB 2312 calls common, with signs, digits and Latin letters, and what the
    forms use besides. Its metadata say which characters.
    """
    known = characters(1)
    wanted = set("".join(phrases(builtin())))
    kept = [n for n, one in enumerate(known) if _is_common(one) or set(one) & wanted]
    for one in network.graph.initializer:
        values = onnx.numpy_helper.to_array(one)
        if values.shape[-1:] == (len(known),):
            left = np.ascontiguousarray(values[..., kept])
            one.CopyFrom(onnx.numpy_helper.from_array(left, one.name))
    for one in (*network.graph.output, *network.graph.value_info):
        for side in one.type.tensor_type.shape.dim:
            if side.dim_value == len(known):
                side.dim_value = len(kept)
    del network.metadata_props[:]
    named = "\n".join(known[n] for n in kept[1:-1])
    onnx.helper.set_model_props(network, {"character": named})
    return network


def _is_common(character: str) -> bool:
    """Tell whether a class is the blank, the space, or one of GB 2312's first 55 rows."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) < len(COMMON) or code < COMMON


if __name__ == "__main__":
    main()
