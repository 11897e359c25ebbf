"""The complete description of a printed report: what every renderer draws, and nothing that it must look up."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Page:
    """A4 paper and the size of the cells' type in points.

    `number_format` holds {page} ("" = no numbers); numbers show from page `number_from` on.
    """

    orientation: str = "landscape"
    font_size: int = 11
    number_format: str = ""
    number_from: int = 1
    thai_digits: bool = True


@dataclass(frozen=True)
class Metadata:
    """What a reader program shows about the file; no dates, so that the same report is the same bytes."""

    title: str
    author: str


@dataclass(frozen=True)
class Title:
    """The title block, a line each."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """`level` 2 for a section, 3 for a part of one. A following table of the same form continues the former."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """`indent`: the first line is indented, as at the beginning of every paragraph."""

    text: str
    indent: bool = True


@dataclass(frozen=True)
class Column:
    """`width` in per cent of the table; `over` is the label of the upper header tier ("" = one tier)."""

    label: str
    width: int
    over: str = ""
    align: str = "left"


@dataclass(frozen=True)
class Cell:
    """Printed paragraphs, merged over `rowspan` rows.

    `repeats`: where its rows run on to another page, the cell's text stands there again with the table's
    `continued` mark.
    """

    paragraphs: tuple[str, ...]
    rowspan: int = 1
    repeats: bool = False


@dataclass(frozen=True)
class Row:
    """One cell a column; None where a cell above reaches down to here."""

    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Table:
    """`running_heading` stands above the header on every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    running_heading: str = ""
    continued: str = ""


@dataclass(frozen=True)
class Signatures:
    """Places to sign, side by side: who signs in which role."""

    roles: tuple[str, ...]


Block = Title | Heading | Paragraph | Table | Signatures


@dataclass(frozen=True)
class Document:
    """A report, ready to print; `language` is a BCP 47 tag."""

    metadata: Metadata
    page: Page
    blocks: tuple[Block, ...]
    language: str = "th"


@dataclass(frozen=True)
class HeaderCell:
    label: str
    column: int
    rowspan: int
    colspan: int


def header_rows(columns: tuple[Column, ...]) -> tuple[tuple[HeaderCell, ...], ...]:
    """The header of one tier, or of two where a column has an `over`; neighbours with one `over` share it."""
    if not any(column.over for column in columns):
        return (tuple(HeaderCell(column.label, index, 1, 1) for index, column in enumerate(columns)),)
    upper: list[HeaderCell] = []
    lower: list[HeaderCell] = []
    for index, column in enumerate(columns):
        if not column.over:
            upper.append(HeaderCell(column.label, index, 2, 1))
            continue
        lower.append(HeaderCell(column.label, index, 1, 1))
        if index and columns[index - 1].over == column.over:
            upper[-1] = replace(upper[-1], colspan=upper[-1].colspan + 1)
        else:
            upper.append(HeaderCell(column.over, index, 1, 1))
    return tuple(upper), tuple(lower)


def map_texts(document: Document, change: Callable[[str], str]) -> Document:
    """`document` with `change` applied to every text that is printed."""
    metadata = Metadata(change(document.metadata.title), change(document.metadata.author))
    blocks = tuple(_map_block(block, change) for block in document.blocks)
    return replace(document, metadata=metadata, blocks=blocks)


def _map_block(block: Block, change: Callable[[str], str]) -> Block:
    match block:
        case Title():
            return Title(tuple(map(change, block.lines)))
        case Heading() | Paragraph():
            return replace(block, text=change(block.text))
        case Signatures():
            return Signatures(tuple(map(change, block.roles)))
        case Table():
            columns = tuple(replace(c, label=change(c.label), over=change(c.over)) for c in block.columns)
            rows = tuple(Row(tuple(_map_cell(cell, change) for cell in row.cells)) for row in block.rows)
            texts = {"running_heading": change(block.running_heading), "continued": change(block.continued)}
            return replace(block, columns=columns, rows=rows, **texts)


def _map_cell(cell: Cell | None, change: Callable[[str], str]) -> Cell | None:
    return cell and replace(cell, paragraphs=tuple(map(change, cell.paragraphs)))
