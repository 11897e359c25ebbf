"""The styles of a Word report: one a kind of text, so that a change of a style changes every such text."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reports.renderers.docx.xml import element, fonts, twips
from reports.renderers.paper import EMBLEM_BELOW, INDENT, PX_PER_PT, SIGNATURE_LINE, Paper, Type

FONT = "Laksaman"
SIGNATURE_SPACE = SIGNATURE_LINE - 1  # lines of height
WORDS_OWN = ("Normal", "Body Text", "Title", "heading 2", "heading 3", "header", "Signature")
_END = Type(size=4 * PX_PER_PT, line=0)  # of the paragraph that Word needs after a table


def styles(paper: Paper, language: str) -> Iterator[Any]:
    """The styles, and no more than are used."""
    yield _defaults(paper, language)
    yield _style("Normal", "Normal", paper.paragraph)
    yield _table_defaults()
    yield _style("BodyText", "Body Text", paper.paragraph, indent=INDENT)
    yield _style("Title", "Title", paper.title, align="center", level=1)
    yield _style("Heading2", "heading 2", paper.heading, level=2)
    yield _style("Heading3", "heading 3", paper.heading, level=3)
    yield _style("Header", "header", paper.cell, align="center")
    yield _style("TableHeading", "Table Heading", paper.running, align="center")
    yield _style("TableHeader", "Table Header", paper.header, align="center")
    yield _style("TableText", "Table Text", paper.cell)
    yield _style("TableEnd", "Table End", _END)
    # Room above each line to write in.
    yield _style("Signature", "Signature", replace(paper.cell, above=SIGNATURE_SPACE * paper.cell.line), align="center")
    yield _style("Emblem", "Emblem", replace(paper.cell, below=EMBLEM_BELOW), align="center")


def _defaults(paper: Paper, language: str) -> Any:
    """One font for all; lines are single, so that no mark above a vowel is ever cut off."""
    look = element("rPr", fonts(FONT), *_size(paper.paragraph), element("lang", val=language, bidi=language))
    single = element("spacing", before=0, after=0, line=240, lineRule="auto")
    flow = element("pPr", element("widowControl"), single)
    return element("docDefaults", element("rPrDefault", look), element("pPrDefault", flow))


def _style(style: str, name: str, kind: Type, *, align: str = "", indent: float = 0, level: int = 0) -> Any:
    """A paragraph style; `level` is that of a heading in the outline, 0 of text. Elements in the schema's order."""
    flow = element("pPr", *([element("keepNext")] if level else []))
    flow.append(element("spacing", before=twips(kind.above), after=twips(kind.below)))
    if indent:
        flow.append(element("ind", firstLine=twips(indent)))
    if align:
        flow.append(element("jc", val=align))
    if level:
        flow.append(element("outlineLvl", val=level - 1))
    weight = [element("b"), element("bCs")] if kind.bold else []
    default = style == "Normal"
    return element(
        "style",
        element("name", val=name),
        *([] if default else [element("basedOn", val="Normal")]),
        element("qFormat"),
        flow,
        element("rPr", *weight, *_size(kind)),
        type="paragraph",
        styleId=style,
        default=int(default),
        customStyle=int(name not in WORDS_OWN),
    )


def _table_defaults() -> Any:
    """Word's own default table style; without it Word adds one with margins of its own."""
    return element(
        "style",
        element("name", val="Normal Table"),
        element("tblPr", element("tblInd", w=0, type="dxa")),
        type="table",
        default=1,
        styleId="TableNormal",
    )


def _size(kind: Type) -> tuple[Any, Any]:
    """The size in half points, for Latin letters and for complex script: Thai."""
    half_points = round(kind.size / PX_PER_PT * 2)
    return element("sz", val=half_points), element("szCs", val=half_points)
