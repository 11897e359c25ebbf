"""WeasyPrint made faster where it does the same thing again and again; this module can be removed.

The planner has broken the lines, so a block of text needs neither a box a line nor a second look at where it breaks:
its lines stand below one another in one box, each recorded once (lines.py). And the rules for elements that no
report has are left out of the built-in style sheet. Everything else is WeasyPrint's, whose stock way is the measure:
a test compares pages of both, pixel for pixel. It wraps functions that are not public, so it acts on tested versions
only; with another one everything runs stock and the log says so.
"""

import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, wraps
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint
from weasyprint import draw
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.block import collapse_margin
from weasyprint.layout.percent import resolve_one_percentage
from weasyprint.text.line_break import strut

from reports.renderers.pdf import text_layer
from reports.renderers.pdf.lines import Recorder, Unrecordable

BREAKS = ("\t", "\f", "\r", "\x85", "\u2028", "\u2029")  # that WeasyPrint sees to itself
SAME = 1e-6  # pixels
LEVEL = 6  # of compression; the library's is 9

logger = logging.getLogger(__name__)

# The built-in rules that bear on the elements of a report (html.py) and on page numbers.
_RULES = """
html { color-scheme: light }
head, title, style, meta { display: none }
html, body, article, section, div, h1, h2, h3, p { display: block }
table { display: table; box-sizing: border-box; text-indent: initial }
colgroup { display: table-column-group } col { display: table-column }
thead { display: table-header-group } tbody { display: table-row-group }
tr { display: table-row } td, th { display: table-cell }
thead, tbody { vertical-align: middle } tr, td, th { vertical-align: inherit }
table, td, th { border-color: gray } thead, tbody, tr { border-color: inherit }
th, b, strong { font-weight: bold }
img { overflow: hidden }
h1 { bookmark-level: 1 } h2 { bookmark-level: 2 } h3 { bookmark-level: 3 }
h1, h2, h3 { bookmark-label: content(text); hyphens: manual; break-after: avoid; break-inside: avoid }
@page { @top-center { text-align: center; vertical-align: middle } }
@page { @bottom-center { text-align: center; vertical-align: middle } }
"""

_NONE = {f"{name}_{side}": 0 for name in ("margin", "padding") for side in ("left", "right", "top", "bottom")} | {
    f"border_{side}_width": 0 for side in ("left", "right", "top", "bottom")
}


def tested() -> bool:
    """Whether this WeasyPrint is one that the patches were tested with; says so in the log when not."""
    if weasyprint.__version__ in text_layer.TESTED_VERSIONS:
        return True
    logger.warning("patches not tested with WeasyPrint %s: stock way", weasyprint.__version__)
    return False


class ReportHTML(weasyprint.HTML):
    """A page of HTML under the built-in rules that a report needs."""

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [_rules()]


@cache
def _rules() -> Any:
    return weasyprint.CSS(string=_RULES)


@contextmanager
def merged_lines(recorder: Recorder) -> Iterator[None]:
    """Inside, blocks of broken lines are laid out and drawn at once. Not for several threads at once."""
    stock_layout, stock_draw = block._linebox_layout, draw.draw_text

    @wraps(stock_layout)
    def layout(*given: Any) -> Any:
        context, box, index, child, new_children = given[:5]
        margins, bottom_space, y = given[8:11]
        skip_stack, first_letter, first_line, _, max_lines = given[11:]
        unusual = skip_stack or first_letter or first_line or max_lines or context.footnotes or context.excluded_shapes
        if not unusual and _is_broken_text(child, box):
            text = _set(recorder, child, box, y + collapse_margin(margins) if margins else y)
            if text is not None:
                bottom = text.position_y + text.height
                limit = bottom + box.border_bottom_width + box.padding_bottom
                if not context.overflows_page(bottom_space, limit):
                    new_children.append(_line_box(child, text))
                    return False, False, {index: None}, bottom, [], None
        return stock_layout(*given)

    def draw_text(stream: Any, textbox: Any, offset_x: float, text_overflow: str, ellipsis: Any) -> None:
        if text_overflow != "clip" or ellipsis != "none" or textbox.justification_spacing:
            raise Unrecordable("cut or justified lines")
        lines = getattr(textbox, "lines", None)
        if lines is None:
            lines = [(0.0, textbox.baseline, recorder.line(textbox.text, textbox.style))]
        stream.set_color(textbox.style["color"])
        stream.begin_text()
        for x, y, line in lines:
            stream.set_text_matrix(1, 0, 0, -1, textbox.position_x + x, textbox.position_y + y)
            stream.stream.append(line)
        stream.end_text()

    block._linebox_layout, draw.draw_text = layout, draw_text
    try:
        yield
    finally:
        block._linebox_layout, draw.draw_text = stock_layout, stock_draw


@contextmanager
def quick_compression() -> Iterator[None]:
    """Inside, a file is compressed in half the time and a hundredth larger."""
    stock = pydyf.zlib
    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(LEVEL), compress=zlib.compress)
    try:
        yield
    finally:
        pydyf.zlib = stock


def _is_broken_text(child: Any, box: Any) -> bool:
    """Whether a line box holds nothing but one text, whose lines are as they shall be."""
    if len(child.children) != 1 or type(child.children[0]) is not boxes.TextBox:
        return False
    text, style = child.children[0], box.style
    return (
        text.style["white_space"] == "pre"
        and text.style["vertical_align"] == "baseline"
        and style["text_align_all"] in ("start", "left", "center", "right", "end")
        and style["text_align_last"] in ("auto", style["text_align_all"])
        and not text.justification_spacing
        and not any(mark in text.text for mark in BREAKS)
    )


def _set(recorder: Recorder, child: Any, box: Any, top: float) -> Any:
    """The text box of all lines, or None where a line is unlike the others: blank, or of another height."""
    source = child.children[0]
    line_height, strut_baseline = strut(source.style)
    if strut(box.style) != (line_height, strut_baseline):
        return None
    resolve_one_percentage(child, "text_indent", box.width)
    align = box.style["text_align_all"]
    indent = child.text_indent
    if indent and align not in ("start", "left"):
        return None
    lines, widest, y = [], 0.0, 0.0
    for words in source.text.split("\n"):
        if not words.strip():
            return None
        line = recorder.line(words, source.style)
        baseline = line.baseline + (line_height - line.height) / 2
        if abs(baseline - strut_baseline) > SAME:
            return None
        room = max(0.0, box.width - line.width)
        x = room / 2 if align == "center" else room if align in ("right", "end") else indent
        lines.append((x, y + baseline, line))
        widest, y, indent = max(widest, line.width), y + line_height, 0
    text = source.copy()
    place = {"position_x": box.content_box_x(), "position_y": top, "width": widest, "height": y}
    text.__dict__.update(_NONE, **place, baseline=lines[0][1], lines=lines)
    return text


def _line_box(child: Any, text: Any) -> Any:
    line = child.copy_with_children([text])
    place = {"position_x": text.position_x, "position_y": text.position_y, "width": text.width, "height": text.height}
    line.__dict__.update(_NONE, **place, baseline=text.baseline, resume_at=None)
    return line
