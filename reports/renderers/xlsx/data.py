"""A table of records as an Excel file, row by row: as much memory for a million rows as for one.

Unlike the report (xlsx.py) it is not for printing but for filtering: no merged cells, numbers and days are real.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from reports.data_table import DataColumn, Kind, Value
from reports.renderers.xlsx.book import new_book, save
from reports.renderers.xlsx.table import CUT, TableRows

__all__ = ["CUT", "DataColumn", "Kind", "Value", "write_table"]


def write_table(
    path: Path, *, sheet: str, columns: Sequence[DataColumn], rows: Iterable[Sequence[Value]], title: str
) -> int:
    """Write rows below a header that filters and stays in sight; returns how many. The same rows are the same bytes."""
    book = new_book(title, "")
    table = book.create_sheet(sheet)
    written = TableRows(table, columns, rows)
    save(book, {table: written}, path)
    return written.count
