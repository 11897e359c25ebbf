"""verify(): whether WeasyPrint painted what was planned; and the style of the way that needs no plan."""

from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.formatting_structure import boxes

from reports.document import Block, Page, Table
from reports.renderers.paper import Paper, paper_for, style_sheet
from reports.renderers.pdf.table_flow import header_heights, row_heights

TOLERANCE = 0.01  # pixels


def verify(pages: Sequence[Sequence[Block]], page: Page, printed: Any) -> list[str]:
    """Where a WeasyPrint document differs from its plan: in its pages, or in the rows of a page or their heights.

    Empty = printed as planned. A page without boxes, taken from a cache, was verified when it was laid out.
    """
    if len(pages) != len(printed.pages):
        return [f"pages planned {len(pages)}, printed {len(printed.pages)}"]
    paper = paper_for(page)
    return [
        f"page {number}: {difference}"
        for number, (blocks, sheet) in enumerate(zip(pages, printed.pages, strict=True), 1)
        for difference in verify_page(blocks, paper, sheet)
    ]


def verify_page(blocks: Sequence[Block], paper: Paper, sheet: Any) -> list[str]:
    """The same for one page."""
    box = getattr(sheet, "_page_box", None)
    if box is None:
        return []
    tables = [block for block in blocks if isinstance(block, Table)]
    wanted = [[*header_heights(table, paper), *row_heights(table, paper)] for table in tables]
    found = [[row.height for row in _rows(table)] for table in _tables(box)]
    differences = []
    if [len(rows) for rows in wanted] != [len(rows) for rows in found]:
        differences.append(f"rows planned {[len(rows) for rows in wanted]}, printed {[len(rows) for rows in found]}")
    else:
        differences += [
            f"table {table}, row {row}: height planned {planned:.2f}, printed {real:.2f}"
            for table, (plan, print_) in enumerate(zip(wanted, found, strict=True), 1)
            for row, (planned, real) in enumerate(zip(plan, print_, strict=True), 1)
            if abs(planned - real) > TOLERANCE
        ]
    return differences


def stock_style(page: Page) -> str:
    """The style sheet for a document without a plan: WeasyPrint breaks lines and pages."""
    return (
        f"{style_sheet(page)}\n"
        "h1, h2, h3, p, th, td { white-space: pre-line; overflow-wrap: anywhere; orphans: 3; widows: 3 }\n"
        "h2, h3 { break-after: avoid }"
    )


def _tables(box: Any) -> Iterator[Any]:
    return (child for child in box.descendants() if isinstance(child, boxes.TableBox))


def _rows(table: Any) -> Iterator[Any]:
    return (child for child in table.descendants() if isinstance(child, boxes.TableRowBox))
