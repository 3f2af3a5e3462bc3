"""Put a trained network into the project: ``python -m models.digits.install build/digits``."""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from pathlib import Path

from models.weights import MANIFEST

TARGET = MANIFEST.parent / "weights" / "digits.onnx"


def main() -> None:
    """Copy digits.onnx into models/weights and write its sha256 into the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    source = parser.parse_args().folder / "digits.onnx"
    TARGET.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, TARGET)
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    manifest = MANIFEST.read_text(encoding="utf-8")
    entry = re.compile(r'(name = "gouji-digits"\n(?:.*\n)*?sha256 = ")[0-9a-f]*')
    MANIFEST.write_text(entry.sub(rf"\g<1>{digest}", manifest, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
