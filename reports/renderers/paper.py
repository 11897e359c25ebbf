"""The measures of the printed page in CSS pixels, and the style sheet that follows from them: one source for both."""

from dataclasses import dataclass

from reports.document import Page

PX_PER_PT = 96 / 72
PX_PER_MM = 96 / 25.4
BORDER = 1.0  # pixels; borders of neighbours are one
PAD_X, PAD_TOP, PAD_BOTTOM = 5.0, 2.0, 3.0  # pixels inside a cell
INDENT = 48.0  # pixels before a paragraph's first line
EMBLEM_BELOW = 6.0  # pixels between the emblem and what follows
SIGNATURE_ABOVE, SIGNATURE_LINE = 1.5, 1.7  # lines of height above the places to sign, and of each of their lines
FAMILIES = ("Laksaman", "Report Boxes")
FONT_FAMILY = ", ".join(f'"{family}"' for family in FAMILIES)


@dataclass(frozen=True)
class Type:
    """How lines of one kind are set: sizes, and the space above and below, in pixels."""

    size: float
    line: float
    bold: bool = False
    above: float = 0.0
    below: float = 0.0


@dataclass(frozen=True)
class Paper:
    """The printed area in pixels and the kinds of lines on it."""

    width: float
    height: float
    title: Type
    heading: Type
    paragraph: Type
    running: Type
    header: Type
    cell: Type
    gap: float  # around a table

    def signature_width(self, places: int) -> float:
        """Of one of some places to sign."""
        return self.width / places

    def signature_height(self, lines: int) -> float:
        """Of places to sign whose longest has so many lines."""
        return (SIGNATURE_ABOVE + SIGNATURE_LINE * lines) * self.cell.line


def emblem_height(millimetres: int) -> int:
    """Whole pixels."""
    return round(millimetres * PX_PER_MM)


def paper_for(page: Page) -> Paper:
    """The measures for `page`: everything follows from the paper and the size of the cells' type."""
    width, height = page.size
    margins = page.margins
    size = page.font_size * PX_PER_PT

    def type_(points: float, bold: bool = False, above: float = 0, below: float = 0) -> Type:
        letters = size + points * PX_PER_PT
        return Type(letters, round(letters * 1.3), bold, above, below)

    return Paper(
        width=(width - margins.left - margins.right) * PX_PER_MM,
        # One pixel less than there is: sums of fractions must not push a last line over the edge.
        height=(height - margins.top - margins.bottom) * PX_PER_MM - 1,
        title=type_(2, bold=True, below=10),
        heading=type_(1, bold=True, above=8),
        paragraph=type_(1, below=4),
        running=type_(1, bold=True, below=6),
        header=type_(0, bold=True),
        cell=type_(0),
        gap=6,
    )


def style_sheet(page: Page) -> str:
    """CSS for pages whose lines are already broken: no margin, height or width is left to the engine."""
    paper = paper_for(page)
    (width, height), white = page.size, page.margins
    rules = [
        f"@page {{ size: {width}mm {height}mm; margin: {white.top}mm {white.right}mm {white.bottom}mm {white.left}mm;"
        f" @top-center {{ {_font(paper.cell)} vertical-align: middle; content: {_page_number(page)} }} }}",
        f"body {{ margin: 0; {_font(paper.cell)} color: #000 }}",
        "section { break-after: page } section:last-child { break-after: auto }",
        "h1, h2, h3, p, th, td { margin: 0; orphans: 1; widows: 1; white-space: pre; }",
        f"h1 {{ {_font(paper.title)} text-align: center; padding-bottom: {paper.title.below}px }}",
        f"h2, h3 {{ {_font(paper.heading)} padding-top: {paper.heading.above}px }}",
        f"section > p {{ {_font(paper.paragraph)} margin-bottom: {paper.paragraph.below}px; text-indent: {INDENT}px }}",
        "section > .rest { text-indent: 0 }",
        f"table {{ width: {paper.width}px; border-collapse: collapse; table-layout: fixed }}",
        f"table {{ padding: 0; margin: {paper.gap}px 0 }}",
        f"th, td {{ border: {BORDER}px solid #000; padding: {PAD_TOP}px {PAD_X}px {PAD_BOTTOM}px;"
        " vertical-align: top; text-align: left }",
        f"th {{ {_font(paper.header)} vertical-align: middle; text-align: center; background: #ededed }}",
        f".running th {{ {_font(paper.running)} border: 0; background: none; padding: 0 0 {paper.running.below}px }}",
        ".center { text-align: center } .right { text-align: right }",
        f".emblem {{ text-align: center; line-height: 0; padding-bottom: {EMBLEM_BELOW}px }}",
        f".signatures {{ {_font(paper.cell)} padding-top: {SIGNATURE_ABOVE * paper.cell.line}px; line-height: 0 }}",
        ".signatures > p { display: inline-block; vertical-align: top; text-align: center;"
        f" line-height: {SIGNATURE_LINE * paper.cell.line}px }}",
        *(f".of-{count} > p {{ width: {paper.signature_width(count):.4f}px }}" for count in range(1, 5)),
        "tr[data-bookmark] { bookmark-level: 4; bookmark-label: attr(data-bookmark) }",
    ]
    if page.number_from > 1:
        hidden = ", ".join(f"@page :nth({number})" for number in range(1, page.number_from))
        rules.append(f"{hidden} {{ @top-center {{ content: none }} }}".replace(", @page", ","))
    return "\n".join(rules)


def _font(kind: Type) -> str:
    weight = 700 if kind.bold else 400
    return f"font: {weight} {kind.size:.4f}px/{kind.line}px {FONT_FAMILY};"


def _page_number(page: Page) -> str:
    """The CSS content of the page number; "none" where the form has none."""
    if not page.number_format:
        return "none"
    before, after = (part.replace("\\", "\\\\").replace('"', '\\"') for part in page.number_format.split("{page}"))
    counter = "counter(page, thai)" if page.thai_digits else "counter(page)"
    return f'"{before}" {counter} "{after}"'
