"""A table on its way over the pages: its lines broken, its header repeated, its merged cells closed and taken up again.

A group that runs on to another page is repeated there with the table's mark. A row stays whole, as in the
documents, unless that would leave most of a page empty; then it is split between lines, no strip of it on either side.
Nothing is ever dropped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reports.document import Cell, HeaderCell, Row, Table, header_rows
from reports.renderers.paper import BORDER, PAD_BOTTOM, PAD_TOP, PAD_X, Paper
from reports.renderers.pdf.measure import Wrap

Lines = tuple[str, ...]
CELL_EXTRA = PAD_TOP + PAD_BOTTOM + BORDER  # height of a cell without lines
MIN_STRIP = 3  # lines of a split cell on either page
MAX_GAP = 0.6  # of a page left empty for the sake of an unsplit row


@dataclass(frozen=True)
class TablePart:
    """What stands on one page, counted from the page on which the table begins, and where it ends (pixels)."""

    page: int
    table: Table
    bottom: float


@dataclass(frozen=True)
class _Owner:
    """The cell that covers a place of the table, with its first and last row."""

    cell: Cell
    first: int
    last: int


@dataclass
class _Open:
    """A cell that is being printed on the current page; `rest` are its lines that did not fit.

    Of a `repeated` cell nothing needs to follow: it was printed whole on pages before.
    """

    lines: Lines
    top: float
    last: int
    repeated: bool = False
    rest: Lines = ()


@dataclass(frozen=True)
class _Row:
    """The cells that begin in a row, by column."""

    cells: dict[int, _Open]
    bookmark: str


@dataclass
class _Page:
    """The rows on one page, and the cells that reach below the last of them."""

    top: float
    rows: list[_Row] = field(default_factory=list)
    open: dict[int, _Open] = field(default_factory=dict)


class TableFlow:
    """Deals out one table. `head` is the table without rows, the lines of its header broken."""

    def __init__(self, table: Table, paper: Paper, wrap: Wrap) -> None:
        blank = Row(tuple(Cell(()) for _ in table.columns))  # a table without rows is printed with an empty one
        self.table = table if table.rows else replace(table, rows=(blank,))
        self.paper, self.wrap = paper, wrap
        self.head = self._header()
        self.head_height = paper.gap + sum(header_heights(self.head, paper)) + BORDER
        self.rest: dict[int, Lines] = {}
        self.owners: list[list[_Owner]] = []
        for number, row in enumerate(self.table.rows):
            above = self.owners[-1] if self.owners else []
            self.owners.append(
                [
                    _Owner(cell, number, number + cell.rowspan - 1) if cell else above[column]
                    for column, cell in enumerate(row.cells)
                ]
            )

    def least_height(self) -> float:
        """What the table needs on the page on which it begins: the header, and as much of a row as is not split."""
        row = max(self._height(self._lines(column, owner.cell)) for column, owner in enumerate(self.owners[0]))
        return self.head_height + min(row, MAX_GAP * self.paper.height)

    def parts(self, y: float, floor: float) -> Iterator[TablePart]:
        """The parts from `y` of the first page on. What does not fit from `floor` on down fits on no page."""
        number, page, carried = 0, 0, False
        while number < len(self.owners):
            part = _Page(y + self.head_height)
            number, carried, bottom = self._fill(part, number, carried, floor + self.head_height)
            if part.rows:
                yield TablePart(page, replace(self.head, rows=self._close(part)), bottom + BORDER + self.paper.gap)
            page, y, floor = page + 1, 0.0, 0.0

    def _fill(self, part: _Page, number: int, carried: bool, floor: float) -> tuple[int, bool, float]:
        """Take rows from `number` on while they fit: the next row, whether it is the rest of one, and the bottom."""
        bottom = part.top
        while number < len(self.owners):
            new = self._cells(part, number, bottom, carried)
            if any(self._fits(cell) < len(cell.lines) for cell in new.values()):
                must = part.top <= floor and not part.rows
                if not must and not self._may_cut(new, bottom):
                    break
                self._cut(new)
            part.rows.append(_Row(new, self._bookmark(number, carried)))
            trial = {**part.open, **new}
            ending = [cell for cell in trial.values() if cell.last == number]
            bottom = max([bottom, *(cell.top + self._height(cell.lines) for cell in ending)])
            part.open = {c: cell for c, cell in trial.items() if cell.last != number or cell.rest}
            carried = any(cell.rest for cell in ending)
            if carried:
                break
            number += 1
        return number, carried, bottom

    def _bookmark(self, number: int, carried: bool) -> str:
        return "" if carried else self.table.rows[number].bookmark

    def _cells(self, part: _Page, number: int, top: float, carried: bool) -> dict[int, _Open]:
        """The cells that begin in a row; at the head of a page all, those from above repeated or blank."""
        new: dict[int, _Open] = {}
        for column, owner in enumerate(self.owners[number]):
            repeated = False
            if part.rows and owner.first < number:
                continue
            if part.rows or (owner.first == number and not carried):
                lines = self._lines(column, owner.cell)
            elif column in self.rest:
                lines = self.rest[column]
            elif repeated := owner.cell.repeats:
                lines = self._lines(column, owner.cell, self.table.continued)
            else:
                lines = ()
            new[column] = _Open(lines, top, owner.last, repeated)
        return new

    def _fits(self, cell: _Open) -> int:
        """How many lines of a cell the page has room for."""
        return int((self.paper.height - cell.top - CELL_EXTRA) // self.paper.cell.line)

    def _may_cut(self, new: dict[int, _Open], bottom: float) -> bool:
        """Whether a row is better split than moved: for the white it would leave, and without strips."""
        if self.paper.height - bottom < MAX_GAP * self.paper.height:
            return False
        return all(
            len(cell.lines) <= self._fits(cell) or min(self._fits(cell), len(cell.lines) - MIN_STRIP) >= MIN_STRIP
            for cell in new.values()
        )

    def _cut(self, new: dict[int, _Open]) -> None:
        """Keep of each cell what fits on the page, and no strip for the next; at least a line, so that it ends."""
        for cell in new.values():
            fits = self._fits(cell)
            if fits >= len(cell.lines):
                continue
            fits = max(1, min(fits, len(cell.lines) - MIN_STRIP))
            if cell.repeated:
                cell.lines = (*cell.lines[: fits - 1], f"… {self.table.continued}")
            else:
                cell.lines, cell.rest = cell.lines[:fits], cell.lines[fits:]

    def _close(self, part: _Page) -> tuple[Row, ...]:
        """The rows of the page with spans that end on it; what did not fit is kept for the next."""
        self.rest = {column: cell.rest for column, cell in part.open.items() if cell.rest}
        columns = range(len(self.table.columns))
        spans: list[dict[int, int]] = [{} for _ in part.rows]
        for column in columns:
            starts = [number for number, row in enumerate(part.rows) if column in row.cells]
            for start, end in zip(starts, [*starts[1:], len(part.rows)], strict=True):
                spans[start][column] = end - start
        return tuple(
            Row(tuple(_closed(row.cells.get(column), span.get(column, 1)) for column in columns), row.bookmark)
            for row, span in zip(part.rows, spans, strict=True)
        )

    def _width(self, column: int, columns: int = 1) -> float:
        """Pixels for text in a cell."""
        share = sum(c.width for c in self.table.columns[column : column + columns])
        return self.paper.width * share / 100 - 2 * PAD_X - BORDER

    def _lines(self, column: int, cell: Cell, mark: str = "") -> Lines:
        paragraphs = cell.paragraphs
        if mark and paragraphs:
            paragraphs = (*paragraphs[:-1], f"{paragraphs[-1]} {mark}")
        width = self._width(column)
        return tuple(line for text in paragraphs for line in self.wrap(text, self.paper.cell, width))

    def _height(self, lines: Sequence[str]) -> float:
        return len(lines) * self.paper.cell.line + CELL_EXTRA

    def _header(self) -> Table:
        """The table without rows, the lines of its labels broken."""
        tiers = header_rows(self.table.columns)
        labels = [{cell.column: "\n".join(self._label(cell)) for cell in tier} for tier in tiers]
        columns = []
        over = ""
        for index, column in enumerate(self.table.columns):
            over = labels[0].get(index) or over
            label = labels[-1][index] if column.over else labels[0][index]
            columns.append(replace(column, label=label, over=over if column.over else ""))
        running = self.wrap(self.table.running_heading, self.paper.running, self.paper.width)
        return replace(self.table, columns=tuple(columns), running_heading="\n".join(running), rows=())

    def _label(self, cell: HeaderCell) -> Lines:
        return self.wrap(cell.label, self.paper.header, self._width(cell.column, cell.colspan))


def header_heights(head: Table, paper: Paper) -> list[float]:
    """The heights of the running heading, if there is one, and of the tiers of a planned header."""
    heights = []
    if head.running_heading:
        heights.append(count_lines(head.running_heading) * paper.running.line + paper.running.below + BORDER / 2)
    tiers = header_rows(head.columns)
    own = [[_label_height(cell, paper) for cell in tier if cell.rowspan == 1] for tier in tiers]
    tall = [max(tier, default=0.0) for tier in own]
    both = max((_label_height(cell, paper) for cell in tiers[0] if cell.rowspan > 1), default=0.0)
    tall[-1] = max(tall[-1], both - sum(tall[:-1]))
    return heights + tall


def row_heights(part: Table, paper: Paper) -> list[float]:
    """The heights of the rows of a planned table: a row is as tall as the cells that end in it need."""
    bottoms = [0.0]
    ends: list[list[float]] = [[] for _ in part.rows]
    for number, row in enumerate(part.rows):
        for cell in row.cells:
            if cell is not None:
                lines = sum(map(count_lines, cell.paragraphs))
                ends[number + cell.rowspan - 1].append(bottoms[number] + lines * paper.cell.line + CELL_EXTRA)
        bottoms.append(max([bottoms[-1], *ends[number]]))
    return [below - above for above, below in pairwise(bottoms)]


def count_lines(text: str) -> int:
    """Of a text whose lines are broken; none of an empty one."""
    return text.count("\n") + 1 if text else 0


def _label_height(cell: HeaderCell, paper: Paper) -> float:
    return count_lines(cell.label) * paper.header.line + CELL_EXTRA


def _closed(cell: _Open | None, rowspan: int) -> Cell | None:
    """The cell as it stands on one page, its lines broken."""
    # A line feed at the end makes no line.
    return None if cell is None else Cell(("\n".join(cell.lines).rstrip("\n"),), rowspan)
