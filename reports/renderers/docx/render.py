"""Word: the document as a file to work on as on one made by hand: real headings, real tables, text as text."""

from collections.abc import Iterator
from typing import Any

from reports.document import Block, Document, Emblem, Heading, Paragraph, Signatures, Table, Title
from reports.renderers.docx.package import new_word_document, picture, to_bytes
from reports.renderers.docx.table import signatures, table
from reports.renderers.docx.xml import paragraph
from reports.renderers.paper import Paper, paper_for


def render(document: Document) -> bytes:
    """The document as a Word file; the same document gives the same bytes."""
    word = new_word_document(document)
    paper = paper_for(document.page)
    end = word.element.body.sectPr
    for block in document.blocks:
        for part in [picture(word, block)] if isinstance(block, Emblem) else _block(block, paper):
            end.addprevious(part)
    return to_bytes(word)


def _block(block: Block, paper: Paper) -> Iterator[Any]:
    match block:
        case Title():
            yield paragraph("Title", "\n".join(block.lines))
        case Heading():
            yield paragraph(f"Heading{block.level}", block.text)
        case Paragraph():
            yield paragraph("BodyText" if block.indent else "Normal", block.text)
        case Table():
            yield table(block, paper)
            yield paragraph("TableEnd")  # without it Word joins the table to the next one
        case Signatures(roles) if roles:
            yield signatures(block, paper)
            yield paragraph("TableEnd")
