"""The rows of a printed sheet: texts in rectangles of cells, and rows high enough for them."""

import io
from collections.abc import Iterator, Sequence

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import get_column_letter
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from reports.document import Page
from reports.renderers.paper import PX_PER_PT, emblem_height, paper_for
from reports.renderers.xlsx.book import UNIT
from reports.renderers.xlsx.cells import Cells, Look, pieces, row_xml
from reports.renderers.xlsx.lines import digit_width, lines

CELL_PADDING = 3  # pixels, left and right together
ROW_PADDING = 3  # points, above and below together
MAX_HEIGHT = 408.0  # points; Excel shows no higher row


class Grid:
    """Rows filled from the top (xlsx_book.Rows). Columns count from 0, rows as on the sheet from 1."""

    def __init__(self, sheet: Worksheet, page: Page, shares: Sequence[float]) -> None:
        self.sheet, self.cells = sheet, Cells(sheet)
        self.widths = [paper_for(page).width * share / 100 for share in shares]  # pixels
        for number, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = round(width / digit_width(UNIT), 2)
        self.heights: list[float] = []
        self.filled: list[list[tuple[int, str, Look]]] = []
        self.merged: list[str] = []

    @property
    def row(self) -> int:
        """The next row."""
        return len(self.heights) + 1

    def height(self, text: str, look: Look, column: int, columns: int = 1) -> float:
        """Points that a text needs."""
        width = sum(self.widths[column : column + columns]) - CELL_PADDING
        return look.line * lines(text, look.type, width) + ROW_PADDING

    def wide(self, text: str, look: Look) -> None:
        """A text across all columns, in a row of its own."""
        columns = len(self.widths)
        (rows,) = self.add_rows([self.height(text, look, 0, columns)])
        self.put(text, look, rows, 0, columns)

    def add_rows(self, heights: Sequence[float]) -> list[range]:
        """Rows of these heights (points); the rows of the sheet that each of them stands on."""
        given = []
        for height in heights:
            start = self.row
            while height > 0:
                self.heights.append(round(min(height, MAX_HEIGHT), 1))
                self.filled.append([])
                height -= MAX_HEIGHT
            given.append(range(start, self.row))
        return given

    def put(self, text: str, look: Look, rows: range, column: int, columns: int = 1) -> None:
        """Write a text into cells that become one; one too long for a cell goes on in the cells below."""
        parts = pieces(text)
        bounds = [rows.start + len(rows) * number // len(parts) for number in range(len(parts) + 1)]
        for part, start, stop in zip(parts, bounds, bounds[1:], strict=False):
            self._put(part, look, range(start, stop), range(column, column + columns))

    def _put(self, text: str, look: Look, rows: range, columns: range) -> None:
        if len(rows) > 1 or len(columns) > 1:
            first, last = get_column_letter(columns.start + 1), get_column_letter(columns.stop)
            self.merged.append(f"{first}{rows.start}:{last}{rows.stop - 1}")
        for row in rows if look.grid else rows[:1]:  # the lines round merged cells are those of each of them
            for column in columns if look.grid else columns[:1]:
                begins = row == rows.start and column == columns.start
                self.filled[row - 1].append((column + 1, text if begins else "", look))

    def picture(self, image: bytes, millimetres: int) -> None:
        """A picture in the middle of a row of its own."""
        height = emblem_height(millimetres)
        (rows,) = self.add_rows([height / PX_PER_PT + ROW_PADDING])
        picture = Image(io.BytesIO(image))
        width = round(picture.width * height / picture.height)
        left, column = (sum(self.widths) - width) / 2, 0
        while column < len(self.widths) - 1 and left >= self.widths[column]:
            left -= self.widths[column]
            column += 1
        marker = AnchorMarker(col=column, colOff=pixels_to_EMU(max(round(left), 0)), row=rows.start - 1, rowOff=0)
        size = XDRPositiveSize2D(pixels_to_EMU(width), pixels_to_EMU(height))
        picture.anchor = OneCellAnchor(_from=marker, ext=size)
        self.sheet.add_image(picture)

    def rows(self) -> Iterator[str]:
        for number, (height, filled) in enumerate(zip(self.heights, self.filled, strict=True), 1):
            in_order = sorted(filled, key=lambda cell: cell[0])
            yield row_xml(number, "".join(self.cells.text(number, *cell) for cell in in_order), height)

    def after(self) -> str:
        if not self.merged:
            return ""
        ranges = "".join(f'<mergeCell ref="{cells}"/>' for cells in self.merged)
        return f'<mergeCells count="{len(self.merged)}">{ranges}</mergeCells>'
