"""The one place that runs WeasyPrint: fonts ready, no address but data: opened, and no warning let pass."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reports.renderers import RenderError
from reports.renderers.fonts import font_faces
from reports.renderers.pdf.text_layer import composite_glyphs

# Pango layouts, the font configuration and the logger are shared: one thread at a time.
LOCK = threading.RLock()
_LOGGER = logging.getLogger("weasyprint")


class MissingGlyph(RenderError):
    """No font of this machine has a character of the report."""

    def __init__(self, character: str) -> None:
        super().__init__(f"สร้าง PDF ไม่ได้: ไม่มีแบบอักษรสำหรับ “{character}” (U+{ord(character):04X})")
        self.character = character


class _Raise(logging.Handler):
    """Turns a warning into an error: what WeasyPrint warns of is seen on paper."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith(".notdef glyph") and isinstance(record.args, tuple):
            raise MissingGlyph(str(record.args[0]))
        raise RenderError(f"สร้าง PDF ไม่ได้: {record.getMessage()}")


def fetcher() -> URLFetcher:
    """A fetcher that opens data: addresses only; WeasyPrint warns of everything else, which is a RenderError."""
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@cache
def font_configuration() -> FontConfiguration:
    """The fonts of print, loaded once a process."""
    configuration = FontConfiguration()
    with warnings_raise():
        weasyprint.CSS(string=font_faces(), font_config=configuration, url_fetcher=fetcher())
    return configuration


@contextmanager
def warnings_raise() -> Iterator[None]:
    """Inside, a warning of WeasyPrint is a RenderError."""
    handler = _Raise(logging.WARNING)
    _LOGGER.addHandler(handler)
    try:
        yield
    finally:
        _LOGGER.removeHandler(handler)


def render_pdf(html: str, css: str, **options: Any) -> tuple[bytes, int]:
    """The PDF of a page of HTML under one style sheet, and its number of pages: the stock way. Raises RenderError."""
    with LOCK, warnings_raise(), composite_glyphs():
        document = lay_out(html, css, weasyprint.HTML)
        return write(document, **options), len(document.pages)


def lay_out(html: str, css: str, parser: type[weasyprint.HTML]) -> Any:
    """The pages of HTML under one style sheet, not yet painted. Only inside `warnings_raise`."""
    return parser(string=html, url_fetcher=fetcher()).render(
        stylesheets=[_sheet(css)], font_config=font_configuration(), presentational_hints=True
    )


@lru_cache(maxsize=16)
def _sheet(css: str) -> Any:
    return weasyprint.CSS(string=css, font_config=font_configuration(), url_fetcher=fetcher())


def write(document: Any, **options: Any) -> bytes:
    """The file of laid-out pages; `options` are WeasyPrint's. Only inside `warnings_raise`."""
    content: bytes = document.write_pdf(**options)
    return content
