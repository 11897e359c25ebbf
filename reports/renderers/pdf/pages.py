"""plan(document, wrap): the document as pages of blocks whose lines are already broken. Pure but for `wrap`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from reports.document import Block, Document, Emblem, Heading, Paragraph, Signatures, Table, Title, signature_lines
from reports.renderers.paper import EMBLEM_BELOW, INDENT, Paper, emblem_height, paper_for
from reports.renderers.pdf.measure import Wrap
from reports.renderers.pdf.table_flow import TableFlow

MIN_LINES = 3  # of a split paragraph on either page
LEAD_LINES = 4  # a paragraph of more lines is not held back for what follows
LEADS_IN = re.compile(r"(?:ดังนี้|ดังต่อไปนี้|ต่อไปนี้|:)\s*$")


def plan(document: Document, wrap: Wrap) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each page, in order."""
    planner = _Planner(paper_for(document.page), wrap)
    lead: list[Block] = []
    for block in document.blocks:
        if planner.leads(block):
            lead.append(block)
            continue
        planner.place(lead, block)
        lead = []
    for block in lead:
        planner.put(planner.broken(block))
    return tuple(tuple(page) for page in planner.pages)


def height_of(block: Block, paper: Paper) -> float:
    """Pixels that a planned block takes, other than a table."""
    match block:
        case Emblem():
            return emblem_height(block.height) + EMBLEM_BELOW
        case Title():
            return len(block.lines) * paper.title.line + paper.title.below
        case Heading():
            return paper.heading.above + _count(block.text) * paper.heading.line
        case Paragraph():
            return _count(block.text) * paper.paragraph.line + paper.paragraph.below
        case Signatures():
            return paper.signature_height(max((len(signature_lines(role)) for role in block.roles), default=0))
        case Table():
            raise TypeError("a table has rows of different heights")


def _count(text: str) -> int:
    return text.count("\n") + 1


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

    def add(self, block: Block) -> None:
        self.pages[-1].append(block)
        self.y += height_of(block, self.paper)

    def leads(self, block: Block) -> bool:
        """Whether a block announces the next one and may not stand alone at the foot of a page."""
        match block:
            case Heading():
                return True
            case Paragraph():
                return bool(LEADS_IN.search(block.text)) and _count(self.lines_of(block)) <= LEAD_LINES
        return False

    def broken(self, block: Block) -> Block:
        """The block with its lines broken; a table breaks its own."""
        paper, wrap = self.paper, self.wrap
        match block:
            case Title():
                return Title(tuple(line for text in block.lines for line in wrap(text, paper.title, paper.width)))
            case Heading():
                return replace(block, text="\n".join(wrap(block.text, paper.heading, paper.width)))
            case Paragraph():
                indent = INDENT if block.indent else 0.0
                return replace(block, text="\n".join(wrap(block.text, paper.paragraph, paper.width, indent)))
            case Signatures():
                width = paper.signature_width(max(1, len(block.roles)))
                return Signatures(tuple("\n".join(wrap(role, paper.cell, width)) for role in block.roles))
        return block

    def lines_of(self, paragraph: Paragraph) -> str:
        return "\n".join(self.wrap(paragraph.text.strip("\n"), self.paper.paragraph, self.paper.width, INDENT))

    def place(self, lead: Sequence[Block], block: Block) -> None:
        """A block with those before it that must stay with its beginning, where a page can hold them."""
        flow = TableFlow(block, self.paper, self.wrap) if isinstance(block, Table) else None
        whole = self.broken(block)
        least = flow.least_height() if flow else self.least_height(whole)
        waiting = [self.broken(one) for one in lead]
        heights = [height_of(one, self.paper) for one in waiting]
        while waiting and sum(heights) + least > self.paper.height:
            self.put(waiting.pop(0))
            heights.pop(0)
        self.need(sum(heights) + least)
        fresh = not self.y
        for one in waiting:
            self.add(one)
        if flow:
            self.table(flow, fresh)
        else:
            self.put(whole)

    def least_height(self, block: Block) -> float:
        """What a planned block needs on the page on which it begins."""
        if isinstance(block, Paragraph) and _count(block.text) >= 2 * MIN_LINES:
            return MIN_LINES * self.paper.paragraph.line
        return height_of(block, self.paper)

    def put(self, block: Block) -> None:
        """A planned block other than a table, on the page where it fits; a paragraph flows from page to page."""
        if not isinstance(block, Paragraph):
            self.need(height_of(block, self.paper))
            self.add(block)
            return
        lines = block.text.split("\n")
        while lines:
            room = int((self.paper.height - self.y) // self.paper.paragraph.line)
            taken = len(lines) if len(lines) <= room else min(room, len(lines) - MIN_LINES)
            if self.y and taken < min(MIN_LINES, len(lines)):
                self.new_page()
                continue
            taken = max(1, taken)
            # The rest of a paragraph is not indented again.
            self.add(replace(block, text="\n".join(lines[:taken])))
            lines, block = lines[taken:], replace(block, indent=False)

    def table(self, flow: TableFlow, fresh: bool) -> None:
        """The parts of a table. `fresh`: nothing but its own headings stands above it."""
        last_page = 0
        for part in flow.parts(self.y, floor=self.y if fresh else 0.0):
            for _ in range(part.page - last_page):
                self.new_page()
            self.pages[-1].append(part.table)
            last_page, self.y = part.page, part.bottom
