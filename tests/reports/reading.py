"""What the tests see of an exported file: text of a PDF, cells of an Excel sheet, both without white space."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from measures.thai import fold


def pdf_text(content: bytes, folder: Path) -> str:
    """The text of a PDF in the order in which it was painted."""
    path = folder / "report.pdf"
    path.write_bytes(content)
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def workbook(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def sheet_columns(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """Of each printed sheet each column: its lowest header label, and its non-empty cells below, top to bottom.

    The data sheets, which carry a filter, are no part of the printed form.

    Texts across the sheet (headings between tables, paragraphs after one) belong to no column.
    """
    for sheet in workbook(content).worksheets:
        if sheet.freeze_panes is None or sheet.auto_filter.ref:
            continue
        header = int(str(sheet.freeze_panes)[1:]) - 1
        across = {cells.min_row for cells in sheet.merged_cells.ranges if cells.max_col > cells.min_col}
        for column in range(1, sheet.max_column + 1):
            label = sheet.cell(header, column).value or sheet.cell(header - 1, column).value
            rows = [row for row in range(header + 1, sheet.max_row + 1) if row not in across]
            cells = [sheet.cell(row, column).value for row in rows]
            yield fold(str(label)), [fold(str(cell)) for cell in cells if cell]


def sheet_text(content: bytes) -> str:
    """All cells of a workbook, row by row."""
    return fold(
        "\n".join(
            str(cell)
            for sheet in workbook(content).worksheets
            for row in sheet.values
            for cell in row
            if cell is not None
        )
    )


def merged(sheet: Worksheet) -> set[str]:
    return {str(cells) for cells in sheet.merged_cells.ranges}
