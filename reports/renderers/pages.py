"""plan(document, wrap): the document as pages of blocks whose lines are already broken. Pure but for `wrap`."""

from collections.abc import Sequence
from dataclasses import replace

from reports.document import Block, Document, Heading, Paragraph, Signatures, Table, Title
from reports.renderers.measure import Wrap
from reports.renderers.paper import INDENT, Paper, paper_for
from reports.renderers.table_flow import TableFlow

MIN_LINES = 2  # of a paragraph left alone on a page
WHOLE_LINES = 12  # a paragraph of no more lines is not split
SIGNATURE_LINES = 5  # of height that the places to sign take


def plan(document: Document, wrap: Wrap) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each page, in order."""
    planner = _Planner(paper_for(document.page), wrap)
    headings: list[Heading] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            headings.append(block)
            continue
        planner.place(headings, block)
        headings = []
    planner.headings(headings)
    return tuple(tuple(page) for page in planner.pages)


class _Planner:
    """Fills pages from the top; `y` is where the next block of the current page begins, in pixels."""

    def __init__(self, paper: Paper, wrap: Wrap) -> None:
        self.paper, self.wrap = paper, wrap
        self.pages: list[list[Block]] = [[]]
        self.y = 0.0

    def new_page(self) -> None:
        self.pages.append([])
        self.y = 0.0

    def need(self, height: float) -> None:
        """Go on to a new page unless `height` is left, or the page is empty anyway."""
        if self.y and self.y + height > self.paper.height:
            self.new_page()

    def add(self, block: Block, height: float) -> None:
        self.pages[-1].append(block)
        self.y += height

    def place(self, headings: Sequence[Heading], block: Block) -> None:
        """A block with the headings that must stay with its beginning."""
        match block:
            case Table():
                self.table(headings, block)
            case Paragraph():
                self.headings(headings, below=MIN_LINES * self.paper.paragraph.line)
                self.paragraph(block)
            case Title():
                kind = self.paper.title
                lines = tuple(line for text in block.lines for line in self.wrap(text, kind, self.paper.width))
                self.headings(headings)
                self.need(height := len(lines) * kind.line + kind.below)
                self.add(Title(lines), height)
            case Signatures():
                self.headings(headings)
                self.need(height := SIGNATURE_LINES * self.paper.cell.line)
                self.add(block, height)

    def headings(self, headings: Sequence[Heading], below: float = 0.0) -> None:
        self.need(self.heading_height(headings) + below)
        for heading in headings:
            text = "\n".join(self.wrap(heading.text, self.paper.heading, self.paper.width))
            self.add(replace(heading, text=text), self.heading_height([heading]))

    def heading_height(self, headings: Sequence[Heading]) -> float:
        kind = self.paper.heading
        return sum(kind.above + len(self.wrap(h.text, kind, self.paper.width)) * kind.line for h in headings)

    def paragraph(self, paragraph: Paragraph) -> None:
        """Lines flow from page to page; the rest of a paragraph is not indented again."""
        kind = self.paper.paragraph
        lines = self.wrap(paragraph.text, kind, self.paper.width, INDENT)
        first = True
        if len(lines) <= WHOLE_LINES:
            self.need(len(lines) * kind.line)
        while lines:
            room = int((self.paper.height - self.y) // kind.line)
            if self.y and room < min(MIN_LINES, len(lines)):
                self.new_page()
                continue
            room = max(1, room)
            part = "\n".join(lines[:room])
            self.add(Paragraph(part, indent=first), len(lines[:room]) * kind.line + kind.below)
            lines, first = lines[room:], False

    def table(self, headings: Sequence[Heading], table: Table) -> None:
        flow = TableFlow(table, self.paper, self.wrap)
        self.need(self.heading_height(headings) + flow.least_height())
        fresh = not self.y
        self.headings(headings)
        last_page = 0
        for part in flow.parts(self.y, floor=self.y if fresh else 0.0):
            for _ in range(part.page - last_page):
                self.new_page()
            self.add(part.table, 0.0)
            last_page, self.y = part.page, part.bottom
