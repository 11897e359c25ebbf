"""Cells of a work sheet as XML: how they look, and texts that stay texts."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from reports.renderers.paper import PX_PER_PT, Type

FONT = "TH Sarabun New"  # what Thai offices have: Laksaman's design at SARABUN_SCALE of its size
SARABUN_SCALE = 0.66
LINE = 1.4  # height of a line in sizes: that font's own is 1.3
MAX_TEXT = 32_000  # UTF-16 units; Excel keeps 32,767 and drops the rest without a word
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TEXT_FORMAT = "@"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read a character's number in it
_BEYOND_UTF16 = re.compile(r"[\U00010000-\U0010ffff]")
_THIN = Side(style="thin", color="000000")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", start_color="EDEDED")

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Look:
    """How a cell is set; `size` in points, `number_format` in Excel's words."""

    size: float
    bold: bool = False
    align: str = "left"
    grid: bool = False
    shade: bool = False
    wrap: bool = True
    number_format: str = TEXT_FORMAT

    @property
    def line(self) -> float:
        """Height of one line in points."""
        return self.size * LINE

    @property
    def type(self) -> Type:
        """What its lines are measured with."""
        return Type(self.size * SARABUN_SCALE * PX_PER_PT, 0, self.bold)


class Cells:
    """The cells of one sheet as XML; each look is made known to the workbook once."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.styles: dict[tuple[Look, bool], int] = {}

    def text(self, row: int, column: int, text: str, look: Look) -> str:
        """A text, never a formula, a number or an error, not even after somebody edits the cell."""
        style = self._style(look, text.startswith(FORMULA_STARTS))
        if not text:
            return f'<c r="{_letters(column)}{row}" s="{style}"/>'
        inside = _ESCAPE.sub("_x005F_", escape(text))
        return (
            f'<c r="{_letters(column)}{row}" s="{style}" t="inlineStr">'
            f'<is><t xml:space="preserve">{inside}</t></is></c>'
        )

    def number(self, row: int, column: int, value: int | Decimal | date, look: Look) -> str:
        """A real number or a real day."""
        shown = to_excel(value) if isinstance(value, date) else value
        return f'<c r="{_letters(column)}{row}" s="{self._style(look, False)}"><v>{shown}</v></c>'

    def _style(self, look: Look, quoted: bool) -> int:
        if (look, quoted) not in self.styles:
            self.styles[look, quoted] = self._new_style(look, quoted)
        return self.styles[look, quoted]

    def _new_style(self, look: Look, quoted: bool) -> int:
        cell = WriteOnlyCell(self.sheet)
        cell.font = Font(name=FONT, size=look.size, bold=look.bold)
        horizontal = {"center": "center", "right": "right"}.get(look.align, "left")
        cell.alignment = Alignment(horizontal, "center" if look.shade else "top", wrap_text=look.wrap)
        cell.number_format = look.number_format
        if look.grid:
            cell.border = _GRID
        if look.shade:
            cell.fill = _SHADE
        if quoted:
            cell.quotePrefix = True
        return int(cell.style_id)


_letters = cache(get_column_letter)


def row_xml(number: int, cells: str, height: float) -> str:
    """A row of a height in points."""
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{cells}</row>'


def legal(text: str) -> str:
    """The text without characters that no XML file can hold; line ends are \\n."""
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def most_letters(text: str) -> int:
    """How many characters of a text a cell can hold."""
    return MAX_TEXT // 2 if _BEYOND_UTF16.search(text) else MAX_TEXT


def pieces(text: str) -> list[str]:
    """The text in pieces that a cell can hold, cut at a line end or a blank where there is one."""
    text = legal(text)
    most = most_letters(text) if len(text) > MAX_TEXT // 2 else MAX_TEXT
    found = []
    while len(text) > most:
        cut = max(text.rfind("\n", 1, most), text.rfind(" ", 1, most))
        cut = cut if cut > most // 2 else most
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]
