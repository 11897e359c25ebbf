"""HTML of a document: the fragment of the preview and the source of the PDF.

Every text is escaped, nothing is styled inline, and line feeds stay for the style sheet to show.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path

from reports.document import (
    Block,
    Cell,
    Document,
    Emblem,
    HeaderCell,
    Heading,
    Paragraph,
    Signatures,
    Table,
    Title,
    header_rows,
    signature_lines,
)
from reports.renderers.paper import emblem_height

_NEWLINE = "\n"
STYLESHEET = Path(__file__).parents[1] / "static" / "reports" / "report.css"


def render(document: Document) -> bytes:
    """The document as one HTML file that needs no other."""
    return page(document, fragment(document), f"<style>\n{stylesheet()}</style>\n").encode()


def page(document: Document, body: str, head: str = "") -> str:
    """A whole HTML page of the given markup."""
    metadata = document.metadata
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{escape(metadata.title)}</title>\n<meta name="author" content="{escape(metadata.author)}">\n'
        f"{head}</head>\n<body>\n{body}</body>\n</html>\n"
    )


class Markup(str):
    """Markup whose texts were escaped when it was made; a template prints it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def fragment(document: Document) -> Markup:
    """The document as markup to stand inside a page that loads report.css."""
    return Markup(f'<article class="report" lang="{escape(document.language)}">\n{blocks(document.blocks)}</article>\n')


def blocks(blocks: Sequence[Block]) -> str:
    """The markup of blocks."""
    return "".join(part for block in blocks for part in _block(block))


@cache
def stylesheet() -> str:
    """The rules that screen and print share."""
    return STYLESHEET.read_text(encoding="utf-8")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Emblem():
            image = b64encode(block.image).decode("ascii")
            yield '<div class="emblem">'
            yield f'<img height="{emblem_height(block.height)}" alt="{escape(block.alt)}"'
            yield f' src="data:image/png;base64,{image}"></div>\n'
        case Title():
            yield f"<h1>{escape(_NEWLINE.join(block.lines))}</h1>\n"
        case Heading():
            yield f"<h{block.level}>{escape(block.text)}</h{block.level}>\n"
        case Paragraph():
            yield f"<p{'' if block.indent else ' class=rest'}>{escape(block.text)}</p>\n"
        case Signatures():
            yield f'<div class="signatures of-{len(block.roles)}">'
            yield from (f"<p>{escape(_NEWLINE.join(signature_lines(role)))}</p>" for role in block.roles)
            yield "</div>\n"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    yield "<table>\n<colgroup>"
    yield from (f'<col width="{column.width}%">' for column in table.columns)
    yield "</colgroup>\n<thead>\n"
    if table.running_heading:
        heading = escape(table.running_heading)
        yield f'<tr class="running"><th colspan="{len(table.columns)}">{heading}</th></tr>\n'
    for tier in header_rows(table.columns):
        yield f"<tr>{''.join(map(_header_cell, tier))}</tr>\n"
    yield "</thead>\n<tbody>\n"
    for row in table.rows:
        yield f'<tr data-bookmark="{escape(row.bookmark)}">' if row.bookmark else "<tr>"
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell is not None:
                yield _cell(cell, column.align)
        yield "</tr>\n"
    yield "</tbody>\n</table>\n"


def _header_cell(cell: HeaderCell) -> str:
    scope = "colgroup" if cell.colspan > 1 else "col"
    spans = _span("rowspan", cell.rowspan) + _span("colspan", cell.colspan)
    return f'<th scope="{scope}"{spans}>{escape(cell.label)}</th>'


def _cell(cell: Cell, align: str) -> str:
    style = "" if align == "left" else f' class="{align}"'
    if len(cell.paragraphs) == 1:
        text = escape(cell.paragraphs[0])
    else:
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in cell.paragraphs)
    return f"<td{_span('rowspan', cell.rowspan)}{style}>{text}</td>"


def _span(name: str, length: int) -> str:
    return f' {name}="{length}"' if length > 1 else ""
