"""Excel: the document's tables as sheets that open ready to print, with every text as text; and its data to filter.

Pages are numbered in Arabic digits whatever the agency's switch: Excel's header knows no other (&P).
"""

import io
import math
from collections.abc import Iterator, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from measures.thai import to_thai_digits
from reports.document import (
    Block,
    Cell,
    Document,
    Emblem,
    Heading,
    Page,
    Paragraph,
    Signatures,
    Table,
    Title,
    header_rows,
    signature_lines,
)
from reports.renderers.xlsx.book import Rows, new_book, ready_to_print, save
from reports.renderers.xlsx.cells import SARABUN_SCALE, Look
from reports.renderers.xlsx.grid import Grid
from reports.renderers.xlsx.table import TableRows

FROZEN_LINES = 8  # text above a header that may stay in sight while scrolling
LETTERS = 180  # of a line across a page, about


def render(document: Document) -> bytes:
    """The document as an Excel file; the same document gives the same bytes."""
    output = io.BytesIO()
    book = new_book(document.metadata.title, document.metadata.author)
    rows: dict[Worksheet, Rows] = {}
    for number, (texts, tables, after) in enumerate(_sheets(document.blocks), 1):
        name = f"ตาราง {number}" if tables else f"ข้อความ {number}"
        sheet = book.create_sheet(to_thai_digits(name) if document.page.thai_digits else name)
        ready_to_print(sheet, document.page, opens=number == 1)
        page = _Sheet(sheet, document.page, tables)
        page.write(texts, tables, after)
        rows[sheet] = page.grid
    for data in document.data:
        sheet = book.create_sheet(data.name)
        rows[sheet] = TableRows(sheet, data.columns, data.records)
    save(book, rows, output)
    return output.getvalue()


Sheet = tuple[list[Block], list[tuple[list[Block], Table]], list[Block]]


def _sheets(blocks: Sequence[Block]) -> Iterator[Sheet]:
    """Texts, tables of one form with the headings between them, and texts after: what stands on one sheet."""
    texts: list[Block] = []
    tables: list[tuple[list[Block], Table]] = []
    between: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            between.append(block)
            continue
        if tables and tables[-1][1].columns == block.columns and all(isinstance(b, Heading) for b in between):
            tables.append((between, block))
            between = []
            continue
        if tables:
            yield texts, tables, []
        headings = next((n for n, b in enumerate(reversed(between)) if not isinstance(b, Heading)), len(between))
        texts, opening = between[: len(between) - headings], between[len(between) - headings :]
        if sum(map(_text_lines, texts)) > FROZEN_LINES:
            yield texts, [], []
            texts = []
        tables, between = [(opening, block)], []
    if tables and sum(map(_text_lines, between)) <= FROZEN_LINES:
        yield texts, tables, between
    else:
        if tables:
            yield texts, tables, []
        if between or not tables:
            yield between, [], []


def _text_lines(block: Block) -> int:
    """About how many lines a text takes across a page."""
    match block:
        case Title():
            return len(block.lines)
        case Heading() | Paragraph():
            return math.ceil(len(block.text) / LETTERS)
    return 3


class _Sheet:
    """One work sheet, filled from the top."""

    def __init__(self, sheet: Worksheet, page: Page, tables: list[tuple[list[Block], Table]]) -> None:
        self.sheet = sheet
        self.size = int(page.font_size / SARABUN_SCALE)
        self.grid = Grid(sheet, page, [column.width for column in tables[0][1].columns] if tables else [100])

    def write(self, texts: Sequence[Block], tables: list[tuple[list[Block], Table]], after: Sequence[Block]) -> None:
        self.texts(texts)
        for number, (headings, table) in enumerate(tables):
            self.texts(headings)
            if number == 0:
                self.header(table)
            self.rows(table)
        self.texts(after)

    def texts(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Emblem():
                    self.grid.picture(block.image, block.height)
                case Title():
                    for line in block.lines:
                        self.grid.wide(line, Look(self.size + 2, bold=True, align="center"))
                case Heading():
                    self.grid.wide(block.text, Look(self.size, bold=True))
                case Paragraph():
                    self.grid.wide(block.text, Look(self.size))
                case Signatures():
                    for role in block.roles:
                        for line in ("", *signature_lines(role)):
                            self.grid.wide(line, Look(self.size, align="center"))

    def header(self, table: Table) -> None:
        """The header of one or two tiers, repeated on each printed page and kept in sight while scrolling."""
        grid, first = self.grid, self.grid.row
        if table.running_heading:
            grid.wide(table.running_heading, Look(self.size, bold=True, align="center"))
        look = Look(self.size, bold=True, align="center", grid=True, shade=True)
        tiers = header_rows(table.columns)
        heights = [0.0] * len(tiers)
        for span in (1, 2):
            for number, tier in enumerate(tiers):
                for cell in tier:
                    if cell.rowspan == span:
                        _grow(heights, number, span, grid.height(cell.label, look, cell.column, cell.colspan))
        rows = grid.add_rows(heights)
        for number, tier in enumerate(tiers):
            for cell in tier:
                below = rows[number + cell.rowspan - 1]
                grid.put(cell.label, look, range(rows[number].start, below.stop), cell.column, cell.colspan)
        self.sheet.print_title_rows = f"{first}:{grid.row - 1}"
        self.sheet.freeze_panes = f"A{grid.row}"

    def rows(self, table: Table) -> None:
        """The rows; one that is higher than Excel can show stands on several, with all its cells merged over them."""
        grid = self.grid
        looks = [Look(self.size, align=column.align, grid=True) for column in table.columns]
        heights = [looks[0].line] * len(table.rows)
        cells = [
            (number, column, cell)
            for number, row in enumerate(table.rows)
            for column, cell in enumerate(row.cells)
            if cell is not None
        ]
        for number, column, cell in sorted(cells, key=lambda item: item[2].rowspan):
            _grow(heights, number, cell.rowspan, grid.height(_text(cell), looks[column], column))
        rows = grid.add_rows(heights)
        for number, column, cell in cells:
            last = rows[number + cell.rowspan - 1]
            grid.put(_text(cell), looks[column], range(rows[number].start, last.stop), column)


def _text(cell: Cell) -> str:
    return "\n".join(cell.paragraphs)


def _grow(heights: list[float], first: int, span: int, needed: float) -> None:
    """Raise `span` rows evenly until together they are `needed` high."""
    missing = needed - sum(heights[first : first + span])
    if missing > 0:
        for number in range(first, first + span):
            heights[number] += missing / span
