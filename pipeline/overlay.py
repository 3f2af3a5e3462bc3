"""Draws what each stage saw, on the page, for ``--debug``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from document.errors import OutputError
from document.message import Message
from document.report import Status
from layout.lattice import DRAWN, spans

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from document.lattice import Lattice
    from document.report import Table
    from layout.sheet import Sheet
    from pipeline.sight import Part

_GREEN, _RED, _BLUE, _ORANGE = (0, 170, 0), (0, 0, 220), (200, 60, 0), (0, 140, 255)
_COLOURS = {
    Status.READ: _GREEN,
    Status.REPAIRED: _BLUE,
    Status.DERIVED: _BLUE,
    Status.HUMAN: _GREEN,
    Status.DISPUTED: _ORANGE,
    Status.UNREADABLE: _RED,
}


class Overlay:
    """A folder that takes the pictures. Raises OutputError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def layout(self, sheet: Sheet, page: int) -> None:
        """Draw the flattened page, the ruling-line masks and the lattices found on it."""
        self._save(f"page{page:03d}-1-flat", sheet.view.image)
        ink = cv2.cvtColor(255 - sheet.made.ink, cv2.COLOR_GRAY2BGR)
        ink[sheet.found.level] = _GREEN
        ink[sheet.found.plumb] = _BLUE
        self._save(f"page{page:03d}-2-rulings", ink)
        drawn = sheet.view.image.copy()
        for lattice in sheet.lattices:
            _draw_lattice(drawn, lattice, sheet.em)
        self._save(f"page{page:03d}-3-lattice", drawn)

    def figures(self, part: Part, number: int, table: Table) -> None:
        """Draw the accepted values of a table on the part of it that one page shows."""
        if not part.picture.image.size:
            return  # its characters were known, and no picture of it was made
        drawn = part.picture.image.copy()
        for cell in table.cells:
            if cell.page != part.page or cell.polygon is None:
                continue
            corners = np.array(part.picture.view_points(cell.polygon))
            colour = _RED if cell.needs_review else _COLOURS[cell.status]
            cv2.polylines(
                drawn, [corners.astype(np.int32)], isClosed=True, color=colour, thickness=2
            )
            shown = cell.printed if cell.value is None else str(cell.value)
            place = (int(corners[0][0]) + 3, int(corners[0][1] + 0.75 * part.em))
            text = shown.encode("ascii", "replace").decode()
            cv2.putText(drawn, text, place, cv2.FONT_HERSHEY_SIMPLEX, part.em / 34, colour, 1)
        self._save(f"page{part.page:03d}-4-{table.table}-{number}-figures", drawn)

    def _save(self, name: str, image: NDArray[np.uint8]) -> None:
        path = self._folder / f"{name}.png"
        try:
            Image.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).save(path, compress_level=1)
        except OSError as error:
            raise _unwritable(path, error) from error


def _draw_lattice(image: NDArray[np.uint8], lattice: Lattice, em: float) -> None:
    for cell in spans(lattice):
        box = cell.box.inset(0.12 * em)
        corners = (int(box.left), int(box.top)), (int(box.right), int(box.bottom))
        cv2.rectangle(image, *corners, (230, 220, 120), 1)
    for edges, steps in ((lattice.across, (0, 1)), (lattice.down, (1, 0))):
        for i, row in enumerate(edges):
            for j, cover in enumerate(row):
                if cover < 0.05:
                    continue
                a, b = lattice.nodes[i][j], lattice.nodes[i + steps[0]][j + steps[1]]
                colour = _GREEN if cover >= DRAWN else _RED
                cv2.line(image, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), colour, 2)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        "unwritable",
        Message(
            f"无法写入调试图 {path}（{error.strerror}）；请换一个可写的文件夹",
            f"cannot write the overlay {path} ({error.strerror}); choose a folder you may write",
        ),
    )
