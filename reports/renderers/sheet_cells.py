"""Cells of a work sheet: how they look, and texts that stay texts; and a file without the hour of its making."""

import io
import re
import zipfile
from dataclasses import dataclass

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from reports.renderers.paper import PX_PER_PT, Type

FONT = "TH Sarabun New"  # what Thai offices have: Laksaman's design at SARABUN_SCALE of its size
SARABUN_SCALE = 0.66
LINE = 1.5  # height of a line in sizes, as Excel gives it to that font
MAX_TEXT = 32_000  # characters; Excel keeps 32,767 and drops the rest without a word
FORMULA_STARTS = ("=", "+", "-", "@")
_THIN = Side(style="thin", color="000000")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", start_color="EDEDED")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can hold


@dataclass(frozen=True)
class Look:
    """How a cell is set; `size` in points."""

    size: float
    bold: bool = False
    align: str = "left"
    grid: bool = False
    shade: bool = False

    @property
    def line(self) -> float:
        """Height of one line in points."""
        return self.size * LINE

    @property
    def type(self) -> Type:
        """What its lines are measured with."""
        return Type(self.size * SARABUN_SCALE * PX_PER_PT, 0, self.bold)


def pieces(text: str) -> list[str]:
    """The text in pieces that a cell can hold, cut at a line end or a blank where there is one."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    found = []
    while len(text) > MAX_TEXT:
        cut = max(text.rfind("\n", 1, MAX_TEXT), text.rfind(" ", 1, MAX_TEXT))
        cut = cut if cut > MAX_TEXT // 2 else MAX_TEXT
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def write_cell(sheet: Worksheet, text: str, look: Look, rows: range, columns: range) -> None:
    """Write a text into a rectangle of the sheet, merged where it is more than one cell."""
    for row in rows:
        for column in columns:
            _style(sheet.cell(row, column), look)
    first = sheet.cell(rows.start, columns.start)
    if text and isinstance(first, Cell):
        _set_text(first, text)
    if len(rows) > 1 or len(columns) > 1:
        sheet.merge_cells(
            start_row=rows.start, end_row=rows.stop - 1, start_column=columns.start, end_column=columns.stop - 1
        )


def _style(cell: Cell | MergedCell, look: Look) -> None:
    cell.font = Font(name=FONT, size=look.size, bold=look.bold)
    horizontal = {"center": "center", "right": "right"}.get(look.align, "left")
    cell.alignment = Alignment(horizontal, "center" if look.shade else "top", wrap_text=True)
    if look.grid:
        cell.border = _GRID
    if look.shade:
        cell.fill = _SHADE


def _set_text(cell: Cell, text: str) -> None:
    """A text is never a formula, a number or an error, not even after somebody edits the cell."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def reproducible(content: bytes) -> bytes:
    """The same Excel file without the hour of its making."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", data)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return output.getvalue()
