"""A table of data as a sheet: one header row that filters and stays in sight, no merged cells, real numbers, days."""

from collections.abc import Iterable, Iterator, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.data_table import DataColumn, Kind, Value
from reports.document import Page
from reports.renderers.xlsx.book import ready_to_print
from reports.renderers.xlsx.cells import TEXT_FORMAT, Cells, Look, legal, most_letters, row_xml

SIZE = 14  # points: TH Sarabun New is small for its size
HEIGHT = 21  # points: the height of a row shows one line, whatever the cell holds
THAI_DAY = "[$-107041E]d mmm yyyy"  # 31 มี.ค. 2563: a C.E. day shown in the Buddhist calendar
FORMATS = {Kind.TEXT: TEXT_FORMAT, Kind.NUMBER: "0", Kind.SCORE: "0.00", Kind.DAY: THAI_DAY}
CUT = " … (ข้อความยาวเกินช่อง)"
_HEADER = Look(SIZE, bold=True, shade=True, wrap=False)


class TableRows:
    """The rows of a sheet of data, counted while they are streamed (xlsx_book.Rows)."""

    def __init__(self, sheet: Worksheet, columns: Sequence[DataColumn], records: Iterable[Sequence[Value]]) -> None:
        self.sheet, self.columns, self.records = sheet, columns, records
        self.cells = Cells(sheet)
        self.count = 0
        for number, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = "B2"
        ready_to_print(sheet, Page())
        sheet.print_title_rows = "1:1"

    def rows(self) -> Iterator[str]:
        labels = enumerate(self.columns, 1)
        header = (self.cells.text(1, number, column.label, _HEADER) for number, column in labels)
        yield row_xml(1, "".join(header), HEIGHT)
        looks = [Look(SIZE, wrap=False, number_format=FORMATS[column.kind]) for column in self.columns]
        for record in self.records:
            self.count += 1
            yield row_xml(self.count + 1, "".join(self._cells(self.count + 1, record, looks)), HEIGHT)
        # Known only now, and in time: the workbook, which names the filtered range too, is written after its sheets.
        self.sheet.auto_filter.ref = self.range

    def _cells(self, row: int, record: Sequence[Value], looks: Sequence[Look]) -> Iterator[str]:
        for column, (value, look) in enumerate(zip(record, looks, strict=True), 1):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                yield self.cells.text(row, column, cut(value), look)
            else:
                yield self.cells.number(row, column, value, look)

    @property
    def range(self) -> str:
        """The header and all records."""
        return f"A1:{get_column_letter(len(self.columns))}{self.count + 1}"

    def after(self) -> str:
        return f'<autoFilter ref="{self.range}"/>'


def cut(text: str) -> str:
    """The text as far as a cell can hold it: in a table of data it cannot go on in the next one."""
    text = legal(text)
    most = most_letters(text)
    return text if len(text) <= most else text[: most - len(CUT)] + CUT
