"""Thai that can be copied and searched: every grapheme of a PDF becomes one glyph that knows its whole text.

WeasyPrint writes one text per glyph, but Thai has no such thing: ำ is drawn as two glyphs, ผู้ in another order than
it is spelled, and marks have no width, so that readers lose or move them. Here the glyphs of a grapheme are replaced,
just before WeasyPrint draws a line, by one composite glyph of the same looks, whose entry in the ToUnicode table is
the text of the grapheme; the composites are added to the font when WeasyPrint has subset it.

It leans on two functions of WeasyPrint that are not public, so it acts on tested versions only; with another version
the stock text layer is written and the log says so. A test demands that the stock layer is still wrong: when it is
not, this module can go.
"""

import io
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import weasyprint
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from weasyprint.draw import text as drawing
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

TESTED_VERSIONS = frozenset({"70.0"})
SARA_AM = ("\u0e33", "\u0eb3")  # Thai and Lao: a mark above and a vowel behind, spelled as one letter

logger = logging.getLogger(__name__)

# Of each glyph of a grapheme its id and its place in font units, relative to the first.
Components = tuple[tuple[int, int, int], ...]


@dataclass
class Face:
    """The composites of one font file: their codes, counted up from the font's own glyphs, and advances (1/1000 em)."""

    first_code: int
    codes: dict[tuple[Components, str], int] = field(default_factory=dict)
    advances: dict[int, int] = field(default_factory=dict)
    plain: set[tuple[int, bytes]] = field(default_factory=set)  # glyphs whose own entry is right

    def code(self, components: Components, text: str, advance: int) -> int:
        code = self.codes.setdefault((components, text), self.first_code + len(self.codes))
        self.advances.setdefault(code, advance)
        return code


@contextmanager
def composite_glyphs(faces: dict[str, Face] | None = None, version: str = "") -> Iterator[None]:
    """Inside, WeasyPrint writes the better text layer. Not for several threads at once.

    `faces`: composites that are in use already, by the hash of their font. `version`: of WeasyPrint, where not the
    installed one is meant.
    """
    version = version or weasyprint.__version__
    if version not in TESTED_VERSIONS:
        logger.warning("text layer not tested with WeasyPrint %s: stock layer written", version)
        yield
        return
    faces = {} if faces is None else faces
    draw_first_line, clean = drawing.draw_first_line, Font.clean

    def draw(stream: Any, textbox: Any, *args: Any, **kwargs: Any) -> Any:
        layout = textbox.pango_layout
        get_first_line = layout.get_first_line

        def merged_first_line() -> Any:
            line, index = get_first_line()
            merge_line(stream, layout.text, line, faces)
            return line, index

        layout.get_first_line = merged_first_line
        try:
            return draw_first_line(stream, textbox, *args, **kwargs)
        finally:
            del layout.get_first_line

    def clean_with_composites(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        face = faces.get(font.hash)
        if face is None or not face.codes or not to_unicode:
            clean(font, to_unicode, hinting)
            return
        kept = {glyph: text for glyph, text in to_unicode.items() if glyph < face.first_code}
        for components, _ in face.codes:
            for glyph, _, _ in components:
                kept.setdefault(glyph, "")
        clean(font, kept, hinting)
        font.file_content = _with_composites(font, face)

    drawing.draw_first_line, Font.clean = draw, clean_with_composites
    try:
        yield
    finally:
        drawing.draw_first_line, Font.clean = draw_first_line, clean


def merge_line(stream: Any, text: str, line: Any, faces: dict[str, Face]) -> None:
    """Make one glyph of each grapheme of a line that Pango has laid out, in place."""
    data = text.encode()
    node = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while node != ffi.NULL:
        run, node = node.data, node.next
        font, font_size = stream.add_font(run.item.analysis.font)
        if run.item.analysis.level % 2 == 0 and _usable(font):
            face = faces.setdefault(font.hash, Face(font.glyph_count))
            _merge_run(run, font, font_size, face, data[run.item.offset : run.item.offset + run.item.length])


def _usable(font: Any) -> bool:
    """Whether the font can take composites: plain TrueType outlines and no missing glyph."""
    pictures = font.bitmap or font.png or font.svg or font.colr
    return not pictures and "glyf" in font.tables and "fvar" not in font.tables and not font.missing


def _merge_run(run: Any, font: Any, font_size: float, face: Face, data: bytes) -> None:
    """Make one glyph of each grapheme of a run, in place; glyphs that spell their text stay as they are."""
    string = run.glyphs
    glyphs, clusters, count = string.glyphs, string.log_clusters, string.num_glyphs
    starts = [*ffi.unpack(clusters, count), len(data)]
    ids = [glyphs[number].glyph for number in range(count)]
    write = 0
    for first, end in _graphemes(starts, count, data):
        spelled = data[starts[first] : starts[end]]
        if end - first == 1 and (ids[first], spelled) in face.plain and ids[first] in font.to_unicode:
            keep = True
        else:
            keep = _is_plain(ids[first:end], spelled, font, face)
        if keep:
            for number in range(first, end):
                if write != number:
                    glyphs[write], clusters[write] = glyphs[number], clusters[number]
                write += 1
            continue
        components, width = _components(glyphs, ids, first, end, font.upem * FROM_UNITS / font_size)
        advance = round(width * 1000 * FROM_UNITS / font_size)
        code = face.code(components, text := spelled.decode(), advance)
        font.to_unicode[code], font.widths[code] = text, face.advances[code]
        if write != first:
            glyphs[write], clusters[write] = glyphs[first], clusters[first]
        glyphs[write].glyph, glyphs[write].geometry.width = code, width
        write += 1
    string.num_glyphs = write


def _graphemes(starts: list[int], count: int, data: bytes) -> Iterator[tuple[int, int]]:
    """Ranges of glyphs: a cluster with those after it that begin with a mark (Pango keeps Thai marks apart)."""
    first = 0
    while first < count:
        end = first + 1
        while end < count and (starts[end] == starts[end - 1] or _joins(data[starts[end] : starts[end] + 4])):
            end += 1
        yield first, end
        first = end


@cache
def _joins(data: bytes) -> bool:
    """Whether the first character of these bytes belongs to the letter before."""
    letter = data.decode(errors="ignore")[:1]
    return bool(letter) and (letter in SARA_AM or unicodedata.category(letter) in ("Mn", "Mc", "Me"))


def _is_plain(ids: list[int], spelled: bytes, font: Any, face: Face) -> bool:
    """Whether the glyphs are left to WeasyPrint: special ones, and a single one whose entry is this text."""
    if any(glyph == pango.PANGO_GLYPH_EMPTY or glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG for glyph in ids):
        return True
    if len(ids) > 1 or font.to_unicode.setdefault(ids[0], text := spelled.decode()) != text:
        return False
    face.plain.add((ids[0], spelled))
    return True


def _components(glyphs: Any, ids: list[int], first: int, end: int, scale: float) -> tuple[Components, int]:
    """Where each glyph of the range stands, in font units, and the width of all in Pango units."""
    origin = glyphs[first].geometry
    pen, components = 0, []
    for number in range(first, end):
        geometry = glyphs[number].geometry
        x = (pen + geometry.x_offset - origin.x_offset) * scale
        y = (origin.y_offset - geometry.y_offset) * scale
        components.append((ids[number], round(x), round(y)))
        pen += geometry.width
    return tuple(components), pen


def _with_composites(font: Any, face: Face) -> bytes:
    """The subset font with the composites behind its glyphs; glyph ids stay, code equals glyph id."""
    file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, recalcBBoxes=False, recalcTimestamp=False)
    glyf, metrics, head, order = file["glyf"], file["hmtx"], file["head"], list(file.getGlyphOrder())
    for number in range(len(order), face.first_code):
        order.append(f"unused{number}")
        glyf.glyphs[order[number]], metrics[order[number]] = Glyph(), (0, 0)
    for (components, _), code in face.codes.items():
        glyph = Glyph()
        glyph.numberOfContours = -1
        glyph.components = [_component(order[part], x, y) for part, x, y in components]
        order.append(f"composite{code}")
        glyf.glyphs[order[code]] = glyph
        metrics[order[code]] = (round(face.advances[code] * font.upem / 1000), 0)
    file.setGlyphOrder(order)
    glyf.setGlyphOrder(order)
    for code in face.codes.values():
        glyf.glyphs[order[code]].recalcBounds(glyf)
        metrics[order[code]] = (metrics[order[code]][0], getattr(glyf.glyphs[order[code]], "xMin", 0))
    # The bounding box of the whole font stays: readers derive the placing of glyphs from it.
    box = head.xMin, head.yMin, head.xMax, head.yMax
    file["maxp"].recalc(file)
    head.xMin, head.yMin, head.xMax, head.yMax = box
    if "post" in file:
        file["post"].formatType = 3.0  # without glyph names
    output = io.BytesIO()
    file.save(output, reorderTables=False)
    return output.getvalue()


def _component(name: str, x: int, y: int) -> GlyphComponent:
    component = GlyphComponent()
    component.glyphName, component.x, component.y, component.flags = name, x, y, 0
    return component
