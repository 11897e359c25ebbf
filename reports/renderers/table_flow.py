"""A table on its way over the pages: its lines broken, its header repeated, its merged cells closed and taken up again.

A group that runs on to another page is repeated there with the table's mark. A row stays whole unless it is taller
than a page or would leave most of one empty; then it is split between lines. Nothing is ever dropped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reports.document import Cell, HeaderCell, Row, Table, header_rows
from reports.renderers.measure import Wrap
from reports.renderers.paper import BORDER, PAD_BOTTOM, PAD_TOP, PAD_X, Paper

Lines = tuple[str, ...]
CELL_EXTRA = PAD_TOP + PAD_BOTTOM + BORDER  # height of a cell without lines
MIN_STRIP = 3  # lines of a split row on the next page
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

    Of a `repeated` cell nothing needs to follow: it was printed whole on a page before.
    """

    lines: Lines
    top: float
    last: int
    repeated: bool = False
    rest: Lines = ()


@dataclass
class _Page:
    """The rows on one page, and the cells that reach below the last of them."""

    top: float
    rows: list[dict[int, _Open]] = field(default_factory=list)
    open: dict[int, _Open] = field(default_factory=dict)


class TableFlow:
    """Deals out one table. `head` is the table without rows, the lines of its header broken."""

    def __init__(self, table: Table, paper: Paper, wrap: Wrap) -> None:
        self.table, self.paper, self.wrap = table, paper, wrap
        self.head, height = self._header()
        self.head_height = paper.gap + height
        self.rest: dict[int, Lines] = {}
        self.owners: list[list[_Owner]] = []
        for number, row in enumerate(table.rows):
            above = self.owners[-1] if self.owners else []
            self.owners.append(
                [
                    _Owner(cell, number, number + cell.rowspan - 1) if cell else above[column]
                    for column, cell in enumerate(row.cells)
                ]
            )

    def least_height(self) -> float:
        """What the table needs on the page on which it begins: header and first row, at most half a page of it."""
        row = max(self._height(self._lines(column, owner.cell)) for column, owner in enumerate(self.owners[0]))
        return self.head_height + min(row, self.paper.height / 2)

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
            trial = {**part.open, **new}
            if max(cell.top + self._height(cell.lines) for cell in trial.values()) > self.paper.height:
                high = part.top <= floor or self.paper.height - bottom > MAX_GAP * self.paper.height
                if part.rows or not high:
                    break
                self._cut(trial)
            part.rows.append(new)
            ending = [cell for cell in trial.values() if cell.last == number]
            bottom = max([bottom, *(cell.top + self._height(cell.lines) for cell in ending)])
            part.open = {c: cell for c, cell in trial.items() if cell.last != number or cell.rest}
            carried = any(cell.rest for cell in ending)
            if carried:
                break
            number += 1
        return number, carried, bottom

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

    def _cut(self, trial: dict[int, _Open]) -> None:
        """Keep of each cell what fits on the page, and no strip for the next; at least a line, so that it ends."""
        for cell in trial.values():
            fits = int((self.paper.height - cell.top - CELL_EXTRA) // self.paper.cell.line)
            if fits < len(cell.lines) < fits + MIN_STRIP:
                fits = len(cell.lines) - MIN_STRIP
            fits = max(1, fits)
            cell.rest = () if cell.repeated else cell.lines[fits:]
            cell.lines = cell.lines[:fits]

    def _close(self, part: _Page) -> tuple[Row, ...]:
        """The rows of the page with spans that end on it; what did not fit is kept for the next."""
        self.rest = {column: cell.rest for column, cell in part.open.items() if cell.rest}
        columns = range(len(self.table.columns))
        spans: list[dict[int, int]] = [{} for _ in part.rows]
        for column in columns:
            starts = [number for number, row in enumerate(part.rows) if column in row]
            for start, end in zip(starts, [*starts[1:], len(part.rows)], strict=True):
                spans[start][column] = end - start
        return tuple(
            Row(tuple(Cell(("\n".join(row[c].lines),), span[c]) if c in row else None for c in columns))
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

    def _header(self) -> tuple[Table, float]:
        """The table without rows, the lines of its labels broken, and the header's height."""
        kind = self.paper.header
        tiers = header_rows(self.table.columns)
        labels = [{cell.column: self._label(cell) for cell in tier} for tier in tiers]
        bottoms = [0.0]
        for tier, lines in zip(tiers, labels, strict=True):
            own = [len(lines[cell.column]) * kind.line + CELL_EXTRA for cell in tier if cell.rowspan == 1]
            bottoms.append(bottoms[-1] + max(own, default=0.0))
        both = [len(labels[0][cell.column]) * kind.line + CELL_EXTRA for cell in tiers[0] if cell.rowspan > 1]
        height = max([bottoms[-1], *both]) + BORDER
        columns = []
        over = ""
        for index, column in enumerate(self.table.columns):
            over = "\n".join(labels[0].get(index, ())) or over
            label = labels[-1][index] if column.over else labels[0][index]
            columns.append(replace(column, label="\n".join(label), over=over if column.over else ""))
        running = self.wrap(self.table.running_heading, self.paper.running, self.paper.width)
        if self.table.running_heading:
            height += len(running) * self.paper.running.line + self.paper.running.below
        return replace(self.table, columns=tuple(columns), running_heading="\n".join(running), rows=()), height

    def _label(self, cell: HeaderCell) -> Lines:
        return self.wrap(cell.label, self.paper.header, self._width(cell.column, cell.colspan))
