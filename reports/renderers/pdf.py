"""PDF: the pages that the planner made, painted by WeasyPrint."""

import logging
from collections.abc import Sequence

from reports.document import Block, Document, map_texts
from reports.renderers import RenderError, html
from reports.renderers.engine import LOCK, MissingGlyph, render_pdf
from reports.renderers.measure import wrap
from reports.renderers.pages import plan
from reports.renderers.paper import style_sheet

logger = logging.getLogger(__name__)


def render(document: Document) -> bytes:
    """The document as PDF. Raises RenderError where WeasyPrint warns of anything."""
    with LOCK:
        pages = plan(document, wrap)
        try:
            content, count = render_pdf(html.page(document, body(pages)), style_sheet(document.page))
        except MissingGlyph as error:
            where = text_with(document, error.character)
            raise RenderError(f"{error} ในข้อความ “{where}” ให้แก้ข้อความนั้นแล้วลองใหม่") from error
    if count != len(pages):
        # Every line is there all the same: what does not fit flows to a page of its own.
        logger.warning("pages planned %d, painted %d: %s", len(pages), count, document.metadata.title)
    return content


def body(pages: Sequence[Sequence[Block]]) -> str:
    return "".join(f"<section>\n{html.blocks(page)}</section>\n" for page in pages)


def text_with(document: Document, character: str) -> str:
    """The beginning of the first text that holds a character."""
    found: list[str] = []

    def look(text: str) -> str:
        if character in text:
            found.append(text)
        return text

    map_texts(document, look)
    return found[0][:60] if found else ""
