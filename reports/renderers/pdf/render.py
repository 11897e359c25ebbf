"""PDF: the pages that the planner made, painted by WeasyPrint, each of them once as long as it is remembered."""

import logging
from collections.abc import Sequence
from typing import Any

from weasyprint import HTML
from weasyprint.pdf.metadata import DocumentMetadata

from reports.document import Block, Document, Heading, Title, map_texts
from reports.renderers import PdfOptions, RenderError, html
from reports.renderers.paper import paper_for, style_sheet
from reports.renderers.pdf import archive, patches
from reports.renderers.pdf.engine import LOCK, MissingGlyph, lay_out, warnings_raise, write
from reports.renderers.pdf.lines import Unrecordable
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.page_cache import PageCache, Shell
from reports.renderers.pdf.pages import plan
from reports.renderers.pdf.proof import stock_style, verify, verify_page
from reports.renderers.pdf.text_layer import composite_glyphs

PLAIN = PdfOptions()
Pages = Sequence[Sequence[Block]]
CACHE = PageCache()
_PAGES = "<!-- pages -->"  # no text can hold it: texts are escaped

logger = logging.getLogger(__name__)


def render(document: Document, options: PdfOptions = PLAIN, data: bytes = b"") -> bytes:
    """The document as PDF; `data` is attached to an archival one. Raises RenderError where WeasyPrint warns."""
    with LOCK:
        pages = plan(document, wrap)
        try:
            if patches.tested():
                try:
                    return render_cached(document, pages, options, data)
                except Unrecordable as reason:
                    logger.warning("made without the cache: %s: %s", document.metadata.title, reason)
            return render_stock(document, pages, options, data)
        except MissingGlyph as error:
            where = text_with(document, error.character)
            raise RenderError(f"{error} ในข้อความ “{where}” ให้แก้ข้อความนั้นแล้วลองใหม่") from error


def render_cached(document: Document, pages: Pages, options: PdfOptions = PLAIN, data: bytes = b"") -> bytes:
    """The planned pages as PDF, each painted once. Raises Unrecordable for pages that cannot be kept."""
    before, _, after = html.page(document, _PAGES).rpartition(_PAGES)
    metadata = document.metadata
    about = DocumentMetadata(title=metadata.title, authors=[metadata.author], lang=document.language)
    finisher = archive.finisher(options, data, headings(document), structured=True)
    shell = Shell(before, after, style_sheet(document.page))
    sections = [html.blocks(page) for page in pages]
    paper = paper_for(document.page)

    def check(number: int, printed: Any) -> None:
        for difference in verify_page(pages[number], paper, printed):
            raise Unrecordable(f"page {number + 1}: {difference}")

    return CACHE.render(shell, sections, about, check, **archive.write_options(options), finisher=finisher)


def render_stock(document: Document, pages: Pages, options: PdfOptions = PLAIN, data: bytes = b"") -> bytes:
    """The same made by WeasyPrint as it is: what the other way is held against.

    Where WeasyPrint prints other pages or rows than were planned, it breaks the document by itself: every text is
    printed whole, without the continuation marks.
    """
    writing = archive.write_options(options) | {"finisher": archive.finisher(options, data, headings(document))}
    with warnings_raise(), composite_glyphs():
        printed = lay_out(html.page(document, body(pages)), style_sheet(document.page), HTML)
        if differences := verify(pages, document.page, printed):
            logger.warning("printed without a plan: %s: %s", document.metadata.title, "; ".join(differences[:3]))
            unplanned = html.page(document, html.blocks(document.blocks))
            printed = lay_out(unplanned, stock_style(document.page), HTML)
        return write(printed, **writing)


def body(pages: Pages) -> str:
    return "".join(f"<section>\n{html.blocks(page)}</section>\n" for page in pages)


def headings(document: Document) -> list[str]:
    """The texts that stand in the outline of the file, apart from those of tables."""
    titles = ["\n".join(block.lines) for block in document.blocks if isinstance(block, Title)]
    return titles + [block.text for block in document.blocks if isinstance(block, Heading)]


def text_with(document: Document, character: str) -> str:
    """The beginning of the first text that holds a character."""
    found: list[str] = []

    def look(text: str) -> str:
        if character in text:
            found.append(text)
        return text

    map_texts(document, look)
    return found[0][:60] if found else ""
