"""The complete description of a printed report: what every renderer draws, and nothing that it must look up."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from measures.snapshot import PAPERS
from reports.data_table import DataTable

SIGNATURE_DOTS = "." * 36
SHORT_ROLE = 14  # letters of a role that fit behind the line to sign on


@dataclass(frozen=True)
class Margins:
    """Millimetres of white at the edges of the paper; the page number stands in the upper one."""

    top: int = 15
    right: int = 12
    bottom: int = 12
    left: int = 12


@dataclass(frozen=True)
class Page:
    """The paper, a name of PAPERS, and the size of the cells' type in points.

    `number_format` holds {page} ("" = no numbers); numbers show from page `number_from` on.
    """

    orientation: str = "landscape"
    font_size: int = 11
    number_format: str = ""
    number_from: int = 1
    thai_digits: bool = True
    paper: str = "A4"
    margins: Margins = Margins()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the paper in millimetres, as it lies before the reader."""
        short, long = PAPERS[self.paper]
        return (long, short) if self.orientation == "landscape" else (short, long)


@dataclass(frozen=True)
class Metadata:
    """What a reader program shows about the file; no dates, so that the same report is the same bytes."""

    title: str
    author: str


@dataclass(frozen=True)
class Emblem:
    """The agency's emblem in the middle of the page: a PNG `height` millimetres high; `alt` says what it shows."""

    image: bytes
    alt: str
    height: int


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
    """One cell a column; None where a cell above reaches down to here.

    `bookmark` names what begins with this row in the outline of the file; it is not printed.
    """

    cells: tuple[Cell | None, ...]
    bookmark: str = ""


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


def signature_lines(role: str) -> tuple[str, ...]:
    """The lines of one place to sign; a long role stands under the name, on lines of its own."""
    short = f" {role}" if len(role) <= SHORT_ROLE else ""
    return (
        f"ลงชื่อ {SIGNATURE_DOTS}{short}",
        f"({SIGNATURE_DOTS})",
        *([] if short else role.split("\n")),
        f"ตำแหน่ง {SIGNATURE_DOTS}",
        f"วันที่ {SIGNATURE_DOTS}",
    )


Block = Emblem | Title | Heading | Paragraph | Table | Signatures


@dataclass(frozen=True)
class Document:
    """A report, ready to print; `language` is a BCP 47 tag; `data` stands beside it where a file can hold tables."""

    metadata: Metadata
    page: Page
    blocks: tuple[Block, ...]
    language: str = "th"
    data: tuple[DataTable, ...] = ()


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
        case Emblem():
            return replace(block, alt=change(block.alt))
        case Title():
            return Title(tuple(map(change, block.lines)))
        case Heading() | Paragraph():
            return replace(block, text=change(block.text))
        case Signatures():
            return Signatures(tuple(map(change, block.roles)))
        case Table():
            columns = tuple(replace(c, label=change(c.label), over=change(c.over)) for c in block.columns)
            rows = tuple(
                Row(tuple(_map_cell(cell, change) for cell in row.cells), change(row.bookmark)) for row in block.rows
            )
            texts = {"running_heading": change(block.running_heading), "continued": change(block.continued)}
            return replace(block, columns=columns, rows=rows, **texts)


def _map_cell(cell: Cell | None, change: Callable[[str], str]) -> Cell | None:
    return cell and replace(cell, paragraphs=tuple(map(change, cell.paragraphs)))
