"""Tables of Word: columns of fixed width, header rows that repeat, cells merged as the document says."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil
from typing import Any

from reports.document import Cell, Column, HeaderCell, Row, Signatures, Table, header_rows, signature_lines
from reports.renderers.docx.xml import element, paragraph, twips
from reports.renderers.paper import PAD_BOTTOM, PAD_X, Paper

SHADE = "EDEDED"
LETTER = 0.37  # em: the mean advance of a Thai character, marks included
LINE = 1.72  # em: the height of a single line of Laksaman
WHOLE = 0.7  # of a page: a row that is higher may run over its end


def table(table: Table, paper: Paper) -> Any:
    """A table with its running heading as a first header row, so that both stand on every page."""
    widths = _shares([column.width for column in table.columns], twips(paper.width))
    rows = []
    if table.running_heading:
        rows.append(_running_heading(table.running_heading, widths))
    tiers = header_rows(table.columns)
    rows += [_header_row(tiers, number, widths) for number in range(len(tiers))]
    rows += [_row(table, number, widths, paper) for number in range(len(table.rows))]
    return element("tbl", _properties(widths, "single"), _grid(widths), *rows)


def signatures(signatures: Signatures, paper: Paper) -> Any:
    """Places to sign side by side, in a table without rules that stays on one page."""
    widths = _shares([1] * len(signatures.roles), twips(paper.width))
    cells: list[Any] = []
    for role, width in zip(signatures.roles, widths, strict=True):
        lines = signature_lines(role)
        place = [paragraph("Signature", line, keep=number + 1 < len(lines)) for number, line in enumerate(lines)]
        cells.append(_cell(width, place))
    return element("tbl", _properties(widths, "nil"), _grid(widths), _tr(cells, whole=True))


def _shares(parts: Sequence[int], total: int) -> list[int]:
    """`total` divided in the ratio of `parts`, to the last twip."""
    edges = [total * sum(parts[:number]) // sum(parts) for number in range(len(parts) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _properties(widths: Sequence[int], rule: str) -> Any:
    return element(
        "tblPr",
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        _borders("tblBorders", rule, ("top", "left", "bottom", "right", "insideH", "insideV")),
        element("tblLayout", type="fixed"),
        element(
            "tblCellMar",
            element("left", w=twips(PAD_X), type="dxa"),
            element("bottom", w=twips(PAD_BOTTOM), type="dxa"),
            element("right", w=twips(PAD_X), type="dxa"),
        ),
        element("tblLook", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
    )


def _borders(tag: str, rule: str, edges: Iterable[str]) -> Any:
    return element(tag, *(element(edge, val=rule, sz=4, space=0, color="000000") for edge in edges))


def _grid(widths: Sequence[int]) -> Any:
    return element("tblGrid", *(element("gridCol", w=width) for width in widths))


def _running_heading(text: str, widths: Sequence[int]) -> Any:
    """A row above the header, open at the top and at its sides."""
    borders = _borders("tcBorders", "nil", ("top", "left", "right"))
    cell = _cell(sum(widths), [paragraph("TableHeading", text)], borders, columns=len(widths))
    return _tr([cell], header=True, whole=True)


def _header_row(tiers: Sequence[Sequence[HeaderCell]], number: int, widths: Sequence[int]) -> Any:
    """One tier of the header; a label over both tiers is merged downwards."""
    found = {cell.column: (cell, "restart" if cell.rowspan > 1 else "") for cell in tiers[number]}
    for cell in tiers[number - 1] if number else ():
        if cell.rowspan > 1:
            found[cell.column] = (cell, "continue")
    cells = []
    for column in sorted(found):
        cell, merge = found[column]
        text = "" if merge == "continue" else cell.label
        look = (element("shd", val="clear", color="auto", fill=SHADE), element("vAlign", val="center"))
        width = sum(widths[column : column + cell.colspan])
        label = [paragraph("TableHeader", text)]
        cells.append(_cell(width, label, *look, columns=cell.colspan, merge=merge))
    return _tr(cells, header=True, whole=True)


def _row(table: Table, number: int, widths: Sequence[int], paper: Paper) -> Any:
    row = table.rows[number]
    cells = [_body_cell(*parts) for parts in zip(table.columns, row.cells, widths, strict=True)]
    return _tr(cells, whole=_lines(row, widths, paper) * paper.cell.size * LINE <= WHOLE * paper.height)


def _body_cell(column: Column, cell: Cell | None, width: int) -> Any:
    """A cell; None goes on with the cell above it."""
    if cell is None:
        return _cell(width, [paragraph("TableText")], merge="continue")
    paragraphs = [paragraph("TableText", text, align=column.align) for text in cell.paragraphs or ("",)]
    return _cell(width, paragraphs, merge="restart" if cell.rowspan > 1 else "")


def _lines(row: Row, widths: Sequence[int], paper: Paper) -> int:
    """About how many lines the row's own cells take; those merged with rows below do not count."""
    letter = twips(paper.cell.size * LETTER)
    return max(
        (
            sum(ceil(len(text) * letter / (width - twips(2 * PAD_X))) for text in cell.paragraphs)
            for cell, width in zip(row.cells, widths, strict=True)
            if cell is not None and cell.rowspan == 1
        ),
        default=1,
    )


def _tr(cells: Sequence[Any], *, header: bool = False, whole: bool = False) -> Any:
    """A row; `header` repeats it on every page, `whole` keeps it on one."""
    marks = [element("cantSplit")] * whole + [element("tblHeader")] * header
    return element("tr", *([element("trPr", *marks)] if marks else []), *cells)


def _cell(width: int, content: Sequence[Any], *look: Any, columns: int = 1, merge: str = "") -> Any:
    """A cell over some columns; `merge` is "restart" or "continue" of a cell over several rows."""
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if columns > 1:
        properties.append(element("gridSpan", val=columns))
    if merge:
        properties.append(element("vMerge", val=merge))
    properties.extend(look)
    return element("tc", properties, *content)
