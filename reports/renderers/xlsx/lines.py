"""How many lines a text takes in a cell of a sheet, told from the advances of letters and the words between them.

Not measure.py: a spreadsheet program breaks lines itself, and a sheet may have a hundred thousand cells. Of the cells
of the five forms as LibreOffice prints them 94 in a hundred get exactly their lines here, the others one too many;
two in nine hundred one too few, which the line height (sheet_cells.LINE) has room for.
"""

import re
from functools import cache, lru_cache

from fontTools.ttLib import TTFont
from weasyprint.text.line_break import get_log_attrs

from reports.renderers.fonts import BOX_EMPTY, BOX_TICKED, DIRECTORY, FACES
from reports.renderers.paper import Type

TOLERANCE = 0.98  # of a column's width: programs differ in a pixel here and there
UNKNOWN = 0.6  # advance of a letter that the font lacks, in sizes
BOX = 0.72  # of the check boxes, which have a font of their own
NO_BREAK_AFTER = "/"  # Pango breaks there, spreadsheet programs do not
_PHRASE = re.compile(r"\S+\s*")


def lines(text: str, kind: Type, width: float) -> int:
    """The lines of a text set as `kind` in `width` pixels."""
    room = width * TOLERANCE / kind.size
    return sum(_lines(part, kind.bold, room) for part in text.split("\n"))


def _lines(text: str, bold: bool, room: float) -> int:
    """Lines filled word by word; a word wider than a line is broken inside. `room` in sizes."""
    count, used = 1, 0.0
    for phrase in _PHRASE.findall(text):
        for bare, full in _words(phrase, bold):
            if used + bare <= room:
                used += full
            elif bare <= room:
                count, used = count + 1, full
            else:
                # Broken between letters, a line loses up to one of them.
                count += (used > 0) + int(bare / max(room - UNKNOWN, UNKNOWN))
                used = full % room
    return count


@lru_cache(maxsize=50_000)
def _words(phrase: str, bold: bool) -> tuple[tuple[float, float], ...]:
    """The widths of the words of a phrase in sizes, without and with the blanks behind each."""
    advances = _advances(bold)
    attributes = get_log_attrs(phrase, "th")
    found, start = [], 0
    for end in range(1, len(phrase) + 1):
        if end == len(phrase) or (attributes[end].is_line_break and phrase[end - 1] not in NO_BREAK_AFTER):
            word = phrase[start:end]
            full = sum(advances.get(ord(letter), UNKNOWN) for letter in word)
            blanks = len(word) - len(word.rstrip())
            found.append((full - blanks * advances[ord(" ")], full))
            start = end
    return tuple(found)


@cache
def _advances(bold: bool) -> dict[int, float]:
    """The advance of each letter in sizes; marks over and under a letter have none."""
    name = next(name for name, weight in FACES if (weight > 400) == bold)
    with TTFont(DIRECTORY / name) as font:
        size, widths = font["head"].unitsPerEm, font["hmtx"]
        found = {code: widths[glyph][0] / size for code, glyph in font.getBestCmap().items()}
    return found | {BOX_EMPTY: BOX, BOX_TICKED: BOX}


def digit_width(kind: Type) -> float:
    """Pixels of a digit: the unit of the width of columns."""
    return _advances(kind.bold)[ord("0")] * kind.size
