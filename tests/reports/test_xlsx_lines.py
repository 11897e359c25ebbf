"""Lines of texts in sheets, held against what LibreOffice prints: each cell of the five reports on a page."""

import io
import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from reports.compose import compose
from reports.document import Table
from reports.layout import layouts
from reports.renderers.paper import Type
from reports.renderers.xlsx import book as xlsx_book
from reports.renderers.xlsx import grid as xlsx_grid
from reports.renderers.xlsx.cells import SARABUN_SCALE, Look
from reports.renderers.xlsx.lines import lines
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.test_office import convert, fonts

__all__ = ["fonts"]
WORD = re.compile(r'yMin="([\d.-]+)" xMax="[\d.-]+" yMax="([\d.-]+)"')


def test_line_is_filled_with_words_and_a_long_word_is_broken() -> None:
    kind = Type(16, 0)
    assert lines("", kind, 100) == 1
    assert lines("ก\n\nข", kind, 100) == 3
    assert lines("ก" * 1_000, kind, 100) >= 1_000 * 9 / 100
    one = lines("ดำเนินการตามแผน", kind, 400)
    assert one == 1
    assert lines("ดำเนินการตามแผน " * 4, kind, 150) == 4


@pytest.mark.office
def test_heights_are_those_of_the_lines_that_are_printed(fonts: Path, tmp_path: Path) -> None:
    """More than 40 of 43 exact, hardly one short, and no row lower than its lines."""
    wanted: list[tuple[Look, float, int]] = []  # look, height given, lines given
    book = xlsx_book.new_book("", "")
    rows: dict = {}
    for slug in PLANS:
        snapshot = snapshot_of(slug)
        document = compose(snapshot, layouts()[snapshot.layout]).document
        look = Look(int(document.page.font_size / SARABUN_SCALE))
        for table in [block for block in document.blocks if isinstance(block, Table)]:
            sheet = book.create_sheet()
            xlsx_book.ready_to_print(sheet, document.page)
            sheet.oddHeader.center.text = None
            grid = rows[sheet] = xlsx_grid.Grid(sheet, document.page, [column.width for column in table.columns])
            for column, text in cells_of(table)[::3]:  # a third: LibreOffice takes its time for a page a cell
                height = grid.height(text, look, column)
                if height < xlsx_grid.MAX_HEIGHT:
                    (place,) = grid.add_rows([xlsx_grid.MAX_HEIGHT])
                    grid.put(text, look, place, column)
                    wanted.append((look, height, round((height - xlsx_grid.ROW_PADDING) / look.line)))
    output = io.BytesIO()
    xlsx_book.save(book, rows, output)
    (tmp_path / "cells.xlsx").write_bytes(output.getvalue())
    pdf = convert([tmp_path / "cells.xlsx"], "pdf", tmp_path, fonts)["cells"]
    printed = printed_lines(pdf)
    assert len(printed) == len(wanted)
    differences = Counter(given - count for (_, _, given), (count, _) in zip(wanted, printed, strict=True))
    assert differences[0] / len(wanted) > 40 / 43, differences
    assert sum(count for difference, count in differences.items() if difference < 0) <= len(wanted) / 200, differences
    assert [size for (_, given, _), (_, size) in zip(wanted, printed, strict=True) if size > given] == []


def cells_of(table: Table) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for row in table.rows:
        found += [
            (place, "\n".join(cell.paragraphs)) for place, cell in enumerate(row.cells) if cell and cell.paragraphs
        ]
    return found


def printed_lines(pdf: Path) -> list[tuple[int, float]]:
    """Of each page the number of lines, and the points from the top of the first to the foot of the last."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("<page ")[1:]
    found = []
    for page in pages:
        tops: dict[int, float] = defaultdict(float)
        for top, foot in WORD.findall(page):
            tops[round((float(top) + float(foot)) / 2)] = float(foot)
        middles = sorted(tops)
        starts = [middle for above, middle in zip([-99, *middles], middles, strict=False) if middle - above > 5]
        pitch = (starts[-1] - starts[0]) / (len(starts) - 1) if len(starts) > 1 else 0.0
        found.append((len(starts), len(starts) * pitch))
    return found
