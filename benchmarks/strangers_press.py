"""A browser that shows strangers' pages on a screen, and prints them."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Self

import cv2
import numpy as np
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from types import TracebackType

    from benchmarks.strangers_spoiling import Image

CHROMIUM = "/usr/bin/chromium"
FOOT = (
    "<div style='font-size:8px;width:100%;padding:0 15mm'><span class=url></span>"
    "<span style='float:right'><span class=pageNumber></span>/<span class=totalPages></span>"
    "</span></div>"
)
HEAD = (
    "<div style='font-size:8px;width:100%;padding:0 15mm'><span class=date></span>"
    "<span style='margin-left:30%' class=title></span></div>"
)


class Press:
    """A Chromium that shows and prints; a context manager, so that it is surely ended."""

    def __enter__(self) -> Self:
        """Start the browser with a profile of its own."""
        self._folder = tempfile.TemporaryDirectory(prefix="gouji-strangers-")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._browser.close()
        self._playwright.stop()
        self._folder.cleanup()

    def show(self, page: str, width: int, density: float) -> Image:
        """Return a whole web page as a screen of ``density`` shows it."""
        view = self._browser.new_page(
            viewport={"width": width + 48, "height": 400}, device_scale_factor=density
        )
        view.set_content(page)
        data = np.frombuffer(view.screenshot(full_page=True), np.uint8)
        view.close()
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    def print(self, page: str, *, framed: bool) -> bytes:
        """Return a web page as a PDF; ``framed`` has the browser print its head and foot."""
        view = self._browser.new_page()
        view.set_content(page)
        data = view.pdf(
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=framed,
            header_template=HEAD,
            footer_template=FOOT,
        )
        view.close()
        return bytes(data)
